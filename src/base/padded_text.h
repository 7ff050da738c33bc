// Comparing with short texts that are known beforehand, many at a time: a few vector instructions instead of a call.
#pragma once

#include <emmintrin.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace sentinel::base {

// A text of fewer than 64 and at most kRoom bytes (a multiple of 16, at most 64).
template <std::size_t kRoom>
class PaddedText {
  static_assert(kRoom % 16 == 0 && kRoom <= 64);
  static constexpr std::uint64_t kNever = std::uint64_t{1} << 63;

 public:
  constexpr PaddedText() = default;

  static constexpr std::size_t kLongest = kRoom < 64 ? kRoom : 63;

  // Precondition: text.size() <= kLongest.
  constexpr void assign(std::string_view text) {
    if (std::is_constant_evaluated()) {
      for (std::size_t i = 0; i < text.size(); ++i) bytes_[i] = text[i];
    } else {
      std::memcpy(bytes_.data(), text.data(), text.size());
    }
    size_ = text.size();
    wanted_ = size_ == 0 ? kNever : (std::uint64_t{1} << size_) - 1;
  }

  [[nodiscard]] constexpr std::size_t size() const { return size_; }

  // True when `at` begins with the text; kRoom bytes must be readable there. An empty text matches nothing.
  [[nodiscard]] bool matches(const char* at) const {
    std::uint64_t equal = 0;
    for (std::size_t i = 0; i < kRoom; i += 16) {
      const __m128i mine = _mm_load_si128(reinterpret_cast<const __m128i*>(bytes_.data() + i));
      const __m128i theirs = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
      equal |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(mine, theirs)))) << i;
    }
    if constexpr (kRoom == 64) equal &= ~kNever;
    return (wanted_ & ~equal) == 0;
  }

 private:
  alignas(16) std::array<char, kRoom> bytes_{};
  std::size_t size_ = 0;
  std::uint64_t wanted_ = kNever;  // bytes that must be equal; one that never is for the empty text
};

}  // namespace sentinel::base
