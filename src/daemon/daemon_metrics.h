// The daemon's metrics by name: what producers count with (chapter 05 §10.2, and the ledger of §4.9).
//
// Constructing declares every family of the catalogue (daemon_metrics.cpp, one table a kind) and makes the series that stand at
// 0 from start. Handles are lock-free and may be used from any thread; they live as long as the registry given. A series that
// comes later (a finding's type, a service, the slow histogram) is asked for by a function and may be kept.
//
// The ledger: at every scrape, spans that were put in = sampled out + refused + shed + ring drops + abandoned + analysed + in
// flight. The counters of each exit stand together below.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "energy/operations.h"
#include "energy/scrape_series.h"
#include "model/finding.h"
#include "telemetry/registry.h"

namespace sentinel::daemon {

// Label values in byte order; slug() gives their text.
enum class RejectReason : std::uint8_t { kChannelFull, kMemoryPressure, kParseError, kUnsupportedMediaType };
enum class FilterReason : std::uint8_t { kMergedDbSpan, kMissingDbStatement, kMissingHttpUrl, kNonSqlDatastore, kNotIo };
enum class EvictReason : std::uint8_t { kLru, kShutdown, kTtl };
enum class RefuseReason : std::uint8_t { kQueueFull, kShutdown, kTimeout };  // decoded, then not taken into the ingest queue
using EnergyBackend = energy::Backend;                                       // without the last, which measures nothing
enum class ScrapeResult : std::uint8_t { kFailed, kSuccess };
using energy::ScrapeFailure;
enum class AckAction : std::uint8_t { kAck, kUnack };
enum class AckFailure : std::uint8_t {
  kAlreadyAcked,  // ack only
  kEntryTooLarge,
  kFileTooLarge,
  kInternalError,
  kInvalidSignature,
  kLimitReached,
  kNoStore,
  kNotAcked,  // unack only
  kUnauthorized,
};
enum class ArchiveDrop : std::uint8_t { kQueueFull, kWriteFailed };

[[nodiscard]] std::string_view slug(RejectReason reason);
[[nodiscard]] std::string_view slug(FilterReason reason);
[[nodiscard]] std::string_view slug(EvictReason reason);
[[nodiscard]] std::string_view slug(RefuseReason reason);
[[nodiscard]] std::string_view slug(AckAction action);
[[nodiscard]] std::string_view slug(AckFailure reason);
[[nodiscard]] std::string_view slug(ArchiveDrop reason);

inline constexpr std::size_t kEnergyBackends = energy::kMeasuringBackends;
using energy::kScrapeFailures;
inline constexpr std::size_t kMaxServiceSeries = 1024;

// One counter a value of an enum.
template <class Reason, std::size_t kCount>
class CountersBy {
 public:
  // Precondition: the catalogue has a series for `reason`.
  telemetry::Counter& operator[](Reason reason) const { return *series_[static_cast<std::size_t>(reason)]; }
  [[nodiscard]] bool has(Reason reason) const { return series_[static_cast<std::size_t>(reason)] != nullptr; }
  // Sum of all.
  [[nodiscard]] std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (const telemetry::Counter* counter : series_) sum += counter != nullptr ? counter->value() : 0;
    return sum;
  }

 private:
  friend class DaemonMetrics;
  std::array<telemetry::Counter*, kCount> series_{};
};

struct DaemonMetricsOptions {
  bool api_enabled = true;                         // energy_backend_configured stands only then
  std::array<bool, kEnergyBackends> configured{};  // by EnergyBackend
};

class DaemonMetrics {
 public:
  // `registry` outlives this.
  explicit DaemonMetrics(telemetry::Registry& registry, const DaemonMetricsOptions& options = {});
  DaemonMetrics(const DaemonMetrics&) = delete;
  DaemonMetrics& operator=(const DaemonMetrics&) = delete;

  // -- doors
  CountersBy<RejectReason, 4> otlp_rejected;
  telemetry::Counter* otlp_spans_received = nullptr;
  CountersBy<FilterReason, 5> otlp_spans_filtered;
  telemetry::Gauge* ingest_memory_pressure = nullptr;
  telemetry::Gauge* ingest_queue_depth = nullptr;     // batches
  telemetry::Gauge* ingest_queue_capacity = nullptr;  // batches

