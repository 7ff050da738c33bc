// Comparing short texts without a call: most ids, names and statements have fewer than 64 bytes, where memcmp costs more than
// the comparison. Pure functions, any thread; never reads outside the texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sentinel::base {

namespace same_bytes_detail {

template <class Word>
std::uint64_t difference(const char* a, const char* b) {
  Word x = 0, y = 0;
  std::memcpy(&x, a, sizeof(Word));
  std::memcpy(&y, b, sizeof(Word));
  return std::uint64_t{x} ^ std::uint64_t{y};
}

// The first and the last word of the bytes; they may overlap.
template <class Word>
bool same_ends(const char* a, const char* b, std::size_t size) {
  return (difference<Word>(a, b) | difference<Word>(a + size - sizeof(Word), b + size - sizeof(Word))) == 0;
}

}  // namespace same_bytes_detail

inline bool same_bytes(const char* a, const char* b, std::size_t size) {
  using namespace same_bytes_detail;
  for (; size > 16; a += 16, b += 16, size -= 16) {
    if ((difference<std::uint64_t>(a, b) | difference<std::uint64_t>(a + 8, b + 8)) != 0) return false;
  }
  if (size >= 8) return same_ends<std::uint64_t>(a, b, size);
  if (size >= 4) return same_ends<std::uint32_t>(a, b, size);
  if (size == 0) return true;
  return ((static_cast<unsigned char>(a[0]) ^ static_cast<unsigned char>(b[0])) |
          (static_cast<unsigned char>(a[size / 2]) ^ static_cast<unsigned char>(b[size / 2])) |
          (static_cast<unsigned char>(a[size - 1]) ^ static_cast<unsigned char>(b[size - 1]))) == 0;
}

inline bool same_text(std::string_view a, std::string_view b) {
  return a.size() == b.size() && same_bytes(a.data(), b.data(), a.size());
}

// memcpy for what is mostly short; `to` and `from` do not overlap.
inline void copy_short(char* to, const char* from, std::size_t size) {
  const auto ends = [&](auto word) {
    using Word = decltype(word);
    Word first = 0, last = 0;
    std::memcpy(&first, from, sizeof(Word));
    std::memcpy(&last, from + size - sizeof(Word), sizeof(Word));
    std::memcpy(to, &first, sizeof(Word));
    std::memcpy(to + size - sizeof(Word), &last, sizeof(Word));
  };
  if (size > 32) {
    std::memcpy(to, from, size);
  } else if (size > 16) {
    struct Pair {
      std::uint64_t low, high;
    };
    Pair first, last;
    std::memcpy(&first, from, 16);
    std::memcpy(&last, from + size - 16, 16);
    std::memcpy(to, &first, 16);
    std::memcpy(to + size - 16, &last, 16);
  } else if (size >= 8) {
    ends(std::uint64_t{0});
  } else if (size >= 4) {
    ends(std::uint32_t{0});
  } else {
    for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
  }
}

}  // namespace sentinel::base
