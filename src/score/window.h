// One pass over the spans of a scoring window: operation counts, energy and carbon by region and service
// (chapter 04 §2.1, §3, §6).
//
// A Window is filled by one thread with whole traces and then merged with its neighbours in input order; merging a single one
// changes no bit. Regions, services and endpoints stand in order of first appearance. It refers to its WindowInputs, which
// must outlive it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "model/symbols.h"
#include "model/trace_set.h"
#include "score/energy.h"
#include "score/id_table.h"
#include "score/region.h"

namespace sentinel::score {

// What every window of a run reads; shared by its threads.
struct WindowInputs {
  const model::TraceSet& traces;
  const model::Symbols& symbols;
  const config::GreenConfig& config;
  const EnergyModel& energy;
  // Region keys that the cap of 04 §3.4 lets in; nullptr: the first kMaxRegions that the window meets.
  const std::set<std::string, std::less<>>* admitted = nullptr;
};

// Energy (kWh) and operational carbon (g) of some operations.
struct Footprint {
  double energy = 0.0;
  double co2 = 0.0;

  void add(const Footprint& other) {
    energy += other.energy;
    co2 += other.co2;
  }
};

struct RegionTotals {
  explicit RegionTotals(Region of) : region(std::move(of)) {}

  Region region;
  double co2 = 0.0;
  double intensity_sum = 0.0;
  std::uint64_t ops = 0;
  model::IntensitySource best = model::IntensitySource::kAnnual;
  bool calibrated = false;
};

struct ServiceTotals {
  model::TextId service = 0;
  Footprint footprint;  // of resolved spans
  std::uint64_t ops = 0;
  std::uint32_t region = IdTable::kMissing;  // of the first resolved span
};

struct EndpointTotals {
  model::TextId service = 0;
  model::TextId endpoint = 0;
  std::uint64_t io_ops = 0;
  std::uint64_t invocations = 0;  // traces in which the pair appears
};

class Window {
 public:
  explicit Window(const WindowInputs& inputs);

  // Adds the traces [first, last) of the set.
  void add_traces(std::size_t first, std::size_t last);

  // Adds what a window of later traces holds.
  void merge(const Window& later);

  [[nodiscard]] std::uint64_t total_ops() const { return sql_ops_ + http_ops_ + messaging_ops_; }
  [[nodiscard]] std::uint64_t sql_ops() const { return sql_ops_; }
  [[nodiscard]] std::uint64_t messaging_ops() const { return messaging_ops_; }
  [[nodiscard]] std::uint64_t unresolved_ops() const { return unresolved_ops_; }
  [[nodiscard]] bool has_span_regions() const { return has_span_regions_; }
  [[nodiscard]] bool refused_regions() const { return refused_regions_; }
  [[nodiscard]] double transport_gco2() const { return transport_gco2_; }
  [[nodiscard]] const Footprint& sql() const { return sql_; }
  [[nodiscard]] const Footprint& messaging() const { return messaging_; }
  [[nodiscard]] const std::vector<RegionTotals>& regions() const { return regions_; }
  [[nodiscard]] const std::vector<ServiceTotals>& services() const { return services_; }
  [[nodiscard]] const std::vector<EndpointTotals>& endpoints() const { return endpoints_; }

  // I/O operations of a pair per trace it appears in; 0 when it was never counted.
  [[nodiscard]] double io_intensity(model::TextId service, model::TextId endpoint) const;

 private:
  // What the pass remembers of a service beside its totals.
  struct ServiceState {
    double factor = 1.0;  // calibration
    bool calibrated = false;
    std::uint32_t home = 0;       // region of spans without one of their own
    model::TextId recent_id = 0;  // last region that a span of the service brought along …
    std::uint32_t recent = 0;     // … and its number
  };

  std::uint32_t endpoint_of(model::TextId service, model::TextId endpoint);
  std::uint32_t service_of(model::TextId service);
  std::uint32_t region_of(const model::SpanRecord& span, std::uint32_t service);
  std::uint32_t home_region(model::TextId service);
  std::uint32_t region_of_id(model::TextId region);
  std::uint32_t region_number(std::string_view key);
  void add_footprint(const model::SpanRecord& span, std::uint32_t service);
  void add_transport(const model::SpanRecord& span, const Region& region, double intensity);

  const WindowInputs& inputs_;
  SpanClock clock_;

  std::uint64_t sql_ops_ = 0;
  std::uint64_t http_ops_ = 0;
  std::uint64_t messaging_ops_ = 0;
  std::uint64_t unresolved_ops_ = 0;
  bool has_span_regions_ = false;
  bool refused_regions_ = false;
  double transport_gco2_ = 0.0;
  Footprint sql_;
  Footprint messaging_;

  IdTable endpoint_ids_;
  std::vector<EndpointTotals> endpoints_;
  std::vector<std::uint32_t> endpoint_service_;   // by endpoint number
  std::vector<std::size_t> endpoint_last_trace_;  // by endpoint number: trace position + 1

  IdTable service_ids_;
  std::vector<ServiceTotals> services_;
  std::vector<ServiceState> service_states_;

  IdTable region_ids_;                       // region texts as received …
  std::vector<std::uint32_t> region_by_id_;  // … and the regions they name
  std::map<std::string, std::uint32_t, std::less<>> region_numbers_;
  std::vector<RegionTotals> regions_;
};

}  // namespace sentinel::score
