// Strings of JSON: finding their end, checking what is skipped, undoing escapes.
#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/json_reader.h"
#include "base/text.h"

namespace sentinel::base {
namespace {

// What a run of string bytes ended at, and whether it held bytes above 0x7F.
struct StringRun {
  const char* stop;  // at '"', '\\', a control byte, or the end
  bool ascii;
};

StringRun scan_string(const char* at, const char* end) {
  unsigned high = 0;
  while (end - at >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    const auto stops = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, slash), control)));
    const auto sign = static_cast<unsigned>(_mm_movemask_epi8(bytes));
    if (stops != 0) {
      const int n = std::countr_zero(stops);
      high |= sign & ((1U << n) - 1);
      return {at + n, high == 0};
    }
    high |= sign;
    at += 16;
  }
  for (; at < end; ++at) {
    const auto c = static_cast<unsigned char>(*at);
    if (c == '"' || c == '\\' || c < 0x20) break;
    high |= c & 0x80;
  }
  return {at, high == 0};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The four digits after "\u", or -1.
int hex4(const char* at, const char* end) {
  if (end - at < 4) return -1;
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_digit(at[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

// The text ends within a "\\uXXXX".
bool is_cut_unit(std::string_view rest) {
  constexpr std::string_view kBegin = "\\u";
  return rest.size() < 6 && rest.substr(0, 2) == kBegin.substr(0, rest.size()) &&
         std::ranges::all_of(rest.substr(std::min(rest.size(), kBegin.size())), [](char c) { return hex_digit(c) >= 0; });
}

char* put_utf8(char* to, unsigned code) {
  if (code < 0x80) {
    *to++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *to++ = static_cast<char>(0xC0 | (code >> 6));
    *to++ = static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *to++ = static_cast<char>(0xE0 | (code >> 12));
    *to++ = static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *to++ = static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *to++ = static_cast<char>(0xF0 | (code >> 18));
    *to++ = static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    *to++ = static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *to++ = static_cast<char>(0x80 | (code & 0x3F));
  }
  return to;
}

// The character of a one-letter escape, or '\0'.
char simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

}  // namespace

bool JsonReader::read_quoted(const char* from, std::string_view* out) {
  const StringRun run = scan_string(from, end_);
  if (run.stop >= end_) {
    at_ = end_;
    return unexpected("");
  }
  if (*run.stop == '"') [[likely]] {
    *out = {from, static_cast<std::size_t>(run.stop - from)};
    if (!run.ascii && !is_valid_utf8(*out)) {
      fail_at(static_cast<std::size_t>(from - begin_), JsonFault::kSyntax, "string is not valid UTF-8");
      return false;
    }
    at_ = run.stop + 1;
    return true;
  }
  return decode_escapes(from, out);
}

// The slow way for a string that holds a backslash (or an error): finds its end, then decodes into the arena.
bool JsonReader::decode_escapes(const char* from, std::string_view* out) {
  const char* quote = from;
  while (quote < end_) {
    quote = scan_string(quote, end_).stop;
    if (quote >= end_ || *quote == '"') break;
    quote += *quote == '\\' ? 2 : 1;
  }
  const std::size_t room = static_cast<std::size_t>(std::min(quote, end_) - from);
  char* const start = scratch_.allocate(room + 4);
  char* to = start;
  const char* at = from;
  while (true) {
    const StringRun run = scan_string(at, end_);
    const auto n = static_cast<std::size_t>(run.stop - at);
    std::memcpy(to, at, n);
    to += n;
    at = run.stop;
    if (at >= end_) {
      at_ = end_;
      return unexpected("");
    }
    if (*at == '"') break;
    const auto where = static_cast<std::size_t>(at - begin_);
    if (*at != '\\') {
      fail_at(where, JsonFault::kSyntax, "control character in a string");
      return false;
    }
    if (at + 1 >= end_) {
      at_ = end_;
      return unexpected("");
    }
    if (at[1] != 'u') {
      const char c = simple_escape(at[1]);
      if (c == '\0') {
        fail_at(where, JsonFault::kSyntax, "invalid escape in a string");
        return false;
      }
      *to++ = c;
      at += 2;
      continue;
    }
    const int unit = hex4(at + 2, end_);
    if (unit < 0) {
      if (end_ - at < 6 && quote >= end_) {
        at_ = end_;
        return unexpected("");
      }
      fail_at(where, JsonFault::kSyntax, "invalid \\u escape in a string");
      return false;
    }
    at += 6;
    unsigned code = static_cast<unsigned>(unit);
    if (code >= 0xD800 && code < 0xE000) {
      const int low = code < 0xDC00 && end_ - at >= 6 && at[0] == '\\' && at[1] == 'u' ? hex4(at + 2, end_) : -1;
      if (low < 0xDC00 || low > 0xDFFF) {
        if (code < 0xDC00 && is_cut_unit({at, static_cast<std::size_t>(end_ - at)})) {
          at_ = end_;
          return unexpected("");
        }
        fail_at(where, JsonFault::kSyntax, "lone surrogate escape in a string");
        return false;
      }
      code = 0x10000 + ((code - 0xD800) << 10) + (static_cast<unsigned>(low) - 0xDC00);
      at += 6;
    }
    to = put_utf8(to, code);
  }
  at_ = at + 1;
  *out = {start, static_cast<std::size_t>(to - start)};
  if (!is_valid_utf8(*out)) {
    fail_at(static_cast<std::size_t>(from - begin_), JsonFault::kSyntax, "string is not valid UTF-8");
    return false;
  }
  return true;
}

bool JsonReader::skip_quoted() {
  const char* at = at_ + 1;
  while (true) {
    at = scan_string(at, end_).stop;
    if (at >= end_) break;
    if (*at == '"') {
      at_ = at + 1;
      return true;
    }
    const auto where = static_cast<std::size_t>(at - begin_);
    if (*at != '\\') {
      fail_at(where, JsonFault::kSyntax, "control character in a string");
      return false;
    }
    if (at + 1 >= end_) break;
    if (at[1] == 'u') {
      if (end_ - at < 6) {
        if (std::find(at + 2, end_, '"') == end_) break;
      }
      if (hex4(at + 2, end_) < 0) {
        fail_at(where, JsonFault::kSyntax, "invalid \\u escape in a string");
        return false;
      }
      at += 6;
    } else if (simple_escape(at[1]) == '\0') {
      fail_at(where, JsonFault::kSyntax, "invalid escape in a string");
      return false;
    } else {
      at += 2;
    }
  }
  at_ = end_;
  return unexpected("");
}

}  // namespace sentinel::base
