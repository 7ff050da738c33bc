#include "disclosure/aggregation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/number_format.h"
#include "base/text.h"
#include "disclosure/known_patterns.h"

namespace sentinel::disclosure {
namespace {

constexpr double kFixedNetworkKwhPerByte = 4e-11;

double clean(double value) { return std::isfinite(value) && value >= 0.0 ? value : 0.0; }

void add_up(std::uint64_t& sum, std::uint64_t value) {
  if (__builtin_add_overflow(sum, value, &sum)) sum = std::numeric_limits<std::uint64_t>::max();
}

// To the nearest whole number, halves up; what is no count becomes the nearest one.
std::uint64_t rounded(double value) {
  const double whole = std::round(value);
  if (!(whole > 0.0)) return 0;
  constexpr double kTop = 18446744073709551616.0;
  return whole >= kTop ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(whole);
}

bool is_tag(std::string_view text, std::string_view extra) {
  return !text.empty() && text.size() <= kMaxTagBytes &&
         std::ranges::all_of(text, [&](char c) { return base::is_alnum(c) || extra.find(c) != std::string_view::npos; });
}

// Past `max` members new ones are dropped.
void insert_up_to(std::set<std::string>& set, std::string_view text, std::size_t max) {
  if (set.size() < max) set.emplace(text);
}

template <class Map>
typename Map::mapped_type* entry_up_to(Map& map, std::string_view key, std::size_t max) {
  const auto found = map.find(key);
  if (found != map.end()) return &found->second;
  if (map.size() >= max) return nullptr;
  return &map[std::string(key)];
}

}  // namespace

base::Result<bool> Aggregation::add(const Window& window) {
  const double carbon_kg = window.co2 ? window.co2->total_mid / 1000.0 : 0.0;
  const double avoidable_kg = window.co2 ? window.co2->avoidable_mid / 1000.0 : 0.0;
  if (!std::isfinite(carbon_kg) || !std::isfinite(avoidable_kg)) return false;
  const bool runtime = !window.carbon_kgco2eq.empty() && !window.energy_by_service.empty();
  const bool unattributed = window.endpoints.empty() && !runtime;
  if (unattributed && strict_) {
    return base::Error{"the window of " + instant_text(window.ts, "+00:00") + " attributes its traffic to no service", "",
                       "leave out --strict-attribution to publish it under _unattributed"};
  }
  const double energy =
      clean(window.energy_kwh > 0.0 ? window.energy_kwh : static_cast<double>(window.total_io_ops) * kProxyKwhPerOp);
  ++windows_;
  add_up(requests_, window.traces_analyzed);
  add_up(io_ops_, window.total_io_ops);
  carbon_kgco2eq_ += carbon_kg;
  energy_kwh_ += energy;
  observed_days_.insert(date_of(window.ts));
  add_tiers(window, energy, avoidable_kg);
  add_provenance(window);
  add_measured_ratios(window);

  ServiceOps ops;
  for (const WindowEndpoint& entry : window.endpoints) add_up(ops[entry.service], entry.io_ops);
  if (runtime) {
    attribute_runtime(window, ops);
  } else if (unattributed) {
    ++fallback_windows_;
    Bucket& rest = *bucket(kUnattributed, true);
    add_up(rest.requests, window.traces_analyzed);
    add_up(rest.io_ops, window.total_io_ops);
    rest.energy_kwh += energy;
    rest.carbon_kgco2eq += carbon_kg;
  } else {
    attribute_by_share(window, ops, energy, carbon_kg);
  }
  if (!unattributed) add_endpoints(window);
  add_findings(window, unattributed);
  return true;
}

void Aggregation::add_tiers(const Window& window, double energy, double avoidable_kg) {
  if (!window.waste) {
    ++legacy_windows_;
    const double share =
        window.total_io_ops == 0
            ? 0.0
            : std::min(static_cast<double>(window.avoidable_io_ops) / static_cast<double>(window.total_io_ops), 1.0);
    add_up(operational_.io_ops, window.avoidable_io_ops);
    operational_.energy_kwh += energy * share;
    operational_.carbon_kgco2eq += avoidable_kg;
    return;
  }
  const auto fold = [](const WindowTier& tier, TierSum& sum) {
    add_up(sum.io_ops, tier.avoidable_io_ops);
    sum.energy_kwh += clean(tier.avoidable_kwh);
    sum.carbon_kgco2eq += clean(tier.avoidable_gco2) / 1000.0;
    sum.threshold = std::max(sum.threshold, tier.n_plus_one_threshold);
  };
  fold(window.waste->canonical, canonical_);
  fold(window.waste->operational, operational_);
  if (window.waste->database) add_waste_block(*window.waste->database, database_);
  if (window.waste->messaging) add_waste_block(*window.waste->messaging, messaging_);
}

void Aggregation::add_waste_block(const WindowWasteBlock& block, WasteSum& sum) {
  if (!is_tag(block.model, "_+")) return;
  const auto add_if_there = [](const std::optional<double>& value, std::optional<double>& into) {
    if (value) into = into.value_or(0.0) + clean(*value);
  };
  WasteBlock& out = sum.block;
  const double energy = clean(block.energy_kwh);
  out.energy_kwh += energy;
  out.operational_waste_kwh += clean(block.operational_waste_kwh);
  out.canonical_waste_kwh += clean(block.canonical_waste_kwh);
  add_if_there(block.operational_waste_gco2, out.operational_waste_kgco2eq);
  add_if_there(block.canonical_waste_gco2, out.canonical_waste_kgco2eq);
  if (block.model != "estimated") add_if_there(block.energy_gco2, sum.out_of_total_gco2);
  ++out.windows_with_figure;
  if (block.model == "estimated") {
    ++out.estimated_windows;
  } else if (block.model == "broker_specpower") {
    ++out.declared_windows;
    out.declared_energy_kwh += energy;
  } else {
    ++out.measured_windows;
    out.measured_energy_kwh += energy;
  }
  if (block.operational_waste_gco2 || block.canonical_waste_gco2) ++out.windows_with_carbon;
  insert_up_to(out.models, block.model, kMaxWasteModels);
}

void Aggregation::add_provenance(const Window& window) {
  if (is_tag(window.binary_version, "._+-")) insert_up_to(binary_versions_, window.binary_version, kMaxBinaryVersions);
  (void)add_energy_model(window.energy_model);
  if (window.co2) {
    embodied_gco2_ += clean(window.co2->embodied);
    operational_gco2_ += clean(window.co2->operational);
    transport_gco2_ += clean(window.co2->transport);
    const std::string_view methodology = window.co2->methodology;
    if (!methodology.empty() && methodology.size() <= kMaxTagBytes) {
      insert_up_to(methodologies_, methodology, kMaxMethodologies);
    }
    const auto network = window.coefficients ? window.coefficients->network_energy_per_byte_kwh : std::nullopt;
    const bool usual = network && std::abs(*network - kFixedNetworkKwhPerByte) < std::numeric_limits<double>::epsilon();
    if (window.co2->transport > 0.0 && !usual) transport_uncertain_ = true;
  }
  if (window.coefficients) add_coefficients(*window.coefficients);
}

void Aggregation::add_coefficients(const WindowCoefficients& c) {
  const auto add_text = [&](std::string_view name, const std::string& value) {
    insert_up_to(coefficients_, std::string(name) + "=" + value, kMaxCoefficients);
  };
  if (c.embodied_per_request_gco2) add_text("embodied_gco2_per_request", base::text_plain(*c.embodied_per_request_gco2));
  if (c.network_energy_per_byte_kwh) add_text("network_kwh_per_byte", base::text_plain(*c.network_energy_per_byte_kwh));
  if (c.per_operation_coefficients) add_text("per_operation_coefficients", *c.per_operation_coefficients ? "true" : "false");
  if (c.use_hourly_profiles) add_text("use_hourly_profiles", *c.use_hourly_profiles ? "true" : "false");
}

std::string_view Aggregation::add_energy_model(std::string_view model) {
  constexpr std::string_view kCalibrated = "+cal";
  if (model.empty() || model.size() > kMaxTagBytes) return {};
  if (model.ends_with(kCalibrated)) {
    calibration_applied_ = true;
    model.remove_suffix(kCalibrated.size());
  }
  insert_up_to(energy_models_, model, kMaxEnergyModels);
  return model;
}

void Aggregation::add_measured_ratios(const Window& window) {
  for (const auto& [service, ratio] : window.measured_ratio) {
    Mean* mean = entry_up_to(measured_ratio_, service, kMaxServices);
    if (mean == nullptr) continue;
    mean->sum += std::min(clean(ratio), 1.0);
    ++mean->count;
  }
  for (const auto& [service, model] : window.energy_models) {
    if (model.empty() || model.size() > kMaxTagBytes) continue;
    const std::string_view tag = add_energy_model(model);
    auto* models = entry_up_to(service_models_, service, kMaxServices);
    if (models != nullptr) insert_up_to(*models, tag, kMaxModelsAService);
  }
}

void Aggregation::attribute_runtime(const Window& window, const ServiceOps& ops) {
  ++runtime_windows_;
  auto energy = window.energy_by_service.begin();
  for (const auto& [service, carbon] : window.carbon_kgco2eq) {
    while (energy != window.energy_by_service.end() && energy->first < service) ++energy;
    Bucket* into = bucket(service);
    if (into == nullptr) continue;
    into->carbon_kgco2eq += clean(carbon);
    const bool has_energy = energy != window.energy_by_service.end() && energy->first == service;
    into->energy_kwh += clean(has_energy ? energy->second : 0.0);
    const auto own = ops.find(service);
    if (own == ops.end()) continue;
    add_up(into->io_ops, own->second);
    const double share =
        window.total_io_ops == 0 ? 0.0 : static_cast<double>(own->second) / static_cast<double>(window.total_io_ops);
    add_up(into->requests, rounded(static_cast<double>(window.traces_analyzed) * share));
  }
}

void Aggregation::attribute_by_share(const Window& window, const ServiceOps& ops, double energy, double carbon_kg) {
  ++fallback_windows_;
  std::uint64_t sum = 0;
  for (const auto& [service, own] : ops) add_up(sum, own);
  for (const auto& [service, own] : ops) {
    Bucket* into = bucket(service);
    if (into == nullptr) continue;
    const double share = sum == 0 ? 0.0 : static_cast<double>(own) / static_cast<double>(sum);
    add_up(into->io_ops, own);
    add_up(into->requests, rounded(static_cast<double>(window.traces_analyzed) * share));
    into->energy_kwh += energy * share;
    into->carbon_kgco2eq += carbon_kg * share;
  }
}

void Aggregation::add_endpoints(const Window& window) {
  for (const WindowEndpoint& entry : window.endpoints) {
    const auto found = buckets_.find(entry.service);
    if (found == buckets_.end()) continue;
    auto& endpoints = found->second.endpoints;
    if (!endpoints.contains(entry.endpoint)) endpoints.emplace(entry.endpoint);
  }
}

void Aggregation::add_findings(const Window& window, bool unattributed) {
  for (const WindowFinding& finding : window.findings) {
    Bucket* into = unattributed ? bucket(kUnattributed, true) : bucket(finding.service);
    if (into == nullptr) continue;
    const auto [at, is_new] = into->patterns.try_emplace(model::slug(finding.type), finding.type, Tally{});
    Tally& tally = at->second.second;
    if (is_new) tally.first_seen = tally.last_seen = window.ts;
    tally.first_seen = std::min(tally.first_seen, window.ts);
    tally.last_seen = std::max(tally.last_seen, window.ts);
    add_up(tally.occurrences, 1);
    if (is_avoidable(finding.type)) add_up(tally.avoidable_io_ops, finding.occurrences > 0 ? finding.occurrences - 1 : 0);
  }
}

Aggregation::Bucket* Aggregation::bucket(std::string_view service, bool exempt) {
  return entry_up_to(buckets_, service, exempt ? std::numeric_limits<std::size_t>::max() : kMaxServices);
}

}  // namespace sentinel::disclosure
