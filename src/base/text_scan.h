// Finding the first byte of a class in a text, sixteen bytes at a time where the processor can. Private to src/base.
//
// find_byte<Class>(text, from) is the position of the first byte at or after `from` for which Class::one() holds, or
// text.size(). Pure functions, any thread, no allocation; never reads outside the view.
#pragma once

#include <bit>
#include <cstddef>
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
  from = at;
#endif
  for (; from < text.size(); ++from) {
    if (Class::one(static_cast<unsigned char>(text[from]))) break;
  }
  return from;
}

}  // namespace sentinel::base
