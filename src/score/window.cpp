#include "score/window.h"

#include <algorithm>

#include "base/text.h"
#include "score/constants.h"

namespace sentinel::score {

namespace {

constexpr std::size_t kPrefetch = 8;  // records ahead; a cache miss lasts about eight spans' work

std::uint64_t pair_key(model::TextId service, model::TextId endpoint) {
  return (static_cast<std::uint64_t>(service) << 32) | endpoint;
}

void prefetch(const model::SpanRecord* span) {
  __builtin_prefetch(span);
  __builtin_prefetch(reinterpret_cast<const char*>(span) + sizeof(*span) - 1);
}

}  // namespace

Window::Window(const WindowInputs& inputs) : inputs_(inputs), energy_(inputs.energy), clock_(inputs.symbols) {}

void Window::add_traces(std::size_t first, std::size_t last) {
  const model::TraceSet& set = inputs_.traces;
  EndpointTotals* totals = nullptr;
  for (std::size_t trace = first; trace < last; ++trace) {
    const std::size_t end = set.traces[trace].first + set.traces[trace].count;
    for (std::size_t i = set.traces[trace].first; i < end;) {
      const model::SpanRecord& span = *set.spans[i];
      if (totals == nullptr || span.endpoint != totals->endpoint || span.service != totals->service) {
        totals = &endpoint(span.service, span.endpoint);
      }
      totals->invocations += totals->last_trace != trace + 1;
      totals->last_trace = trace + 1;
      const std::size_t next = inputs_.config.enabled ? add_footprints(*totals, i, end) : count_ops(*totals, i, end);
      totals->io_ops += next - i;
      i = next;
    }
  }
}

// What follows adds the spans from `i` on that share the endpoint: neighbours mostly do. Gives back the first that does not.

inline std::size_t Window::count_ops(const EndpointTotals& totals, std::size_t i, std::size_t end) {
  const std::span<const model::SpanRecord* const> spans = inputs_.traces.spans;
  do {
    ++ops_[index(spans[i]->type())];
  } while (++i < end && spans[i]->endpoint == totals.endpoint && spans[i]->service == totals.service);
  return i;
}

// Region and hour are shared too, so that the sums of a region and a service stay in registers.
inline std::size_t Window::add_footprints(const EndpointTotals& totals, std::size_t i, std::size_t end) {
  const std::span<const model::SpanRecord* const> spans = inputs_.traces.spans;
  const model::SpanRecord* span = spans[i];
  ServiceTotals& service = *totals.of_service;
  const model::TextId region = span->region;
  if (region != service.recent_id) move_to_region(service, region);
  RegionTotals* const bucket = service.recent;
  const auto shared = [&](const model::SpanRecord& next) {
    return next.endpoint == totals.endpoint && next.service == totals.service && next.region == region;
  };
  const std::size_t first = i;
  if (bucket == nullptr) {
    do {
      ++ops_[index(spans[i]->type())];
    } while (++i < end && shared(*spans[i]));
    unresolved_ops_ += i - first;
    return i;
  }
  if (!grid_.holds_for(*span, *bucket)) grid_ = grid_now(*span, *bucket);
  const Grid grid = grid_;
  Footprint of_service = service.footprint;
  double bucket_co2 = bucket->co2;
  double bucket_intensity = bucket->intensity_sum;
  const auto add_with = [&](const auto& energy_of) {
    while (true) {
      if (i + kPrefetch < spans.size()) prefetch(spans[i + kPrefetch]);
      const double energy = energy_of(*span);
      const Footprint own{energy, energy * grid.intensity.grams_per_kwh * grid.pue};
      const std::size_t type = index(span->type());
      ++ops_[type];
      footprints_[type].add(own);
      of_service.add(own);
      bucket_co2 += own.co2;
      bucket_intensity += grid.intensity.grams_per_kwh;
      if (++i == end) break;
      span = spans[i];
      if (!shared(*span) || !grid.holds_for(*span)) break;
    }
  };
  if (service.measured != nullptr) {
    add_with([kwh = service.measured->kwh_per_op](const model::SpanRecord&) { return kwh; });
  } else {
    add_with([this, factor = service.factor](const model::SpanRecord& of) { return energy_.of(of) * factor; });
  }
  service.footprint = of_service;
  service.ops += i - first;
  bucket->co2 = bucket_co2;
  bucket->intensity_sum = bucket_intensity;
  bucket->ops += i - first;
  bucket->best = std::max(bucket->best, grid.intensity.source);
  // A span with rare facts has its grid for itself, so it came alone.
  if (spans[first]->extra != 0) add_transport(*spans[first], bucket->region, grid.intensity.grams_per_kwh);
  return i;
}

Window::Grid Window::grid_now(const model::SpanRecord& span, const RegionTotals& bucket) {
  const Region& region = bucket.region;
  Grid grid{.bucket = &bucket, .intensity = region.at_any_hour(), .pue = region.pue()};
  if (region.varies()) {
    if (const UtcHour when = clock_.hour_of(span); when.known()) grid.intensity = region.at(when);
  }
  if (span.extra == 0) grid.from_us = span.start_us / SpanClock::kHourUs * SpanClock::kHourUs;
  return grid;
}

// A span of `service` comes with another region than the one before.
void Window::move_to_region(ServiceTotals& service, model::TextId id) {
  has_span_regions_ |= id != base::kNoText;
  service.recent_id = id;
  service.recent = id == base::kNoText ? home_region(service.service) : region_of_id(id);
  if (service.recent == nullptr) return;
  service.recent->calibrated |= service.calibrated;
  if (service.measured != nullptr) service.recent->measured_by |= 1U << static_cast<unsigned>(service.measured->source);
  if (service.region == nullptr) service.region = service.recent;
}

void Window::add_transport(const model::SpanRecord& span, const Region& region, double intensity) {
  const model::TextId peer = inputs_.symbols.extra(span.extra).peer_region;
  if (peer == base::kNoText || span.type() != model::EventType::kHttpOut || !span.has(model::kHasResponseSize)) return;
  if (base::equals_ignoring_case(inputs_.symbols.text(peer), region.key())) return;
  transport_gco2_ += static_cast<double>(span.response_bytes) * kNetworkKwhPerByte * intensity * region.pue();
}

EndpointTotals& Window::endpoint(model::TextId service_id, model::TextId endpoint_id) {
  const auto [number, is_new] = endpoint_ids_.add(pair_key(service_id, endpoint_id));
  if (!is_new) return endpoints_[number];
  EndpointTotals& totals = endpoints_.emplace_back();
  totals.service = service_id;
  totals.endpoint = endpoint_id;
  totals.of_service = &service(service_id);
  return totals;
}

ServiceTotals& Window::service(model::TextId id) {
  const auto [number, is_new] = service_ids_.add(id);
  if (!is_new) return services_[number];
  ServiceTotals& totals = services_.emplace_back();
  totals.service = id;
  if (inputs_.readings != nullptr) {
    const auto& measured = inputs_.readings->services;
    if (const auto it = measured.find(inputs_.symbols.text(id)); it != measured.end()) {
      totals.measured = &it->second;
      return totals;  // a measured service is never calibrated
    }
  }
  if (const auto& factors = inputs_.config.calibration_factors) {
    if (const auto it = factors->find(std::string(inputs_.symbols.text(id))); it != factors->end()) {
      totals.factor = it->second;
      totals.calibrated = true;
    }
  }
  return totals;
}

RegionTotals* Window::home_region(model::TextId service) {
  const config::GreenConfig& config = inputs_.config;
  if (const auto mapped = config.service_regions.find(base::ascii_lower(inputs_.symbols.text(service)));
      mapped != config.service_regions.end()) {
    return region(base::ascii_lower(mapped->second));
  }
  return config.default_region ? region(base::ascii_lower(*config.default_region)) : nullptr;
}

RegionTotals* Window::region_of_id(model::TextId id) {
  const auto [number, is_new] = region_ids_.add(id);
  if (is_new) region_by_id_.push_back(region(base::ascii_lower(inputs_.symbols.text(id))));
  return region_by_id_[number];
}

RegionTotals* Window::region(std::string_view key) {
  if (const auto it = region_by_key_.find(key); it != region_by_key_.end()) return it->second;
  const bool fits = inputs_.admitted != nullptr ? inputs_.admitted->contains(key) : regions_.size() < kMaxRegions;
  if (!fits) {
    refused_regions_ = true;
    return nullptr;
  }
  const GridReading* live = nullptr;
  if (inputs_.readings != nullptr) {
    if (const auto it = inputs_.readings->regions.find(key); it != inputs_.readings->regions.end()) live = &it->second;
  }
  RegionTotals& totals = regions_.emplace_back(Region(key, inputs_.config, live));
  region_by_key_.emplace(key, &totals);
  return &totals;
}

// The windows of a run share their admitted regions, so none of the later window's is refused here.
void Window::merge(const Window& later) {
  for (std::size_t type = 0; type < ops_.size(); ++type) {
    ops_[type] += later.ops_[type];
    footprints_[type].add(later.footprints_[type]);
  }
  unresolved_ops_ += later.unresolved_ops_;
  transport_gco2_ += later.transport_gco2_;
  has_span_regions_ |= later.has_span_regions_;
  refused_regions_ |= later.refused_regions_;
  for (const RegionTotals& from : later.regions_) {
    RegionTotals& to = *region(from.region.key());
    to.co2 += from.co2;
    to.intensity_sum += from.intensity_sum;
    to.ops += from.ops;
    to.best = std::max(to.best, from.best);
    to.calibrated |= from.calibrated;
    to.measured_by |= from.measured_by;
  }
  for (const ServiceTotals& from : later.services_) {
    ServiceTotals& to = service(from.service);
    to.footprint.add(from.footprint);
    to.ops += from.ops;
    if (to.region == nullptr && from.region != nullptr) to.region = region(from.region->region.key());
  }
  for (const EndpointTotals& from : later.endpoints_) {
    EndpointTotals& to = endpoint(from.service, from.endpoint);
    to.io_ops += from.io_ops;
    to.invocations += from.invocations;
  }
}

double Window::io_intensity(model::TextId service, model::TextId endpoint) const {
  const std::uint32_t number = endpoint_ids_.find(pair_key(service, endpoint));
  if (number == IdTable::kMissing) return 0.0;
  const EndpointTotals& totals = endpoints_[number];
  return static_cast<double>(totals.io_ops) / static_cast<double>(std::max<std::uint64_t>(totals.invocations, 1));
}

}  // namespace sentinel::score
