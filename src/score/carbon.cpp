#include "score/carbon.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <utility>

#include "base/text.h"
#include "score/constants.h"

namespace sentinel::score {

namespace {

using model::IntensitySource;

// Makes estimates that share their model tag.
struct Estimates {
  std::string model;

  [[nodiscard]] model::CarbonEstimate around(double mid, std::string_view methodology) const {
    return {.low = mid * kLowFactor,
            .mid = mid,
            .high = mid * kHighFactor,
            .model = model,
            .methodology = std::string(methodology)};
  }
};

double operational_of(const Window& window) {
  std::vector<const RegionTotals*> order;
  for (const RegionTotals& totals : window.regions()) order.push_back(&totals);
  std::ranges::sort(order, {}, [](const RegionTotals* totals) -> const std::string& { return totals->region.key(); });
  double sum = 0.0;
  for (const RegionTotals* totals : order) sum += totals->co2;
  return sum;
}

model::RegionRow row_of(const RegionTotals& totals) {
  model::RegionRow row;
  const bool known = totals.region.in_table();
  row.status = known ? "known" : "out_of_table";
  row.region = totals.region.key();
  row.io_ops = totals.ops;
  row.co2_gco2 = totals.co2;
  if (known || totals.co2 > 0) {
    row.grid_intensity = totals.intensity_sum / static_cast<double>(totals.ops);
    row.pue = known ? totals.region.pue() : kGenericPue;
    row.source = totals.best;
  }
  if (const GridReading* live = totals.region.live(); live != nullptr && row.source == IntensitySource::kRealTime) {
    row.estimated = live->estimated;
    row.estimation_method = live->method;
  }
  return row;
}

std::vector<model::RegionRow> region_rows(const Window& window) {
  std::vector<model::RegionRow> rows;
  for (const RegionTotals& totals : window.regions()) {
    if (totals.ops > 0) rows.push_back(row_of(totals));
  }
  if (window.unresolved_ops() > 0) {
    model::RegionRow row;
    row.status = "unresolved";
    row.region = "unknown";
    row.io_ops = window.unresolved_ops();
    rows.push_back(row);
  }
  // Stable, so that a region called "unknown" stands before the row of the unresolved.
  std::ranges::stable_sort(rows, [](const model::RegionRow& a, const model::RegionRow& b) {
    const std::strong_ordering by_carbon = std::strong_order(b.co2_gco2, a.co2_gco2);
    return by_carbon != 0 ? by_carbon < 0 : a.region < b.region;
  });
  return rows;
}

// The estimate of 04 §9 where nothing is declared: a share of the totals.
std::optional<model::WasteFigure> estimated_waste(const Footprint& used, std::uint64_t avoidable, std::uint64_t total) {
  if (!std::isfinite(used.energy) || used.energy <= 0 || total == 0) return std::nullopt;
  model::WasteFigure figure;
  figure.ratio = std::min(share(avoidable, total), 1.0);
  figure.energy_kwh = used.energy;
  figure.waste_kwh = used.energy * figure.ratio;
  figure.model = "estimated";
  if (std::isfinite(used.co2) && used.co2 > 0) {
    figure.energy_gco2 = used.co2;
    figure.waste_gco2 = used.co2 * figure.ratio;
  }
  return figure;
}

// Grams that a region's energy stands for; the hour does not matter here, since the energy is of a longer time.
std::optional<double> grams_of(const DeliveredEnergy& energy, const Readings& readings) {
  if (!energy.region) return std::nullopt;
  const std::string key = base::ascii_lower(*energy.region);
  const RegionFacts* known = find_region(key);
  const auto live = readings.regions.find(key);
  if (known == nullptr && live == readings.regions.end()) return std::nullopt;
  const double intensity = live != readings.regions.end() ? live->second.grams_per_kwh : known->annual;
  const double grams = energy.kwh * intensity * (known != nullptr ? pue(known->provider) : kGenericPue);
  return std::isfinite(grams) ? std::optional(grams) : std::nullopt;
}

// The figure of a declared database or broker: energy beside the totals (04 §9).
std::optional<model::WasteFigure> delivered_waste(const DeliveredEnergy& energy, double ratio, const Readings& readings) {
  if (!std::isfinite(energy.kwh) || energy.kwh <= 0) return std::nullopt;
  model::WasteFigure figure;
  figure.ratio = ratio;
  figure.energy_kwh = energy.kwh;
  figure.waste_kwh = energy.kwh * ratio;
  figure.model = energy.model;
  figure.region = energy.region;
  figure.energy_gco2 = grams_of(energy, readings);
  if (figure.energy_gco2) figure.waste_gco2 = *figure.energy_gco2 * ratio;
  return figure;
}

std::optional<model::WasteFigure> waste_of(const Window& window, model::EventType type, std::uint64_t avoidable,
                                           const Readings* readings, const Workload Readings::*workload) {
  if (readings == nullptr || !(readings->*workload).declared) {
    return estimated_waste(window.footprint(type), avoidable, window.ops(type));
  }
  const std::optional<DeliveredEnergy>& delivered = (readings->*workload).delivered;
  if (!delivered) return std::nullopt;
  return delivered_waste(*delivered, std::min(share(avoidable, window.ops(type)), 1.0), *readings);
}

void add_services(const Window& window, const model::Symbols& symbols, const std::string& tag, model::GreenSummary& summary) {
  for (const ServiceTotals& totals : window.services()) {
    if (totals.ops == 0) continue;
    const std::string name(symbols.text(totals.service));
    summary.per_service_energy_kwh[name] = totals.footprint.energy;
    summary.per_service_carbon_kgco2eq[name] = totals.footprint.co2 / 1000.0;
    summary.per_service_region[name] = totals.region->region.key();
    summary.per_service_energy_model[name] = totals.measured != nullptr ? model_tag_of(totals.measured->source) : tag;
    summary.per_service_measured_ratio[name] = totals.measured != nullptr ? 1.0 : 0.0;  // all of a service, or nothing
  }
  for (const auto& [service, kwh] : summary.per_service_energy_kwh) summary.energy_kwh += kwh;
  if (summary.energy_kwh > 0) summary.energy_model = tag;
}

}  // namespace

std::string model_tag(const Window& window) {
  IntensitySource best = IntensitySource::kAnnual;
  bool calibrated = false;
  unsigned measured_by = 0;
  for (const RegionTotals& totals : window.regions()) {
    best = std::max(best, totals.best);
    calibrated |= totals.calibrated;
    measured_by |= totals.measured_by;
  }
  if (best == IntensitySource::kRealTime) return "electricity_maps_api";
  for (std::size_t i = kEnergySources; i-- > 0;) {
    if ((measured_by >> i & 1U) != 0) return std::string(model_tag_of(static_cast<EnergySource>(i)));
  }
  std::string tag = best == IntensitySource::kMonthlyHourly ? "io_proxy_v3"
                    : best == IntensitySource::kHourly      ? "io_proxy_v2"
                                                            : "io_proxy_v1";
  if (calibrated) tag += "+cal";
  return tag;
}

void add_carbon(const Window& window, const CarbonInputs& inputs, model::GreenSummary& summary) {
  const Estimates estimates{model_tag(window)};
  const AvoidableOps& avoidable = inputs.avoidable;
  const auto trace_count = static_cast<double>(inputs.traces);
  const double operational = operational_of(window);
  const double transport = window.transport_gco2();
  const double embodied = trace_count * inputs.embodied_per_trace;
  const double total = operational + embodied + transport;
  const std::uint64_t accounted = window.total_ops() - window.unresolved_ops();

  model::CarbonReport& co2 = summary.co2.emplace();
  co2.total = estimates.around(total, "sci_v1_numerator+transport");
  co2.avoidable = estimates.around(operational * std::min(share(avoidable.total, accounted), 1.0), "sci_v1_operational_ratio");
  co2.operational_gco2 = operational;
  co2.embodied_gco2 = embodied;
  co2.sci_per_trace = estimates.around(total / trace_count, "sci_v1_intensity");
  co2.functional_unit = "trace";
  if (transport > 0) co2.transport_gco2 = summary.transport_gco2 = transport;

  summary.regions = region_rows(window);
  add_services(window, inputs.symbols, estimates.model, summary);
  using enum model::EventType;
  summary.database_waste = waste_of(window, kSql, avoidable.sql, inputs.readings, &Readings::database);
  summary.messaging_waste = waste_of(window, kMessaging, avoidable.messaging, inputs.readings, &Readings::broker);
}

}  // namespace sentinel::score
