// Random texts made of the pieces that matter to a normaliser, so that short ones meet every rule.
#pragma once

#include <cstdint>
#include <iostream>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace sentinel::normalize::testing {

class RandomText {
 public:
  explicit RandomText(std::uint64_t seed) : random_(seed) {}

  // 0 to `most` pieces; one in sixteen is any byte.
  std::string text(std::span<const std::string_view> pieces, std::size_t most) {
    std::string out;
    for (std::size_t n = below(most + 1); n > 0; --n) {
      if (below(16) == 0) {
        out += static_cast<char>(below(256));
      } else {
        out += pieces[below(pieces.size())];
      }
    }
    return out;
  }

  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_); }

 private:
  std::mt19937_64 random_;
};

// A new seed each run, printed so that a failure can be run again (SENTINEL_TEST_SEED).
inline std::uint64_t test_seed() {
  const char* given = std::getenv("SENTINEL_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "seed " << seed << "\n";
  return seed;
}

}  // namespace sentinel::normalize::testing
