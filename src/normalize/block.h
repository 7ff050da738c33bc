// Sixteen bytes of text examined at once: the comparisons the normalisers scan with.
//
// A Block is loaded from and stored to any address; both sides need 16 accessible bytes. A mask has bit i set where byte i
// matched. Values, no state. SSE2 where the compiler has it, else plain vector code with the same answers.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sentinel::normalize {

class Block {
 public:
  static constexpr std::size_t kSize = 16;

  // 0xFF in each byte that matched, else 0.
  using Matches __attribute__((vector_size(16))) = signed char;

  static Block load(const char* from) {
    Block b;
    std::memcpy(&b.bytes_, from, kSize);
    return b;
  }
  void store(char* to) const { std::memcpy(to, &bytes_, kSize); }

  [[nodiscard]] Matches equal(char c) const { return bytes_ == (Bytes{} + static_cast<unsigned char>(c)); }

  // First <= byte <= last. Shifted so that `last` becomes 127: one signed comparison is left.
  [[nodiscard]] Matches within(char first, char last) const {
    const auto shift = static_cast<unsigned char>(127 - last);
    const auto below = static_cast<signed char>(127 - (last - first) - 1);
    return reinterpret_cast<Matches>(bytes_ + shift) > (Matches{} + below);
  }

  // ASCII upper case letters made lower case.
  [[nodiscard]] Block lower() const {
    Block b;
    b.bytes_ = bytes_ | (reinterpret_cast<Bytes>(within('A', 'Z')) & (Bytes{} + static_cast<unsigned char>(0x20)));
    return b;
  }

 private:
  using Bytes __attribute__((vector_size(16))) = unsigned char;
  Bytes bytes_;
};

inline unsigned mask_of(Block::Matches matches) {
#if defined(__SSE2__)
  return static_cast<unsigned>(_mm_movemask_epi8(reinterpret_cast<__m128i>(matches)));
#else
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t half[2];
  std::memcpy(half, &matches, sizeof half);
  // Gathers the lowest bit of each byte into the highest byte; no two products share a bit.
  const auto gather = [](std::uint64_t x) {
    return static_cast<unsigned>(((x & 0x0101010101010101ULL) * 0x0102040810204080ULL) >> 56);
  };
  return gather(half[0]) | gather(half[1]) << 8;
#endif
}

}  // namespace sentinel::normalize
