// The ratio of two counters over the last window of time (chapter 11 §2). Plain values, no clock; one thread, or the owner's
// lock.
//
// Snapshots are kept for two windows and never more than kMost, in memory taken at construction. The rate is counted from the
// newest snapshot that is at least one window old. Without one, without calls, or when a counter went backwards it is 0.
#pragma once

#include <cstdint>
#include <memory>

namespace sentinel::telemetry {

class WindowedRate {
 public:
  static constexpr std::size_t kMost = 4096;

  explicit WindowedRate(std::uint64_t window_us)
      : window_us_(window_us), snapshots_(std::make_unique_for_overwrite<Snapshot[]>(kMost)) {}

  // Notes the counters as of `now_us`, which does not go back, and gives the rate.
  double update(std::uint64_t now_us, std::uint64_t numerator, std::uint64_t denominator) {
    while (count_ > 0 && now_us - at(0).us > 2 * window_us_) drop_oldest();
    if (count_ == kMost) drop_oldest();
    at(count_++) = {now_us, numerator, denominator};
    const Snapshot* const anchor = newest_until(now_us);
    if (anchor == nullptr || numerator < anchor->numerator || denominator <= anchor->denominator) return 0.0;
    return static_cast<double>(numerator - anchor->numerator) / static_cast<double>(denominator - anchor->denominator);
  }

  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  struct Snapshot {
    std::uint64_t us;
    std::uint64_t numerator;
    std::uint64_t denominator;
  };
  // The newest that is a window old.
  const Snapshot* newest_until(std::uint64_t now_us) {
    std::size_t old = 0;  // so many are
    for (std::size_t end = count_; old < end;) {
      const std::size_t middle = old + (end - old) / 2;
      if (now_us - at(middle).us >= window_us_) {
        old = middle + 1;
      } else {
        end = middle;
      }
    }
    return old == 0 ? nullptr : &at(old - 1);
  }
  Snapshot& at(std::size_t i) { return snapshots_[(first_ + i) % kMost]; }
  void drop_oldest() {
    first_ = (first_ + 1) % kMost;
    --count_;
  }

  const std::uint64_t window_us_;
  const std::unique_ptr<Snapshot[]> snapshots_;  // a ring; memory is touched as it is used
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace sentinel::telemetry
