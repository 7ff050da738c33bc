// Lower-case hexadecimal digits to numbers and bytes to digits, 16 at a time. Pure functions, any thread.
#pragma once

#include <emmintrin.h>

#include <cstdint>
#include <string_view>

namespace sentinel::base {

namespace hex_detail {

// Values of 16 digits; *valid has a zero byte where the digit is none of [0-9a-f].
inline __m128i digit_values(__m128i text, __m128i* valid) {
  const __m128i digit = _mm_sub_epi8(text, _mm_set1_epi8('0'));
  const __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
  const __m128i letter = _mm_sub_epi8(text, _mm_set1_epi8('a'));
  const __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);
  *valid = _mm_or_si128(is_digit, is_letter);
  return _mm_or_si128(_mm_and_si128(digit, is_digit), _mm_and_si128(_mm_add_epi8(letter, _mm_set1_epi8(10)), is_letter));
}

// The digits of 16 values below 16.
inline __m128i digits_of(__m128i values) {
  const __m128i letter = _mm_cmpgt_epi8(values, _mm_set1_epi8(9));
  return _mm_add_epi8(_mm_add_epi8(values, _mm_set1_epi8('0')), _mm_and_si128(letter, _mm_set1_epi8('a' - '0' - 10)));
}

}  // namespace hex_detail

// The value of exactly 16 lower-case hex digits; false when there is anything else.
inline bool parse_hex16(const char* text, std::uint64_t* value) {
  __m128i valid;
  const __m128i nibbles = hex_detail::digit_values(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text)), &valid);
  if (_mm_movemask_epi8(valid) != 0xFFFF) return false;
  const __m128i pairs = _mm_or_si128(_mm_slli_epi16(nibbles, 4), _mm_srli_epi16(nibbles, 8));
  const __m128i bytes = _mm_packus_epi16(_mm_and_si128(pairs, _mm_set1_epi16(0xFF)), _mm_setzero_si128());
  *value = __builtin_bswap64(static_cast<std::uint64_t>(_mm_cvtsi128_si64(bytes)));
  return true;
}

// True when 16 characters are each one of [0-9a-f].
inline bool are_hex16(const char* text) {
  __m128i valid;
  hex_detail::digit_values(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text)), &valid);
  return _mm_movemask_epi8(valid) == 0xFFFF;
}

inline bool is_lower_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// The same for any number of them.
inline bool is_lower_hex(std::string_view text) {
  for (; text.size() >= 16; text.remove_prefix(16)) {
    if (!are_hex16(text.data())) return false;
  }
  for (const char c : text) {
    if (!is_lower_hex_digit(c)) return false;
  }
  return true;
}

// Writes two digits a byte, 2 * bytes.size() in all.
inline void write_hex(std::string_view bytes, char* to) {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, to += 16, left -= 8) {
    const __m128i word = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at));
    const __m128i low = _mm_and_si128(word, _mm_set1_epi8(15));
    const __m128i high = _mm_and_si128(_mm_srli_epi16(word, 4), _mm_set1_epi8(15));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), hex_detail::digits_of(_mm_unpacklo_epi8(high, low)));
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (; left > 0; ++at, to += 2, --left) {
    const auto byte = static_cast<unsigned char>(*at);
    to[0] = kDigits[byte >> 4];
    to[1] = kDigits[byte & 15];
  }
}

}  // namespace sentinel::base
