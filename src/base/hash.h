// Hashing of byte strings and small integer keys; not for adversaries who must not find collisions of signatures
// (those use SHA-256, base/sha256.h). Pure functions. A hash never leaves the process and never orders output.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <string_view>

namespace sentinel::base {

inline std::uint64_t hash64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
};

inline Hash128 hash128(std::string_view bytes) {
  const XXH128_hash_t h = XXH3_128bits(bytes.data(), bytes.size());
  return {h.low64, h.high64};
}

// 64 bits that depend on all of a key that is not evenly spread, with one multiplication.
inline std::uint64_t fold128(const Hash128& key) {
  const auto product = static_cast<unsigned __int128>(key.low ^ 0x9E3779B97F4A7C15ULL) * (key.high ^ 0xC2B2AE3D27D4EB4FULL);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Spreads an integer key over all bits of the hash: the low ones tell keys apart that differ in their highest bits only, as ids
// that count from the left do.
inline std::uint64_t spread(std::uint64_t key) {
  const auto product = static_cast<unsigned __int128>(key) * 0x9E3779B97F4A7C15ULL;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
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
