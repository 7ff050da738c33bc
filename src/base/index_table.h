// Small index tables that are emptied in constant time: a key's hash leads to the number under which the caller keeps it.
//
// The keys themselves stay with the caller, who compares them. reset() only raises a generation number, so that one table
// serves millions of small traces without clearing or allocating; a table grown by a large trace is used by its first slots
// only while traces are small. One thread at a time. Iteration does not exist: hash order cannot leak.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash.h"

namespace sentinel::base {

inline constexpr std::uint32_t kNone = 0xFFFFFFFFU;  // no span, no group

class IndexTable {
  struct Slot {
    std::uint32_t generation = 0;
    std::uint32_t number = 0;
  };

 public:
  // Empties the table and makes room for `keys` keys.
  void reset(std::size_t keys) {
    const std::size_t size = std::bit_ceil(std::max(keys * 2, kSmallest));
    if (slots_.size() < size) {
      slots_.assign(size, {});
      generation_ = 0;
    }
    mask_ = size - 1;
    if (++generation_ == 0) {
      std::ranges::fill(slots_, Slot{});
      generation_ = 1;
    }
  }

  // The table for one loop: what a look-up needs, by value, so that the compiler keeps it in registers. Valid until reset().
  class Handle {
   public:
    // The number kept under a key; `fresh` is entered when the key is new. `equal(number)` compares the key of a number.
    template <class Equal>
    std::uint32_t& find_or_add(std::uint64_t hash, std::uint32_t fresh, Equal equal) const {
      for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
        Slot& slot = slots_[i];
        if (slot.generation != generation_) {
          slot = {generation_, fresh};
          return slot.number;
        }
        if (equal(slot.number)) return slot.number;
      }
    }

    // The number kept under a key, else kNone.
    template <class Equal>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, Equal equal) const {
      for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
        if (slots_[i].generation != generation_) return kNone;
        if (equal(slots_[i].number)) return slots_[i].number;
      }
    }

   private:
    friend class IndexTable;
    Handle(Slot* slots, std::size_t mask, std::uint32_t generation) : slots_(slots), mask_(mask), generation_(generation) {}

    Slot* slots_;
    std::size_t mask_;
    std::uint32_t generation_;
  };
  [[nodiscard]] Handle handle() { return {slots_.data(), mask_, generation_}; }

 private:
  static constexpr std::size_t kSmallest = 16;

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::uint32_t generation_ = 0;
};

}  // namespace sentinel::base
