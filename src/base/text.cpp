#include "base/text.h"

#include <cstdint>

#include "base/text_scan.h"

namespace sentinel::base {
namespace {

constexpr unsigned char byte(char c) { return static_cast<unsigned char>(c); }
constexpr bool is_continuation(char c) { return (byte(c) & 0xC0) == 0x80; }

// Length of the well-formed multi-byte character at `at` (Unicode table 3-7), 0 when it is not one.
std::size_t multibyte_length(std::string_view text, std::size_t at) {
  const std::size_t left = text.size() - at;
  const unsigned char lead = byte(text[at]);
  if (left < 2) return 0;
  const unsigned char second = byte(text[at + 1]);
  if (lead >= 0xC2 && lead <= 0xDF) return is_continuation(text[at + 1]) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned char low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : 0xBF;
    return left >= 3 && second >= low && second <= high && is_continuation(text[at + 2]) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned char low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xF4 ? 0x8F : 0xBF;
    return left >= 4 && second >= low && second <= high && is_continuation(text[at + 2]) && is_continuation(text[at + 3]) ? 4
                                                                                                                          : 0;
  }
  return 0;
}

// The character at `at`; a byte that belongs to none counts as one of its own, outside every class below.
Utf8Character character_at(std::string_view text, std::size_t at) {
  const unsigned char lead = byte(text[at]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = multibyte_length(text, at);
  if (length == 0) return {0xFFFFFFFF, 1};
  std::uint32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(text[at + i]) & 0x3Fu);
  return {code, length};
}

constexpr bool is_unicode_space(std::uint32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0D);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

constexpr bool is_control(std::uint32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

std::string filter(std::string_view text, bool replace_controls) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Character c = character_at(text, at);
    if (replace_controls && is_control(c.code)) {
      out += '?';
    } else if (!is_invisible(c.code)) {
      out.append(text.substr(at, c.length));
    }
    at += c.length;
  }
  return out;
}

}  // namespace

bool is_invisible(std::uint32_t c) {
  return c == 0xAD || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2064) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

Utf8Character first_character(std::string_view text) { return character_at(text, 0); }

bool is_printable_ascii(std::string_view text) { return find_byte<NotPrintable>(text) == text.size(); }

bool is_valid_utf8(std::string_view bytes) {
  std::size_t at = 0;
  for (;;) {
    at = find_byte<NonAscii>(bytes, at);
    if (at == bytes.size()) return true;
    do {
      const std::size_t length = multibyte_length(bytes, at);
      if (length == 0) return false;
      at += length;
    } while (at < bytes.size() && byte(bytes[at]) >= 0x80);
  }
}

std::string_view truncate_utf8(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  while (max > 0 && is_continuation(text[max])) --max;
  return text.substr(0, max);
}

std::string_view trim_left(std::string_view text) {
  while (!text.empty()) {
    const Utf8Character c = character_at(text, 0);
    if (!is_unicode_space(c.code)) break;
    text.remove_prefix(c.length);
  }
  return text;
}

std::string_view trim(std::string_view text) {
  text = trim_left(text);
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && is_continuation(text[start])) --start;
    const Utf8Character c = character_at(text, start);
    if (start + c.length != text.size() || !is_unicode_space(c.code)) break;
    text.remove_suffix(c.length);
  }
  return text;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_lower(c);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

bool contains_ignoring_case(std::string_view text, std::string_view lower_needle) {
  const std::size_t size = lower_needle.size();
  if (size == 0) return true;
  const char first = lower_needle.front();
  const char other_case = is_alpha(first) ? static_cast<char>(first ^ 0x20) : first;
  for (std::size_t at = 0; at + size <= text.size(); ++at) {
    if ((text[at] == first || text[at] == other_case) && equals_ignoring_case(text.substr(at, size), lower_needle)) return true;
  }
  return false;
}

bool has_control(std::string_view text) {
  for (std::size_t at = 0; (at = find_byte<ControlLead>(text, at)) < text.size(); ++at) {
    if (byte(text[at]) != 0xC2) return true;
    if (at + 1 < text.size() && byte(text[at + 1]) <= 0x9F && is_continuation(text[at + 1])) return true;
  }
  return false;
}

std::string for_terminal(std::string_view text) { return is_printable_ascii(text) ? std::string(text) : filter(text, true); }

// No invisible character is ASCII.
std::string strip_invisible(std::string_view text) {
  std::string out;
  append_visible(out, text);
  return out;
}

void append_visible(std::string& out, std::string_view text) {
  if (find_byte<NonAscii>(text) == text.size()) {
    out += text;
  } else {
    out += filter(text, false);
  }
}

bool has_invisible(std::string_view text) {
  for (std::size_t at = find_byte<NonAscii>(text); at < text.size();) {
    const Utf8Character c = character_at(text, at);
    if (is_invisible(c.code)) return true;
    at += c.length;
  }
  return false;
}

bool is_safe_url(std::string_view url) { return url.starts_with("https://") && !has_control(url); }

std::string strip_code_ticks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c != '`') out += c;
  }
  return out;
}

bool is_region_id(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  for (const char c : text) {
    if (!is_alnum(c) && c != '-' && c != '_') return false;
  }
  return true;
}

}  // namespace sentinel::base
