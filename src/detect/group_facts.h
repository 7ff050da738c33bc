// Figures of a group of spans: where it lies in time (chapter 03 §1.5) and how long its spans take (§1.6).
//
// Plain values, no allocation beyond the caller's scratch; one thread at a time.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/time.h"
#include "model/finding.h"
#include "model/symbols.h"

namespace sentinel::detect {

[[nodiscard]] inline std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
  return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max() : a + b;
}

[[nodiscard]] inline std::uint64_t saturating_mul(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<std::uint64_t>::max() : product;
}

// Start of a span in microseconds (saturating) but known to the millisecond, as all detection is; nullopt when its timestamp
// does not parse.
[[nodiscard]] inline std::optional<std::uint64_t> start_us(const model::Symbols& symbols, const model::SpanRecord& span) {
  if (span.extra == 0 || !model::has_odd_timestamp(symbols, span)) return span.start_us / 1000 * 1000;
  const std::optional<std::uint64_t> ms = symbols.extra(span.extra).start_ms;
  if (!ms) return std::nullopt;
  return saturating_mul(*ms, 1000);
}

// The bytewise smallest and largest timestamp of the spans added, and the time between them.
class Bounds {
 public:
  void add(const model::Symbols& symbols, const model::SpanRecord& span) {
    if (span.extra != 0 && model::has_odd_timestamp(symbols, span)) {
      add_odd(symbols.text(symbols.extra(span.extra).timestamp_text), symbols.extra(span.extra).start_ms);
      return;
    }
    if (span.start_us < low_us_) low_us_ = span.start_us;
    if (span.start_us > high_us_) high_us_ = span.start_us;
    any_usual_ = true;
  }

  struct Result {
    std::uint64_t window_ms = 0;  // 0 also when either end does not parse or the ends are in the wrong order
    std::string_view first;
    std::string_view last;
  };

  // Texts are copied into `texts` where they are not kept by the symbols. Nothing added: zero and empty texts.
  [[nodiscard]] Result result(base::Arena& texts, base::IsoWriter& iso) const;

  [[nodiscard]] std::uint64_t window_ms() const;

 private:
  // A timestamp in its odd text form; canonical ones are kept as numbers and order like their texts.
  struct Odd {
    std::string_view text;
    std::optional<std::uint64_t> ms;
  };
  struct End {
    bool odd = false;
    std::optional<std::uint64_t> ms;
  };

  void add_odd(std::string_view text, std::optional<std::uint64_t> ms);
  [[nodiscard]] End first() const;
  [[nodiscard]] End last() const;

  std::uint64_t low_us_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t high_us_ = 0;
  bool any_usual_ = false;
  bool any_odd_ = false;
  Odd odd_first_;
  Odd odd_last_;
};

// Percentiles by nearest rank and the coefficient of variation. Sorts `durations_us` in place.
struct Timing {
  std::uint64_t p50_us = 0;
  std::uint64_t p95_us = 0;
  std::uint64_t p99_us = 0;
  std::uint32_t cv_x1000 = 0;
};
[[nodiscard]] Timing timing(std::span<std::uint64_t> durations_us);

// Mean and population variance by Welford's update in the order given: the order is part of the result.
class Welford {
 public:
  void add(std::uint64_t value) {
    const double x = static_cast<double>(value);
    count_ += 1.0;
    const double d = x - mean_;
    mean_ += d / count_;
    m2_ += d * (x - mean_);
  }
  // Standard deviation over mean; 0 where the mean is 0 or nothing was added.
  [[nodiscard]] double coefficient_of_variation() const;

 private:
  double count_ = 0.0;
  double mean_ = 0.0;
  double m2_ = 0.0;
};

}  // namespace sentinel::detect
