// Finding the first byte of a class in a text, sixteen bytes at a time where the processor can.
//
// find_byte<Class>(text, from) is the position of the first byte at or after `from` for which Class::one() holds, or
// text.size(). Pure functions, any thread, no allocation; never reads outside the view.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sentinel::base {

// Bytes from 0x80 on.
struct NonAscii {
  static constexpr bool one(unsigned char c) { return c >= 0x80; }
#if defined(__SSE2__)
  static __m128i many(__m128i b) { return b; }  // movemask looks at the top bit only
#endif
};

// Bytes that can begin a control character: C0, DEL, and the lead byte 0xC2 under which C1 lives.
struct ControlLead {
  static constexpr bool one(unsigned char c) { return c < 0x20 || c == 0x7F || c == 0xC2; }
#if defined(__SSE2__)
  static __m128i many(__m128i b) {
    const __m128i c0 = _mm_cmpeq_epi8(_mm_min_epu8(b, _mm_set1_epi8(0x1F)), b);
    const __m128i rest =
        _mm_or_si128(_mm_cmpeq_epi8(b, _mm_set1_epi8(0x7F)), _mm_cmpeq_epi8(b, _mm_set1_epi8(static_cast<char>(0xC2))));
    return _mm_or_si128(c0, rest);
  }
#endif
};

// Bytes that a JSON string must escape.
struct JsonSpecial {
  static constexpr bool one(unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; }
#if defined(__SSE2__)
  static __m128i many(__m128i b) {
    const __m128i c0 = _mm_cmpeq_epi8(_mm_min_epu8(b, _mm_set1_epi8(0x1F)), b);
    const __m128i rest = _mm_or_si128(_mm_cmpeq_epi8(b, _mm_set1_epi8('"')), _mm_cmpeq_epi8(b, _mm_set1_epi8('\\')));
    return _mm_or_si128(c0, rest);
  }
#endif
};

// Bytes outside U+0020-007E.
struct NotPrintable {
  static constexpr bool one(unsigned char c) { return c < 0x20 || c > 0x7E; }
#if defined(__SSE2__)
  static __m128i many(__m128i b) {  // compared as signed bytes, those from 0x80 on are negative
    return _mm_or_si128(_mm_cmplt_epi8(b, _mm_set1_epi8(0x20)), _mm_cmpeq_epi8(b, _mm_set1_epi8(0x7F)));
  }
#endif
};

// Bytes that XML text must escape or have looked at.
struct XmlSpecial {
  static constexpr bool one(unsigned char c) { return NotPrintable::one(c) || c == '<' || c == '>' || c == '&' || c == '"'; }
#if defined(__SSE2__)
  static __m128i many(__m128i b) {
    const __m128i angles = _mm_or_si128(_mm_cmpeq_epi8(b, _mm_set1_epi8('<')), _mm_cmpeq_epi8(b, _mm_set1_epi8('>')));
    const __m128i rest = _mm_or_si128(_mm_cmpeq_epi8(b, _mm_set1_epi8('&')), _mm_cmpeq_epi8(b, _mm_set1_epi8('"')));
    return _mm_or_si128(_mm_or_si128(angles, rest), NotPrintable::many(b));
  }
#endif
};

#if defined(__SSE2__)
// The same for 4 to 15 bytes: the first and the last half, overlapping, side by side in one register.
template <class Class>
std::size_t find_in_short(const char* text, std::size_t size) {
  const std::size_t half = size >= 8 ? 8 : 4;
  std::uint64_t first = 0, last = 0;
  std::memcpy(&first, text, half);
  std::memcpy(&last, text + size - half, half);
  const __m128i block = _mm_set_epi64x(static_cast<long long>(last), static_cast<long long>(first));
  const auto mask = static_cast<unsigned>(_mm_movemask_epi8(Class::many(block)));
  const unsigned wanted = (1U << half) - 1;
  if ((mask & wanted) != 0) return static_cast<std::size_t>(std::countr_zero(mask));
  const unsigned high = mask >> 8 & wanted;
  return high == 0 ? size : size - half + static_cast<std::size_t>(std::countr_zero(high));
}
#endif

template <class Class>
std::size_t find_byte(std::string_view text, std::size_t from = 0) {
#if defined(__SSE2__)
  const auto found = [&](std::size_t at) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    return static_cast<unsigned>(_mm_movemask_epi8(Class::many(block)));
  };
  std::size_t at = from;
  for (; at + 16 <= text.size(); at += 16) {
    if (const unsigned mask = found(at)) return at + static_cast<std::size_t>(std::countr_zero(mask));
  }
  if (at == text.size()) return at;
  if (text.size() >= 16) {  // the last block once more, overlapping; what lies before `at` is shifted out
    const std::size_t start = text.size() - 16;
    const unsigned mask = found(start) >> (at - start);
    return mask == 0 ? text.size() : at + static_cast<std::size_t>(std::countr_zero(mask));
  }
  if (text.size() - at >= 4) return at + find_in_short<Class>(text.data() + at, text.size() - at);
  from = at;
#endif
  for (; from < text.size(); ++from) {
    if (Class::one(static_cast<unsigned char>(text[from]))) break;
  }
  return from;
}

}  // namespace sentinel::base
