// Hashing of byte strings and small integer keys; not for adversaries who must not find collisions of signatures
// (those use SHA-256, base/sha256.h). Pure functions. A hash never leaves the process and never orders output.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <cstring>
#include <string_view>

namespace sentinel::base {

// For tables of texts: sixteen bytes a multiplication, which for the short texts of spans is half of XXH3's work.
inline std::uint64_t hash64(std::string_view bytes) {
  constexpr std::uint64_t kSeed = 0x9E3779B97F4A7C15ULL;
  constexpr std::uint64_t kOdd = 0xE7037ED1A0B428DBULL;
  const auto read = [](const char* from, auto word) {
    std::memcpy(&word, from, sizeof(word));
    return std::uint64_t{word};
  };
  const auto fold = [](std::uint64_t a, std::uint64_t b) {
    const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t state = kSeed ^ left;
  for (; left > 16; at += 16, left -= 16) state = fold(read(at, std::uint64_t{}) ^ kOdd, read(at + 8, std::uint64_t{}) ^ state);
  std::uint64_t low = 0, high = 0;
  if (left >= 8) {
    low = read(at, std::uint64_t{});
    high = read(at + left - 8, std::uint64_t{});
  } else if (left >= 4) {
    low = read(at, std::uint32_t{});
    high = read(at + left - 4, std::uint32_t{});
  } else if (left > 0) {
    low = static_cast<unsigned char>(at[0]) | std::uint64_t{static_cast<unsigned char>(at[left / 2])} << 8 |
          std::uint64_t{static_cast<unsigned char>(at[left - 1])} << 16;
  }
  return fold(fold(low ^ kOdd, high ^ state) ^ kSeed, kOdd);
}

struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
};

inline Hash128 hash128(std::string_view bytes) {
  const XXH128_hash_t h = XXH3_128bits(bytes.data(), bytes.size());
  return {h.low64, h.high64};
}

// Mixes an integer key so that all its bits reach the low ones (final step of SplitMix64).
inline std::uint64_t mix64(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9ULL;
  x ^= x >> 27;
  x *= 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

inline std::uint64_t combine64(std::uint64_t seed, std::uint64_t value) {
  return mix64(seed ^ (value + 0x9E3779B97F4A7C15ULL + (seed << 6)));
}

}  // namespace sentinel::base
