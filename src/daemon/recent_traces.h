// Which traces have been analysed lately: a small table of hashes, so that spans that come too late can be told from new ones.
//
// A later trace takes the place of an earlier one whose hash falls together with its own, so that the table forgets the oldest
// little by little and may miss a late span; it mistakes a new trace for an old one once in 2^48 looks. One thread.
#pragma once

#include <cstdint>

#include "base/zeroed_array.h"

namespace sentinel::daemon {

class RecentTraces {
 public:
  void add(std::uint64_t hash) { places_[place(hash)] = hash; }
  [[nodiscard]] bool holds(std::uint64_t hash) const { return places_[place(hash)] == hash && hash != 0; }

 private:
  static constexpr std::size_t kPlaces = 1 << 16;
  static std::size_t place(std::uint64_t hash) { return hash & (kPlaces - 1); }

  base::ZeroedArray<std::uint64_t> places_{kPlaces};  // half a megabyte, touched where it is used
};

}  // namespace sentinel::daemon
