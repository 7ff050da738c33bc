#include "base/json_writer.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/number_format.h"
#include "base/text_scan.h"

namespace sentinel::base {
namespace {

constexpr std::size_t kLongestEscape = 6;

// Writes the escape of a byte; gives its end.
char* write_escape(char* at, unsigned char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  *at++ = '\\';
  if (const std::size_t known = kShort.find(static_cast<char>(c)); known != std::string_view::npos) {
    *at++ = kLetters[known];
    return at;
  }
  for (const char part : {'u', '0', '0', kDigits[c >> 4], kDigits[c & 15]}) *at++ = part;
  return at;
}

// Copies text up to the first byte that a JSON string must escape, and says how many bytes these are. What follows them in
// `to` up to the size of the text is overwritten.
inline std::size_t copy_plain(char* to, std::string_view text) {
  const char* const from = text.data();
  const std::size_t size = text.size();
#if defined(__SSE2__)
  const auto special = [](__m128i block) { return static_cast<unsigned>(_mm_movemask_epi8(JsonSpecial::many(block))); };
  const auto copy_block = [&](std::size_t at) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + at));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + at), block);
    return special(block);
  };
  if (size >= 16) {
    unsigned found = 0;
    std::size_t at = 0;
    while (at + 16 < size && (found = copy_block(at)) == 0) at += 16;
    if (found == 0) found = copy_block(at = size - 16);  // the last block, overlapping
    return found == 0 ? size : at + static_cast<std::size_t>(std::countr_zero(found));
  }
  if (size >= 8) {  // both ends, overlapping
    const __m128i first = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
    const __m128i last = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from + size - 8));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), first);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to + size - 8), last);
    if (special(_mm_unpacklo_epi64(first, last)) == 0) return size;
  } else if (size >= 4) {
    std::uint32_t first = 0, last = 0;
    std::memcpy(&first, from, 4);
    std::memcpy(&last, from + size - 4, 4);
    std::memcpy(to, &first, 4);
    std::memcpy(to + size - 4, &last, 4);
    if (special(_mm_set1_epi64x(static_cast<long long>(std::uint64_t{first} << 32 | last))) == 0) return size;
  }
#endif
  for (std::size_t i = 0; i < size; ++i) {
    if (JsonSpecial::one(static_cast<unsigned char>(from[i]))) return i;
    to[i] = from[i];
  }
  return size;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0;;) {
    const std::size_t next = find_byte<JsonSpecial>(text, at);
    out.append(text, at, next - at);
    if (next == text.size()) break;
    std::array<char, kLongestEscape> escape;
    out.append(escape.data(), write_escape(escape.data(), static_cast<unsigned char>(text[next])));
    at = next + 1;
  }
  out += '"';
}

void JsonWriter::flush() {
  out_->append(buffer_.data(), used_);
  used_ = 0;
}

// Writes it where kShortBreak bytes are free, and gives the end.
inline char* JsonWriter::short_break(char* at) const {
  constexpr char kBreak[kShortBreak + 1] = "\n                                ";
  if (!pretty_) return at;
  std::memcpy(at, kBreak, kShortBreak);
  return at + 1 + 2 * depth_;
}

// A new line that is indented, where there are lines.
void JsonWriter::line_break() {
  if (depth_ <= kShortDepth) return used_up_to(short_break(room(kShortBreak)));
  if (!pretty_) return;
  flush();
  *out_ += '\n';
  out_->append(2 * depth_, ' ');
}

// What stands between the items of a container.
void JsonWriter::separate() {
  if (depth_ == 0) return;
  if (!empty_) put(',');
  empty_ = false;
  line_break();
}

inline void JsonWriter::before_value() {
  if (!after_key_) return separate();
  after_key_ = false;
}

void JsonWriter::open(char bracket) {
  before_value();
  put(bracket);
  ++depth_;
  empty_ = true;
}

void JsonWriter::close(char bracket) {
  --depth_;
  if (!empty_) line_break();
  empty_ = false;
  put(bracket);
  after_value();
}

void JsonWriter::quoted(std::string_view text) {
  put('"');
  for (;;) {
    const std::string_view piece = text.substr(0, kPieceBytes);
    const std::size_t plain = copy_plain(room(kPieceBytes), piece);
    used_ += plain;
    text.remove_prefix(plain);
    if (text.empty()) break;
    if (plain == piece.size()) continue;
    used_up_to(write_escape(room(kLongestEscape), static_cast<unsigned char>(text.front())));
    text.remove_prefix(1);
  }
  put('"');
}

JsonWriter& JsonWriter::begin_object() {
  open('{');
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  close('}');
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  open('[');
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  close(']');
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  constexpr std::size_t kShortName = 32;
  after_key_ = true;
  if (name.size() <= kShortName && depth_ <= kShortDepth) {  // as nearly all are
    char* const begin = room(kShortBreak + kShortName + 5);
    char* at = begin;
    if (!empty_) *at++ = ',';
    at = short_break(at);
    *at++ = '"';
    if (copy_plain(at, name) == name.size()) {
      at += name.size();
      at[0] = '"';
      at[1] = ':';
      at[2] = ' ';
      empty_ = false;
      used_up_to(at + (pretty_ ? 3 : 2));
      return *this;
    }
  }
  separate();
  quoted(name);
  put(':');
  if (pretty_) put(' ');
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  before_value();
  quoted(text);
  after_value();
  return *this;
}

JsonWriter& JsonWriter::number(std::uint64_t value) {
  before_value();
  used_up_to(write_unsigned(room(kLongestNumber), value));
  after_value();
  return *this;
}

JsonWriter& JsonWriter::signed_number(std::int64_t value) {
  before_value();
  used_up_to(write_signed(room(kLongestNumber), value));
  after_value();
  return *this;
}

JsonWriter& JsonWriter::real(double value) {
  before_value();
  used_up_to(write_json_float(room(kLongestNumber), value));
  after_value();
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) { return raw(value ? "true" : "false"); }

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  if (json.size() <= kPieceBytes) {
    char* const at = room(kPieceBytes);
    used_up_to(std::copy(json.begin(), json.end(), at));
  } else {
    flush();
    *out_ += json;
  }
  after_value();
  return *this;
}

JsonWriter& JsonWriter::items_apart(std::string& rest) {
  flush();
  out_ = &rest;
  empty_ = false;
  return *this;
}

}  // namespace sentinel::base
