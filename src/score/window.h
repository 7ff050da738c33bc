// One pass over the spans of a scoring window: operation counts, energy and carbon by region and service
// (chapter 04 §2.1, §3, §6).
//
// A Window is filled by one thread with whole traces and then merged with its neighbours in input order. Regions, services and
// endpoints stand in order of first appearance. It refers to its WindowInputs, which must outlive it.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"
#include "model/symbols.h"
#include "model/trace_set.h"
#include "score/energy.h"
#include "score/id_table.h"
#include "score/readings.h"
#include "score/region.h"
#include "score/span_clock.h"

namespace sentinel::score {

// What every window of a run reads; shared by its threads.
struct WindowInputs {
  const model::TraceSet& traces;
  const model::Symbols& symbols;
  const config::GreenConfig& config;
  const EnergyModel& energy;
  const Readings* readings = nullptr;  // what was measured; nullptr: nothing
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
  unsigned measured_by = 0;  // a bit for each EnergySource
};

struct ServiceTotals {
  model::TextId service = 0;
  Footprint footprint;  // of resolved spans
  std::uint64_t ops = 0;
  const RegionTotals* region = nullptr;  // of the first resolved span

  const MeasuredEnergy* measured = nullptr;  // of every operation; nullptr: the proxy's

  // What the pass remembers: the calibration, and where a span goes that brings along the region `recent_id` (kNoText: none).
  static constexpr model::TextId kNoneYet = 0xFFFF'FFFF;
  double factor = 1.0;
  bool calibrated = false;
  model::TextId recent_id = kNoneYet;
  RegionTotals* recent = nullptr;  // nullptr: unresolved
};

struct EndpointTotals {
  model::TextId service = 0;
  model::TextId endpoint = 0;
  std::uint64_t io_ops = 0;
  std::uint64_t invocations = 0;  // traces in which the pair appears

  // What the pass remembers.
  ServiceTotals* of_service = nullptr;
  std::size_t last_trace = 0;  // position + 1
};

class Window {
 public:
  explicit Window(const WindowInputs& inputs);

  // Adds the traces [first, last) of the set.
  void add_traces(std::size_t first, std::size_t last);

  // Adds what a window of later traces holds.
  void merge(const Window& later);

  [[nodiscard]] std::uint64_t total_ops() const { return ops_[0] + ops_[1] + ops_[2]; }
  [[nodiscard]] std::uint64_t ops(model::EventType type) const { return ops_[index(type)]; }
  [[nodiscard]] const Footprint& footprint(model::EventType type) const { return footprints_[index(type)]; }
  [[nodiscard]] std::uint64_t unresolved_ops() const { return unresolved_ops_; }
  [[nodiscard]] double transport_gco2() const { return transport_gco2_; }
  [[nodiscard]] bool has_span_regions() const { return has_span_regions_; }
  [[nodiscard]] bool refused_regions() const { return refused_regions_; }
  [[nodiscard]] const std::deque<RegionTotals>& regions() const { return regions_; }
  [[nodiscard]] const std::deque<ServiceTotals>& services() const { return services_; }
  [[nodiscard]] const std::deque<EndpointTotals>& endpoints() const { return endpoints_; }

  // I/O operations of a pair per trace it appears in; 0 when it was never counted.
  [[nodiscard]] double io_intensity(model::TextId service, model::TextId endpoint) const;

 private:
  [[nodiscard]] static std::size_t index(model::EventType type) { return static_cast<std::size_t>(type); }

  // What the grid is like where and when a span ran; neighbours mostly share the region and the hour.
  struct Grid {
    const RegionTotals* bucket = nullptr;
    std::uint64_t from_us = 0;  // for an hour from here; 0: for the one span only
    Intensity intensity;
    double pue = 0.0;

    [[nodiscard]] bool holds_for(const model::SpanRecord& span) const {
      return span.start_us - from_us < SpanClock::kHourUs && span.extra == 0 && from_us != 0;
    }
    [[nodiscard]] bool holds_for(const model::SpanRecord& span, const RegionTotals& of) const {
      return bucket == &of && holds_for(span);
    }
  };
  Grid grid_now(const model::SpanRecord& span, const RegionTotals& bucket);

  EndpointTotals& endpoint(model::TextId service, model::TextId endpoint);
  ServiceTotals& service(model::TextId service);
  RegionTotals* region(std::string_view key);  // nullptr past the cap
  RegionTotals* region_of_id(model::TextId id);
  RegionTotals* home_region(model::TextId service);
  void move_to_region(ServiceTotals& service, model::TextId id);
  std::size_t count_ops(const EndpointTotals& totals, std::size_t i, std::size_t end);
  std::size_t add_footprints(const EndpointTotals& totals, std::size_t i, std::size_t end);
  void add_transport(const model::SpanRecord& span, const Region& region, double intensity);

  const WindowInputs& inputs_;
  const EnergyModel& energy_;
  SpanClock clock_;
  Grid grid_;

  // Sums.
  std::array<std::uint64_t, 3> ops_{};     // by event type
  std::array<Footprint, 3> footprints_{};  // of resolved spans, by event type
  std::uint64_t unresolved_ops_ = 0;
  double transport_gco2_ = 0.0;
  bool has_span_regions_ = false;
  bool refused_regions_ = false;
  std::deque<EndpointTotals> endpoints_;  // deques, because their elements point at each other
  std::deque<ServiceTotals> services_;
  std::deque<RegionTotals> regions_;

  // Ways to find them.
  IdTable endpoint_ids_;
  IdTable service_ids_;
  IdTable region_ids_;                       // region texts as received …
  std::vector<RegionTotals*> region_by_id_;  // … and the regions they name
  std::map<std::string, RegionTotals*, std::less<>> region_by_key_;
};

}  // namespace sentinel::score
