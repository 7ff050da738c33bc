#include "score/window.h"

#include <algorithm>

#include "base/text.h"
#include "score/constants.h"

namespace sentinel::score {

namespace {

constexpr std::uint32_t kUnresolved = IdTable::kMissing;  // no region, or one past the cap
constexpr std::uint32_t kNotAskedYet = kUnresolved - 1;
constexpr std::size_t kPrefetch = 8;  // records ahead; a cache miss lasts about eight spans' work

std::uint64_t pair_key(model::TextId service, model::TextId endpoint) {
  return (static_cast<std::uint64_t>(service) << 32) | endpoint;
}

void prefetch(const model::SpanRecord* span) {
  __builtin_prefetch(span);
  __builtin_prefetch(reinterpret_cast<const char*>(span) + sizeof(*span) - 1);
}

}  // namespace

Window::Window(const WindowInputs& inputs) : inputs_(inputs), clock_(inputs.symbols) {}

void Window::add_traces(std::size_t first, std::size_t last) {
  const model::TraceSet& set = inputs_.traces;
  const bool green = inputs_.config.enabled;
  std::uint32_t endpoint = 0;
  std::uint64_t endpoint_key = 0;
  bool has_endpoint = false;
  for (std::size_t trace = first; trace < last; ++trace) {
    const std::size_t begin = set.traces[trace].first;
    for (std::size_t i = begin; i < begin + set.traces[trace].count; ++i) {
      if (i + kPrefetch < set.spans.size()) prefetch(set.spans[i + kPrefetch]);
      const model::SpanRecord& span = *set.spans[i];
      const model::EventType type = span.type();
      sql_ops_ += type == model::EventType::kSql;
      http_ops_ += type == model::EventType::kHttpOut;
      messaging_ops_ += type == model::EventType::kMessaging;
      // Neighbours mostly share their endpoint.
      const std::uint64_t key = pair_key(span.service, span.endpoint);
      if (!has_endpoint || key != endpoint_key) {
        endpoint = endpoint_of(span.service, span.endpoint);
        endpoint_key = key;
        has_endpoint = true;
      }
      EndpointTotals& totals = endpoints_[endpoint];
      ++totals.io_ops;
      totals.invocations += endpoint_last_trace_[endpoint] != trace + 1;
      endpoint_last_trace_[endpoint] = trace + 1;
      if (green) add_footprint(span, endpoint_service_[endpoint]);
    }
  }
}

std::uint32_t Window::endpoint_of(model::TextId service, model::TextId endpoint) {
  const auto [number, is_new] = endpoint_ids_.add(pair_key(service, endpoint));
  if (is_new) {
    endpoints_.push_back({.service = service, .endpoint = endpoint, .io_ops = 0, .invocations = 0});
    endpoint_service_.push_back(service_of(service));
    endpoint_last_trace_.push_back(0);
  }
  return number;
}

std::uint32_t Window::service_of(model::TextId service) {
  const auto [number, is_new] = service_ids_.add(service);
  if (is_new) {
    services_.emplace_back().service = service;
    ServiceState state;
    state.home = kNotAskedYet;
    if (const auto& factors = inputs_.config.calibration_factors) {
      if (const auto it = factors->find(std::string(inputs_.symbols.text(service))); it != factors->end()) {
        state.factor = it->second;
        state.calibrated = true;
      }
    }
    service_states_.push_back(state);
  }
  return number;
}

void Window::add_footprint(const model::SpanRecord& span, std::uint32_t service) {
  has_span_regions_ |= span.region != base::kNoText;
  const std::uint32_t number = region_of(span, service);
  if (number == kUnresolved) {
    ++unresolved_ops_;
    return;
  }
  RegionTotals& bucket = regions_[number];
  const Region& region = bucket.region;
  Intensity intensity = region.annual();
  if (region.varies()) {
    if (const UtcHour when = clock_.hour_of(span); when.hour >= 0) intensity = region.at(when);
  }
  const ServiceState& state = service_states_[service];
  const double energy = inputs_.energy.of(span) * state.factor;
  const Footprint own{energy, energy * intensity.grams_per_kwh * region.pue()};

  const model::EventType type = span.type();
  if (type == model::EventType::kSql) sql_.add(own);
  if (type == model::EventType::kMessaging) messaging_.add(own);

  bucket.co2 += own.co2;
  ++bucket.ops;
  bucket.intensity_sum += intensity.grams_per_kwh;
  bucket.best = std::max(bucket.best, intensity.source);
  bucket.calibrated |= state.calibrated;

  ServiceTotals& totals = services_[service];
  if (totals.region == IdTable::kMissing) totals.region = number;
  totals.footprint.add(own);
  ++totals.ops;

  if (type == model::EventType::kHttpOut && span.extra != 0) add_transport(span, region, intensity.grams_per_kwh);
}

void Window::add_transport(const model::SpanRecord& span, const Region& region, double intensity) {
  const model::TextId peer = inputs_.symbols.extra(span.extra).peer_region;
  if (peer == base::kNoText || !span.has(model::kHasResponseSize)) return;
  if (base::equals_ignoring_case(inputs_.symbols.text(peer), region.key())) return;
  transport_gco2_ += static_cast<double>(span.response_bytes) * kNetworkKwhPerByte * intensity * region.pue();
}

std::uint32_t Window::region_of(const model::SpanRecord& span, std::uint32_t service) {
  ServiceState& state = service_states_[service];
  if (span.region == base::kNoText) {
    if (state.home == kNotAskedYet) state.home = home_region(span.service);
    return state.home;
  }
  if (state.recent_id != span.region) {
    state.recent = region_of_id(span.region);
    state.recent_id = span.region;
  }
  return state.recent;
}

std::uint32_t Window::home_region(model::TextId service) {
  const config::GreenConfig& config = inputs_.config;
  const auto mapped = config.service_regions.find(base::ascii_lower(inputs_.symbols.text(service)));
  if (mapped != config.service_regions.end()) return region_number(base::ascii_lower(mapped->second));
  if (config.default_region) return region_number(base::ascii_lower(*config.default_region));
  return kUnresolved;
}

std::uint32_t Window::region_of_id(model::TextId region) {
  const auto [number, is_new] = region_ids_.add(region);
  if (is_new) region_by_id_.push_back(region_number(base::ascii_lower(inputs_.symbols.text(region))));
  return region_by_id_[number];
}

std::uint32_t Window::region_number(std::string_view key) {
  if (const auto it = region_numbers_.find(key); it != region_numbers_.end()) return it->second;
  const bool fits = inputs_.admitted != nullptr ? inputs_.admitted->contains(key) : regions_.size() < kMaxRegions;
  if (!fits) {
    refused_regions_ = true;
    return kUnresolved;
  }
  const auto number = static_cast<std::uint32_t>(regions_.size());
  regions_.push_back(RegionTotals(Region(key, inputs_.config)));
  region_numbers_.emplace(key, number);
  return number;
}

void Window::merge(const Window& later) {
  sql_ops_ += later.sql_ops_;
  http_ops_ += later.http_ops_;
  messaging_ops_ += later.messaging_ops_;
  unresolved_ops_ += later.unresolved_ops_;
  has_span_regions_ |= later.has_span_regions_;
  refused_regions_ |= later.refused_regions_;
  transport_gco2_ += later.transport_gco2_;
  sql_.add(later.sql_);
  messaging_.add(later.messaging_);

  std::vector<std::uint32_t> numbers;  // of the later window's regions here
  for (const RegionTotals& from : later.regions_) {
    const std::uint32_t number = region_number(from.region.key());
    numbers.push_back(number);
    if (number == kUnresolved) continue;  // cannot be: the windows of a run share their admitted regions
    RegionTotals& to = regions_[number];
    to.co2 += from.co2;
    to.intensity_sum += from.intensity_sum;
    to.ops += from.ops;
    to.best = std::max(to.best, from.best);
    to.calibrated |= from.calibrated;
  }
  for (const ServiceTotals& from : later.services_) {
    ServiceTotals& to = services_[service_of(from.service)];
    to.footprint.add(from.footprint);
    to.ops += from.ops;
    if (to.region == IdTable::kMissing && from.region != IdTable::kMissing) to.region = numbers[from.region];
  }
  for (const EndpointTotals& from : later.endpoints_) {
    const std::uint32_t number = endpoint_of(from.service, from.endpoint);
    endpoints_[number].io_ops += from.io_ops;
    endpoints_[number].invocations += from.invocations;
  }
}

double Window::io_intensity(model::TextId service, model::TextId endpoint) const {
  const std::uint32_t number = endpoint_ids_.find(pair_key(service, endpoint));
  if (number == IdTable::kMissing) return 0.0;
  const EndpointTotals& totals = endpoints_[number];
  return static_cast<double>(totals.io_ops) / static_cast<double>(std::max<std::uint64_t>(totals.invocations, 1));
}

}  // namespace sentinel::score
