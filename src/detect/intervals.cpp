#include "detect/intervals.h"

#include <algorithm>

#include "base/index_table.h"

namespace sentinel::detect {

using base::kNone;

PeakConcurrency::Peak PeakConcurrency::peak() {
  if (disjoint_) return starts_.empty() ? Peak{} : Peak{1, starts_.front()};
  std::ranges::sort(starts_);
  std::ranges::sort(ends_);
  std::uint64_t open = 0;
  Peak peak;
  std::size_t e = 0;
  for (const std::uint64_t start : starts_) {
    for (; e < ends_.size() && ends_[e] <= start; ++e) {
      if (open > 0) --open;
    }
    if (++open > peak.open) peak = {open, start};
  }
  return peak;
}

namespace {

// How many intervals fit one after another at best, given their order by end. No chain of §4.8 is longer, and most sets of
// children end here.
std::size_t most_disjoint(std::span<const Interval> by_end) {
  std::size_t count = 0;
  std::uint64_t free_from = 0;
  for (const Interval& i : by_end) {
    if (i.start_us < free_from) continue;
    free_from = i.end_us;
    ++count;
  }
  return count;
}

}  // namespace

bool back_to_back(std::vector<Interval>& intervals) {
  std::ranges::stable_sort(intervals, {}, &Interval::start_us);
  for (std::size_t i = 1; i < intervals.size(); ++i) {
    if (intervals[i - 1].end_us > intervals[i].start_us) return false;
  }
  return true;
}

std::span<const Interval> LongestChain::select(std::vector<Interval>& intervals, std::size_t least) {
  const auto by_end = [](const Interval& a, const Interval& b) {
    return a.end_us != b.end_us ? a.end_us < b.end_us : a.span < b.span;
  };
  if (!std::ranges::is_sorted(intervals, by_end)) std::ranges::sort(intervals, by_end);
  const auto n = static_cast<std::uint32_t>(intervals.size());
  if (n == 0 || most_disjoint(intervals) < least) return {};

  steps_.resize(n);
  steps_[0] = {1, kNone, true};
  for (std::uint32_t i = 1; i < n; ++i) {
    // The last interval that ends by the start of this one. When that is not before this one in the order, there is none: a
    // smaller one is not looked for.
    const auto after = std::ranges::upper_bound(intervals, intervals[i].start_us, {}, &Interval::end_us);
    const auto ended = static_cast<std::uint32_t>(after - intervals.begin());
    const std::uint32_t predecessor = ended == 0 || ended > i ? kNone : ended - 1;
    const std::uint32_t with = predecessor == kNone ? 1 : steps_[predecessor].best + 1;
    const std::uint32_t without = steps_[i - 1].best;
    steps_[i] = {std::max(with, without), predecessor, with >= without};
  }

  chain_.clear();
  for (std::uint32_t i = n - 1; i != kNone;) {
    if (steps_[i].take) {
      chain_.push_back(intervals[i]);
      i = steps_[i].predecessor;
    } else {
      --i;  // never below the first, which is always taken
    }
  }
  if (chain_.size() < least) return {};
  std::ranges::reverse(chain_);
  return chain_;
}

}  // namespace sentinel::detect
