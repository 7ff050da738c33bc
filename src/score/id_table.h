// A map from 64-bit keys (interned ids, or two of them) to dense numbers: 0, 1, 2 … in order of first appearance.
//
// Open addressing, never shrinks. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/hash.h"

namespace sentinel::score {

class IdTable {
 public:
  static constexpr std::uint32_t kMissing = 0xFFFF'FFFF;

  // The number of `key`, and whether it was given just now.
  std::pair<std::uint32_t, bool> add(std::uint64_t key) {
    Slot& slot = slots_[position(key)];
    if (slot.number != kMissing) return {slot.number, false};
    slot = {key, size_};
    if (++size_ * 2 > slots_.size()) grow();
    return {size_ - 1, true};
  }

  // kMissing when `key` was never added.
  [[nodiscard]] std::uint32_t find(std::uint64_t key) const { return slots_[position(key)].number; }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t number = kMissing;
  };

  [[nodiscard]] std::size_t position(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = base::mix64(key) & mask;
    while (slots_[at].number != kMissing && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
    for (const Slot& slot : old) {
      if (slot.number != kMissing) slots_[position(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(kFirstSlots);
  std::uint32_t size_ = 0;

  static constexpr std::size_t kFirstSlots = 64;
};

}  // namespace sentinel::score
