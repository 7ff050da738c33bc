// Looks a key up among a fixed set of names: one multiplication, one table read, one comparison.
//
// Built at compile time: a seed is searched for which no two names share a slot. Immutable, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sentinel::ingest {

template <std::size_t kNames>
class KeyTable {
 public:
  consteval explicit KeyTable(const std::array<std::string_view, kNames>& names) : names_(names) {
    while (!place()) ++seed_;
  }

  // The index of `key` in the names, or -1.
  [[nodiscard]] int find(std::string_view key) const {
    if (key.empty()) return -1;
    const std::uint8_t i = slots_[slot(key, seed_)];
    return i != kFree && names_[i] == key ? i : -1;
  }

 private:
  static constexpr std::size_t kSlots = kNames <= 8 ? 32 : kNames <= 24 ? 128 : 512;
  static constexpr std::uint8_t kFree = 255;

  static constexpr std::size_t slot(std::string_view key, std::uint32_t seed) {
    const std::size_t n = key.size();
    const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(key[i])); };
    const std::uint32_t mixed = at(0) | (at(n / 2) << 8) | (at(n - 1) << 16) | (static_cast<std::uint32_t>(n) << 24);
    const std::uint32_t more = at(n * 3 / 4) + at(n / 4) * 31;
    return ((mixed ^ (more << 4)) * (seed * 2 + 2654435761U)) >> (32 - bits());
  }
  static constexpr unsigned bits() {
    unsigned n = 0;
    while ((std::size_t{1} << n) < kSlots) ++n;
    return n;
  }

  consteval bool place() {
    slots_.fill(kFree);
    for (std::size_t i = 0; i < kNames; ++i) {
      std::uint8_t& at = slots_[slot(names_[i], seed_)];
      if (at != kFree) return false;
      at = static_cast<std::uint8_t>(i);
    }
    return true;
  }

  std::array<std::string_view, kNames> names_;
  std::array<std::uint8_t, kSlots> slots_{};
  std::uint32_t seed_ = 0;
};

}  // namespace sentinel::ingest