  // -- the ledger of spans after conversion, in spans
  telemetry::Counter* events_sampled_out = nullptr;
  CountersBy<RefuseReason, 3> events_refused;
  telemetry::Counter* events_processed = nullptr;     // put into the window
  telemetry::Counter* events_ring_dropped = nullptr;  // oldest of a trace with max_events_per_trace
  telemetry::Counter* events_shed = nullptr;          // in batches that the analysis queue had no room for
  telemetry::Counter* events_abandoned = nullptr;     // not reached within [daemon] shutdown_timeout_ms, or analysis failed
  telemetry::Counter* events_analyzed = nullptr;
  telemetry::Gauge* events_in_flight = nullptr;  // taken in and neither analysed nor lost

  // -- window
  telemetry::Gauge* active_traces = nullptr;
  telemetry::Gauge* max_active_traces = nullptr;
  CountersBy<EvictReason, 3> traces_evicted;
  telemetry::Counter* late_spans = nullptr;  // of traces analysed before
  telemetry::Counter* service_io_ops_overflow = nullptr;
  // The service's series, or nullptr past the cap (then count service_io_ops_overflow). Keep the answer: it takes a lock.
  telemetry::Counter* service_io_ops(std::string_view service) { return services_->series({service}); }
  // All of them as they stand now; from any thread.
  [[nodiscard]] energy::OpsByService service_io_ops() const;

  // -- analysis
  telemetry::Gauge* analysis_queue_depth = nullptr;
  telemetry::Gauge* analysis_queue_capacity = nullptr;
  telemetry::Counter* analysis_shed_batches = nullptr;
  telemetry::Counter* analysis_shed_traces = nullptr;
  telemetry::Counter* traces_analyzed = nullptr;
  telemetry::Counter* total_io_ops = nullptr;
  telemetry::Counter* avoidable_io_ops = nullptr;
  telemetry::Gauge* io_waste_ratio = nullptr;  // has an exemplar
  telemetry::Gauge* energy_kwh = nullptr;
  telemetry::Gauge* carbon_gco2 = nullptr;
  telemetry::Histogram* analysis_seconds = nullptr;  // one batch
  telemetry::Counter* correlator_pairs_evicted = nullptr;
  telemetry::Counter* correlator_occurrences_dropped = nullptr;
  // Has an exemplar; made on first sight.
  telemetry::Counter& findings(model::FindingType type, model::Severity severity);
  // Makes all three series of the histogram on the first call (the first analysed batch); then they are handles.
  telemetry::Histogram& slow_duration(model::EventType type);
  void start_slow_durations() { (void)slow_duration(model::EventType::kSql); }

  // -- stores
  telemetry::Gauge* stored_findings = nullptr;
  telemetry::Gauge* max_retained_findings = nullptr;
  telemetry::Counter* export_report_requests = nullptr;
  CountersBy<AckAction, 2> ack_operations;
  // Only the pairs of the catalogue exist: has() tells.
  std::array<CountersBy<AckFailure, 9>, 2> ack_operations_failed;
  telemetry::Counter* ack_lines_skipped = nullptr;  // cut last lines of the store's file
  telemetry::Counter* archive_windows_written = nullptr;
  CountersBy<ArchiveDrop, 2> archive_windows_dropped;
  telemetry::Counter* archive_bytes_written = nullptr;

  // -- energy sources
  struct Scraper {
    telemetry::Gauge* last_scrape_age_seconds = nullptr;
    // Without series for cloud_energy.
    CountersBy<ScrapeResult, 2> scrapes;
    CountersBy<ScrapeFailure, kScrapeFailures> failures;
  };
  // Precondition: not kElectricityMaps, which has no metrics.
  [[nodiscard]] Scraper& scraper(EnergyBackend backend) { return scrapers_[static_cast<std::size_t>(backend)]; }
  // The same for whoever reads the source; empty for kElectricityMaps.
  [[nodiscard]] energy::ScrapeSeries scrape_series(EnergyBackend backend);

 private:
  struct Catalogue;  // daemon_metrics.cpp
  friend struct Catalogue;

  telemetry::Family<telemetry::Counter>* services_ = nullptr;
  telemetry::Family<telemetry::Counter>* findings_ = nullptr;
  telemetry::Family<telemetry::Histogram>* slow_ = nullptr;
  std::array<Scraper, kEnergyBackends> scrapers_;
};

// What a family's row says, for documentation and for checks of rules and dashboards.
struct MetricRow {
  std::string_view name;
  telemetry::MetricKind kind;
  std::string_view unit;
  std::string_view help;
};
[[nodiscard]] std::span<const MetricRow> metric_rows();  // in byte order of the names; without process_*

}  // namespace sentinel::daemon
