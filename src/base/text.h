// Text safety and small UTF-8 helpers (chapter 01 §0, §2.3). Lengths are bytes. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sentinel::base {

// -- UTF-8

[[nodiscard]] bool is_valid_utf8(std::string_view bytes);

// The character that `text` begins with, and its length; 0xFFFFFFFF and 1 when the first byte begins none. Not empty.
struct Utf8Character {
  std::uint32_t code = 0;
  std::size_t length = 1;
};
[[nodiscard]] Utf8Character first_character(std::string_view text);

// U+00AD, U+061C, U+180E, U+200B-200F, U+202A-202E, U+2060-2064, U+2066-2069, U+FEFF.
[[nodiscard]] bool is_invisible(std::uint32_t code);

// Cut at the largest character boundary <= max bytes; no ellipsis. `text` must be valid UTF-8.
[[nodiscard]] std::string_view truncate_utf8(std::string_view text, std::size_t max);

// -- white space and case

// Without Unicode white space at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string_view trim_left(std::string_view text);

// Empty after trim().
[[nodiscard]] inline bool is_blank(std::string_view text) {
  // White space is below '!' or beyond ASCII: most texts are decided by their first byte.
  if (!text.empty() && text.front() > ' ') return false;
  return trim(text).empty();
}

// Space, \t, \n, \f, \r.
[[nodiscard]] constexpr bool is_ascii_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }
[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
[[nodiscard]] constexpr bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }
[[nodiscard]] constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);                  // ASCII only
[[nodiscard]] bool contains_ignoring_case(std::string_view text, std::string_view lower_needle);  // ASCII only

// -- control and invisible characters

// Nothing but U+0020-007E: safe and visible as it is.
[[nodiscard]] bool is_printable_ascii(std::string_view text);

// Holds U+0000-001F, U+007F or U+0080-009F.
[[nodiscard]] bool has_control(std::string_view text);

// Invisible characters removed, then each control character replaced by '?': what a terminal may be given.
[[nodiscard]] std::string for_terminal(std::string_view text);

// Only the invisible characters removed.
[[nodiscard]] std::string strip_invisible(std::string_view text);
void append_visible(std::string& out, std::string_view text);  // the same, at the end of `out`

// Holds one of those.
[[nodiscard]] bool has_invisible(std::string_view text);

// Starts with "https://" and holds no control character.
[[nodiscard]] bool is_safe_url(std::string_view url);

// Without backticks.
[[nodiscard]] std::string strip_code_ticks(std::string_view text);

// 1 to 64 bytes of [A-Za-z0-9_-] (chapter 01 §2.4).
[[nodiscard]] bool is_region_id(std::string_view text);

}  // namespace sentinel::base
