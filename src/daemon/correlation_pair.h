// What the correlator keeps of one pair of endpoints: a count over two half windows and a sample of lags (chapter 03 §9.2-9.4).
// Plain values and arithmetic, no clock; one thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"

namespace sentinel::daemon {

inline constexpr std::size_t kLagSamples = 256;

// A uniform sample of at most kLagSamples lags, the same for the same seed and lags.
class LagSamples {
 public:
  explicit LagSamples(std::uint64_t seed) : random_(seed) {}

  void record(std::uint64_t lag_ms) {
    const auto kept = static_cast<std::uint32_t>(std::min<std::uint64_t>(lag_ms, UINT32_MAX));
    ++observations_;
    if (samples_.size() < kLagSamples) {
      samples_.push_back(kept);
      return;
    }
    const std::uint64_t place = next() % observations_;
    if (place < kLagSamples) samples_[place] = kept;
  }

  // 0 without samples.
  [[nodiscard]] double median() const {
    if (samples_.empty()) return 0.0;
    std::vector<std::uint32_t> half_sorted = samples_;
    const auto middle = half_sorted.begin() + static_cast<std::ptrdiff_t>(half_sorted.size() / 2);
    std::nth_element(half_sorted.begin(), middle, half_sorted.end());
    if (half_sorted.size() % 2 != 0) return *middle;
    return (static_cast<double>(*std::max_element(half_sorted.begin(), middle)) + static_cast<double>(*middle)) / 2.0;
  }

 private:
  std::uint64_t next() {  // SplitMix64
    random_ += 0x9E3779B97F4A7C15ULL;
    return base::mix64(random_);
  }

  std::uint64_t random_;
  std::uint64_t observations_ = 0;
  std::vector<std::uint32_t> samples_;
};

struct CorrelationPair {
  CorrelationPair(std::uint64_t now_ms, std::uint64_t seed)
      : bucket_start_ms(now_ms), first_seen_ms(now_ms), last_seen_ms(now_ms), lags(seed) {}

  std::uint64_t current = 0;   // of this half window
  std::uint64_t previous = 0;  // of the one before
  std::uint64_t bucket_start_ms;
  std::uint64_t first_seen_ms;
  std::uint64_t last_seen_ms;
  std::uint64_t last_source_seq = 0;  // each occurrence of the source counts once
  std::string sample_trace_id;
  LagSamples lags;

  // Moves on by as many half windows as have passed; a half of 0 never does.
  void rotate(std::uint64_t now_ms, std::uint64_t half_ms) {
    if (half_ms == 0 || now_ms < bucket_start_ms) return;
    const std::uint64_t steps = (now_ms - bucket_start_ms) / half_ms;
    if (steps == 0) return;
    previous = steps == 1 ? current : 0;
    current = 0;
    bucket_start_ms += steps * half_ms;
  }

  // current + previous as rotate() would leave them.
  [[nodiscard]] std::uint64_t count_at(std::uint64_t now_ms, std::uint64_t half_ms) const {
    if (half_ms == 0 || now_ms < bucket_start_ms) return current + previous;
    const std::uint64_t steps = (now_ms - bucket_start_ms) / half_ms;
    return steps == 0 ? current + previous : steps == 1 ? current : 0;
  }
};

}  // namespace sentinel::daemon
