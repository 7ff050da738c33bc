// Three questions about spans as intervals of time: how many run at once, do they run one after the other, and which of them
// make the longest chain without overlap (chapter 03 §4.7, §5.1, §4.8).
//
// Functions over plain numbers in microseconds, with scratch memory kept between calls; one thread at a time. All end times are
// saturating sums made by the caller.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sentinel::detect {

struct Interval {
  std::uint64_t start_us = 0;
  std::uint64_t end_us = 0;
  std::uint32_t span = 0;  // place in the trace
};

// The most intervals open at one time. An end counts before a start at the same time, and never below zero: an empty interval
// that ends before its own start while nothing is open stays open for ever, as chapter 03 §4.7 asks.
class PeakConcurrency {
 public:
  void clear() {
    starts_.clear();
    ends_.clear();
    disjoint_ = true;
  }
  void add(std::uint64_t start_us, std::uint64_t end_us) {
    if (end_us <= start_us || (!ends_.empty() && start_us < ends_.back())) disjoint_ = false;
    starts_.push_back(start_us);
    ends_.push_back(end_us);
  }
  struct Peak {
    std::uint64_t open = 0;
    std::uint64_t at_us = 0;  // when so many are open for the first time
  };
  [[nodiscard]] Peak peak();

 private:
  std::vector<std::uint64_t> starts_;
  std::vector<std::uint64_t> ends_;
  bool disjoint_ = true;  // each interval begins after the end of the one added before it
};

// True when, sorted by start (equal starts keep their order), each interval ends no later than the next one starts.
[[nodiscard]] bool back_to_back(std::vector<Interval>& intervals);

// The longest chain of intervals that do not overlap, by the exact steps of chapter 03 §4.8, chronological.
class LongestChain {
 public:
  // Empty when the chain has fewer than `least` intervals. Sorts `intervals` by end, then by span. The result is valid until
  // the next call.
  [[nodiscard]] std::span<const Interval> select(std::vector<Interval>& intervals, std::size_t least);

 private:
  struct Step {
    std::uint32_t best = 0;
    std::uint32_t predecessor = 0;
    bool take = false;
  };

  std::vector<Step> steps_;
  std::vector<Interval> chain_;
};

}  // namespace sentinel::detect
