// What tells one packed parameter list (scratch.h) from another: 128 bits, never zero. Pure functions, any thread.
//
// A list of at most 15 bytes is its own identity, its size in the highest byte; the hash of a longer one has 0xFF there.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/hash.h"

namespace sentinel::normalize {

namespace param_identity_detail {

inline constexpr std::size_t kWhole = 15;
inline constexpr unsigned kTagShift = 56;
inline constexpr std::uint64_t kHashed = 0xFF;

inline std::uint64_t tag(std::uint64_t value) { return value << kTagShift; }

}  // namespace param_identity_detail

// `packed` holds at least one parameter; 16 bytes are readable at its beginning.
inline base::Hash128 identity_of(std::string_view packed) {
  using namespace param_identity_detail;
  base::Hash128 identity;
  if (packed.size() > kWhole) {
    identity = base::hash128(packed);
    identity.high |= tag(kHashed);
    return identity;
  }
  std::memcpy(&identity.low, packed.data(), 8);
  std::memcpy(&identity.high, packed.data() + 8, 8);
  const auto bits = static_cast<unsigned>(packed.size() * 8);  // 32 at least, the length of the first parameter
  if (bits <= 64) {
    identity.low &= ~std::uint64_t{0} >> (64 - bits);
    identity.high = 0;
  } else {
    identity.high &= (std::uint64_t{1} << (bits - 64)) - 1;
  }
  identity.high |= tag(packed.size());
  return identity;
}

// The same for a list of one parameter of `size` bytes, at most eight, which are those of `text` from the lowest on.
inline base::Hash128 identity_of_one(std::uint64_t text, std::size_t size) {
  using namespace param_identity_detail;
  return {size | text << 32, text >> 32 | tag(size + sizeof(std::uint32_t))};
}

}  // namespace sentinel::normalize
