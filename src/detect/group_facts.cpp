#include "detect/group_facts.h"

#include <algorithm>
#include <cmath>

namespace sentinel::detect {

namespace {

// 1 <= p <= 100; at least one value.
std::uint64_t percentile(std::span<const std::uint64_t> sorted, std::uint64_t p) {
  const std::uint64_t n = sorted.size();
  return sorted[(p * n + 99) / 100 - 1];  // nearest rank: ceil(p n / 100), counted from 1
}

}  // namespace

void Bounds::add_odd(std::string_view text, std::optional<std::uint64_t> ms) {
  if (!any_odd_ || text < odd_first_.text) odd_first_ = {text, ms};
  if (!any_odd_ || text > odd_last_.text) odd_last_ = {text, ms};
  any_odd_ = true;
}

Bounds::End Bounds::first() const {
  if (!any_odd_) return {false, low_us_ / 1000};
  if (any_usual_ && base::format_iso_ms(low_us_ / 1000).view() <= odd_first_.text) return {false, low_us_ / 1000};
  return {true, odd_first_.ms};
}

Bounds::End Bounds::last() const {
  if (!any_odd_) return {false, high_us_ / 1000};
  if (any_usual_ && base::format_iso_ms(high_us_ / 1000).view() >= odd_last_.text) return {false, high_us_ / 1000};
  return {true, odd_last_.ms};
}

std::uint64_t Bounds::window_ms() const {
  if (!any_usual_ && !any_odd_) return 0;
  const End from = first();
  const End to = last();
  return from.ms && to.ms && *to.ms > *from.ms ? *to.ms - *from.ms : 0;
}

Bounds::Result Bounds::result(base::Arena& texts, base::IsoWriter& iso) const {
  if (!any_usual_ && !any_odd_) return {};
  const End from = first();
  const End to = last();
  const std::string_view text_of_first = from.odd ? odd_first_.text : texts.copy(iso.format(*from.ms).view());
  if (!from.odd && !to.odd && *from.ms == *to.ms) return {0, text_of_first, text_of_first};
  return {window_ms(), text_of_first, to.odd ? odd_last_.text : texts.copy(iso.format(*to.ms).view())};
}

double Welford::coefficient_of_variation() const { return mean_ > 0.0 ? std::sqrt(m2_ / count_) / mean_ : 0.0; }

Timing timing(std::span<std::uint64_t> durations_us) {
  if (durations_us.empty()) return {};
  std::ranges::sort(durations_us);
  Welford spread_of;
  for (const std::uint64_t d : durations_us) spread_of.add(d);
  return {percentile(durations_us, 50), percentile(durations_us, 95), percentile(durations_us, 99),
          static_cast<std::uint32_t>(std::round(spread_of.coefficient_of_variation() * 1000.0))};
}

}  // namespace sentinel::detect
