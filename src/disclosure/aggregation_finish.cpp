// The second half of aggregation.h: from sums to what is published (chapter 08 §5.2).
#include <algorithm>

#include "disclosure/aggregation.h"

namespace sentinel::disclosure {
namespace {

constexpr double kTransportLow = 1e-12 / 4e-11;
constexpr double kTransportHigh = 5.9e-11 / 4e-11;

std::optional<double> kilograms(const std::optional<double>& grams) {
  return grams ? std::optional(*grams / 1000.0) : std::nullopt;
}

std::optional<double> kilograms_if_any(double grams) { return grams > 0.0 ? std::optional(grams / 1000.0) : std::nullopt; }

}  // namespace

void Aggregation::finish(Document& document) const {
  Aggregate& out = document.aggregate;
  out.total_requests = requests_;
  out.total_energy_kwh = energy_kwh_;
  if (!(energy_kwh_ > 0.0)) {
    out.total_energy_kwh = 0.0;
    for (const auto& [name, bucket] : buckets_) out.total_energy_kwh += bucket.energy_kwh;
  }
  out.total_carbon_kgco2eq = carbon_kgco2eq_;
  out.carbon_breakdown = finished_breakdown();
  out.canonical_waste = finished_tier(canonical_);
  out.operational_waste = finished_tier(operational_);
  out.efficiency_score = out.canonical_waste.efficiency_score;
  out.waste_ratio = out.canonical_waste.waste_ratio;
  out.optimization_potential_kgco2eq = out.canonical_waste.carbon_kgco2eq;
  out.runtime_windows = runtime_windows_;
  out.fallback_windows = fallback_windows_;
  const std::uint64_t attributed = runtime_windows_ + fallback_windows_;
  out.period_coverage = attributed == 0 ? 1.0 : static_cast<double>(runtime_windows_) / static_cast<double>(attributed);
  out.binary_versions = binary_versions_;
  out.database_waste = finished_block(database_);
  out.messaging_waste = finished_block(messaging_);
  for (const auto& [service, models] : service_models_) out.per_service_energy_models.emplace(service, models);
  for (const auto& [service, mean] : measured_ratio_) {
    out.per_service_measured_ratio.emplace(service, mean.sum / static_cast<double>(mean.count));
  }
  out.temporal_coverage = finished_coverage(document.period);

  for (const auto& [name, bucket] : buckets_) {
    const Application application = finished_application(name, bucket);
    out.anti_patterns_detected += application.anti_patterns_detected;
    if (name != kUnattributed) document.applications.push_back(application);
  }
  document.applications_measured = static_cast<std::uint32_t>(document.applications.size());

  Calibration& calibration = document.calibration;
  calibration.energy_source_models = energy_models_;
  calibration.calibration_applied = calibration_applied_;
  calibration.scoring_coefficients = coefficients_;
  calibration.carbon_methodologies = methodologies_;
  if (out.carbon_breakdown) {
    calibration.embodied_gco2_total = embodied_gco2_;
    if (requests_ > 0) calibration.embodied_gco2_per_request = embodied_gco2_ / static_cast<double>(requests_);
  }
}

Tier Aggregation::finished_tier(const TierSum& sum) const {
  if (sum.threshold == 0 && sum.io_ops == 0) return {};
  const double ratio = io_ops_ == 0 ? 0.0 : static_cast<double>(sum.io_ops) / static_cast<double>(io_ops_);
  return {.n_plus_one_threshold = sum.threshold,
          .energy_kwh = sum.energy_kwh,
          .carbon_kgco2eq = sum.carbon_kgco2eq,
          .waste_ratio = std::clamp(ratio, 0.0, 1.0),
          .efficiency_score = std::clamp(100.0 - ratio * 100.0, 0.0, 100.0)};
}

std::optional<WasteBlock> Aggregation::finished_block(const WasteSum& sum) {
  if (sum.block.windows_with_figure == 0) return std::nullopt;
  WasteBlock block = sum.block;
  block.operational_waste_kgco2eq = kilograms(block.operational_waste_kgco2eq);
  block.canonical_waste_kgco2eq = kilograms(block.canonical_waste_kgco2eq);
  return block;
}

std::optional<CarbonBreakdown> Aggregation::finished_breakdown() const {
  const bool any = operational_gco2_ > 0.0 || embodied_gco2_ > 0.0 || transport_gco2_ > 0.0 || database_.out_of_total_gco2 ||
                   messaging_.out_of_total_gco2;
  if (!any) return std::nullopt;
  CarbonBreakdown out;
  out.operational = kilograms_if_any(operational_gco2_);
  out.embodied = kilograms_if_any(embodied_gco2_);
  out.database_out_of_total = kilograms(database_.out_of_total_gco2);
  out.messaging_out_of_total = kilograms(messaging_.out_of_total_gco2);
  out.transport = kilograms_if_any(transport_gco2_);
  if (out.transport && !transport_uncertain_) {
    out.transport_low = *out.transport * kTransportLow;
    out.transport_high = *out.transport * kTransportHigh;
  }
  return out;
}

TemporalCoverage Aggregation::finished_coverage(const Period& period) const {
  TemporalCoverage out;
  out.observed_days = static_cast<std::uint32_t>(observed_days_.size());
  out.days_in_period = period.days_covered;
  if (out.days_in_period > 0) {
    out.ratio = std::clamp(static_cast<double>(out.observed_days) / static_cast<double>(out.days_in_period), 0.0, 1.0);
  }
  Days gap = observed_days_.empty() ? static_cast<Days>(period.days_covered) : 0;
  Days previous = period.from - 1;
  for (const Days day : observed_days_) {
    gap = std::max(gap, day - previous - 1);
    previous = day;
  }
  if (!observed_days_.empty()) gap = std::max(gap, period.to - previous);
  out.largest_gap_days = static_cast<std::uint32_t>(gap);
  return out;
}

Application Aggregation::finished_application(const std::string& name, const Bucket& bucket) const {
  Application out;
  out.service_name = name;
  out.endpoints_observed = static_cast<std::uint32_t>(bucket.endpoints.size());
  out.total_requests = bucket.requests;
  out.energy_kwh = bucket.energy_kwh;
  out.carbon_kgco2eq = bucket.carbon_kgco2eq;
  const double carbon_per_kwh = bucket.energy_kwh == 0.0 ? 0.0 : bucket.carbon_kgco2eq / bucket.energy_kwh;
  std::uint64_t avoidable = 0;
  for (const auto& [slug, entry] : bucket.patterns) {
    const auto& [type, tally] = entry;
    if (__builtin_add_overflow(avoidable, tally.avoidable_io_ops, &avoidable)) avoidable = ~0ULL;
    out.anti_patterns_detected += tally.occurrences;
    const double waste_kwh = static_cast<double>(tally.avoidable_io_ops) * kProxyKwhPerOp;
    out.anti_patterns.push_back({.type = type,
                                 .occurrences = tally.occurrences,
                                 .estimated_waste_kwh = waste_kwh,
                                 .estimated_waste_kgco2eq = waste_kwh * carbon_per_kwh,
                                 .first_seen = tally.first_seen,
                                 .last_seen = tally.last_seen});
  }
  if (bucket.io_ops == 0) {
    out.efficiency_score = bucket.patterns.empty() ? 100.0 : 0.0;
  } else {
    out.efficiency_score =
        std::clamp(100.0 - 100.0 * static_cast<double>(avoidable) / static_cast<double>(bucket.io_ops), 0.0, 100.0);
  }
  return out;
}

}  // namespace sentinel::disclosure
