#include "daemon/daemon_metrics.h"

#include <algorithm>
#include <vector>

namespace sentinel::daemon {

using telemetry::Counter;
using telemetry::Family;
using telemetry::Gauge;
using telemetry::Histogram;
using telemetry::MetricKind;

namespace {

// -- label values, in the order of their enums

constexpr std::string_view kRejectReasons[] = {"channel_full", "memory_pressure", "parse_error", "unsupported_media_type"};
constexpr std::string_view kFilterReasons[] = {"merged_db_span", "missing_db_statement", "missing_http_url",
                                               "non_sql_datastore", "not_io"};
constexpr std::string_view kEvictReasons[] = {"lru", "shutdown", "ttl"};
constexpr std::string_view kRefuseReasons[] = {"queue_full", "shutdown", "timeout"};
constexpr std::string_view kScrapeResults[] = {"failed", "success"};
constexpr auto kScrapeFailureReasons = [] {
  std::array<std::string_view, kScrapeFailures> texts;
  for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = energy::slug(static_cast<ScrapeFailure>(i));
  return texts;
}();
constexpr std::size_t kCommonScrapeFailures = 6;  // the last three are Redfish's
constexpr std::string_view kAckActions[] = {"ack", "unack"};
constexpr std::string_view kAckFailures[] = {"already_acked",  "entry_too_large",   "file_too_large",
                                             "internal_error", "invalid_signature", "limit_reached",
                                             "no_store",       "not_acked",         "unauthorized"};
constexpr std::string_view kArchiveDrops[] = {"queue_full", "write_failed"};
constexpr std::string_view kSlowTypes[] = {"sql", "http_out", "messaging"};  // by model::EventType

// Bits of AckFailure that an action can end with.
constexpr unsigned kFailuresOf[] = {0b1'0111'1111, 0b1'1101'1000};

constexpr double kSlowBounds[] = {0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30};
constexpr double kAnalysisBounds[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};

constexpr std::string_view kByAction[] = {"action"};
constexpr std::string_view kByActionAndReason[] = {"action", "reason"};
constexpr std::string_view kByBackend[] = {"backend"};
constexpr std::string_view kByReason[] = {"reason"};
constexpr std::string_view kByService[] = {"service"};
constexpr std::string_view kBySeverityAndType[] = {"severity", "type"};
constexpr std::string_view kByStatus[] = {"status"};
constexpr std::string_view kByType[] = {"type"};

// -- the catalogue: every family of ours, in byte order of the names

#define P "perf_sentinel_"
constexpr MetricRow kRows[] = {
    {P "ack_lines_skipped_total", MetricKind::kCounter, "lines",
     "Cut last lines of the acknowledgment file, skipped at start."},
    {P "ack_operations_failed_total", MetricKind::kCounter, "operations", "Acknowledgment calls refused or failed, by reason."},
    {P "ack_operations_total", MetricKind::kCounter, "operations", "Acknowledgments made and revoked over HTTP."},
    {P "active_traces", MetricKind::kGauge, "traces", "Traces open in the window now."},
    {P "alumet_last_scrape_age_seconds", MetricKind::kGauge, "seconds",
     "Seconds since the last good Alumet scrape; 0 before the first attempt."},
    {P "alumet_scrape_failed_total", MetricKind::kCounter, "scrapes", "Failed Alumet scrapes by cause."},
    {P "alumet_scrape_total", MetricKind::kCounter, "scrapes", "Alumet scrapes by outcome."},
    {P "analysis_batch_seconds", MetricKind::kHistogram, "seconds", "Time that the analysis of a batch took."},
    {P "analysis_queue_capacity", MetricKind::kGauge, "batches", "Most batches that may wait for analysis."},
    {P "analysis_queue_depth", MetricKind::kGauge, "batches", "Batches waiting for analysis."},
    {P "analysis_shed_batches_total", MetricKind::kCounter, "batches", "Batches dropped because the analysis queue was full."},
    {P "analysis_shed_traces_total", MetricKind::kCounter, "traces", "Traces in the batches dropped before analysis."},
    {P "archive_bytes_written_total", MetricKind::kCounter, "bytes", "Bytes written to the archive."},
    {P "archive_windows_dropped_total", MetricKind::kCounter, "windows",
     "Analysed windows missing from the archive, by reason."},
    {P "archive_windows_written_total", MetricKind::kCounter, "windows", "Analysed windows written to the archive."},
    {P "avoidable_io_ops", MetricKind::kCounter, "operations", "Avoidable I/O operations among those analysed."},
    {P "carbon_gco2", MetricKind::kGauge, "gCO2e", "Operational carbon of the last analysed batch in grams."},
    {P "cloud_energy_last_scrape_age_seconds", MetricKind::kGauge, "seconds",
     "Seconds since the last good cloud energy scrape; 0 before the first attempt."},
    {P "correlator_occurrences_dropped_total", MetricKind::kCounter, "findings",
     "Oldest findings that correlation forgot early, at its cap."},
    {P "correlator_pairs_evicted_total", MetricKind::kCounter, "pairs",
     "Correlation pairs evicted or refused at max_tracked_pairs."},
    {P "energy_backend_configured", MetricKind::kGauge, "", "1 when the energy source is configured."},
    {P "energy_kwh", MetricKind::kGauge, "kWh", "Energy of the last analysed batch."},
    {P "events_abandoned_total", MetricKind::kCounter, "spans",
     "Spans that shutdown did not reach in time, or whose analysis failed."},
    {P "events_analyzed_total", MetricKind::kCounter, "spans", "Spans that finished analysis."},
    {P "events_in_flight", MetricKind::kGauge, "spans", "Spans taken in and not yet analysed or lost."},
    {P "events_processed_total", MetricKind::kCounter, "spans", "I/O spans put into the window."},
    {P "events_refused_total", MetricKind::kCounter, "spans",
     "Decoded spans that found no room in the ingest queue, by reason."},
    {P "events_ring_dropped_total", MetricKind::kCounter, "spans", "Oldest spans dropped from traces at max_events_per_trace."},
    {P "events_sampled_out_total", MetricKind::kCounter, "spans", "Spans that sampling_rate left out."},
    {P "events_shed_total", MetricKind::kCounter, "spans", "Spans in the batches dropped before analysis."},
    {P "export_report_requests_total", MetricKind::kCounter, "requests", "Requests of /api/export/report."},
    {P "findings_total", MetricKind::kCounter, "findings", "Findings by type and severity."},
    {P "ingest_memory_pressure", MetricKind::kGauge, "", "1 while the memory guard refuses new spans."},
    {P "ingest_queue_capacity", MetricKind::kGauge, "batches", "Most batches that may wait for the window."},
    {P "ingest_queue_depth", MetricKind::kGauge, "batches", "Batches waiting for the window."},
    {P "io_waste_ratio", MetricKind::kGauge, "ratio", "Avoidable share of all I/O operations since start."},
    {P "kepler_last_scrape_age_seconds", MetricKind::kGauge, "seconds",
     "Seconds since the last good Kepler scrape; 0 before the first attempt."},
    {P "kepler_scrape_failed_total", MetricKind::kCounter, "scrapes", "Failed Kepler scrapes by cause."},
    {P "kepler_scrape_total", MetricKind::kCounter, "scrapes", "Kepler scrapes by outcome."},
    {P "late_spans_total", MetricKind::kCounter, "spans", "Spans of traces that had been analysed already."},
    {P "max_active_traces", MetricKind::kGauge, "traces", "Most traces that the window holds."},
    {P "max_retained_findings", MetricKind::kGauge, "findings", "Most findings that are kept."},
    {P "otlp_rejected_total", MetricKind::kCounter, "requests", "OTLP requests refused, by reason."},
    {P "otlp_spans_filtered_total", MetricKind::kCounter, "spans", "Received spans that are no analysable I/O, by reason."},
    {P "otlp_spans_received_total", MetricKind::kCounter, "spans", "Spans of decoded OTLP requests, before filtering."},
    {P "redfish_last_scrape_age_seconds", MetricKind::kGauge, "seconds",
     "Seconds since the last good Redfish scrape; 0 before the first attempt."},
    {P "redfish_scrape_failed_total", MetricKind::kCounter, "scrapes", "Failed Redfish scrapes by cause."},
    {P "redfish_scrape_total", MetricKind::kCounter, "scrapes", "Redfish scrapes by outcome."},
    {P "scaphandre_last_scrape_age_seconds", MetricKind::kGauge, "seconds",
     "Seconds since the last good Scaphandre scrape; 0 before the first attempt."},
    {P "scaphandre_scrape_failed_total", MetricKind::kCounter, "scrapes", "Failed Scaphandre scrapes by cause."},
    {P "scaphandre_scrape_total", MetricKind::kCounter, "scrapes", "Scaphandre scrapes by outcome."},
    {P "service_io_ops_overflow_total", MetricKind::kCounter, "operations",
     "I/O operations of services beyond the cap of 1024 names."},
    {P "service_io_ops_total", MetricKind::kCounter, "operations", "I/O operations taken in, by service."},
    {P "slow_duration_seconds", MetricKind::kHistogram, "seconds", "Durations of spans over the slow threshold, by type."},
    {P "stored_findings", MetricKind::kGauge, "findings", "Findings kept now."},
    {P "total_io_ops", MetricKind::kCounter, "operations", "I/O operations analysed."},
    {P "traces_analyzed_total", MetricKind::kCounter, "traces", "Traces that finished analysis."},
    {P "traces_evicted_total", MetricKind::kCounter, "traces", "Traces that left the window, by reason."},
};

// -- handles without labels

struct CounterHandle {
  std::string_view name;
  Counter* DaemonMetrics::*handle;
};
constexpr CounterHandle kCounterHandles[] = {
    {P "otlp_spans_received_total", &DaemonMetrics::otlp_spans_received},
    {P "events_sampled_out_total", &DaemonMetrics::events_sampled_out},
    {P "events_processed_total", &DaemonMetrics::events_processed},
    {P "events_ring_dropped_total", &DaemonMetrics::events_ring_dropped},
    {P "events_shed_total", &DaemonMetrics::events_shed},
    {P "events_abandoned_total", &DaemonMetrics::events_abandoned},
    {P "events_analyzed_total", &DaemonMetrics::events_analyzed},
    {P "late_spans_total", &DaemonMetrics::late_spans},
    {P "service_io_ops_overflow_total", &DaemonMetrics::service_io_ops_overflow},
    {P "analysis_shed_batches_total", &DaemonMetrics::analysis_shed_batches},
    {P "analysis_shed_traces_total", &DaemonMetrics::analysis_shed_traces},
    {P "traces_analyzed_total", &DaemonMetrics::traces_analyzed},
    {P "total_io_ops", &DaemonMetrics::total_io_ops},
    {P "avoidable_io_ops", &DaemonMetrics::avoidable_io_ops},
    {P "correlator_pairs_evicted_total", &DaemonMetrics::correlator_pairs_evicted},
    {P "correlator_occurrences_dropped_total", &DaemonMetrics::correlator_occurrences_dropped},
    {P "export_report_requests_total", &DaemonMetrics::export_report_requests},
    {P "ack_lines_skipped_total", &DaemonMetrics::ack_lines_skipped},
    {P "archive_windows_written_total", &DaemonMetrics::archive_windows_written},
    {P "archive_bytes_written_total", &DaemonMetrics::archive_bytes_written},
};

struct GaugeHandle {
  std::string_view name;
  Gauge* DaemonMetrics::*handle;
  bool exemplars = false;
};
constexpr GaugeHandle kGaugeHandles[] = {
    {P "ingest_memory_pressure", &DaemonMetrics::ingest_memory_pressure},
    {P "ingest_queue_depth", &DaemonMetrics::ingest_queue_depth},
    {P "ingest_queue_capacity", &DaemonMetrics::ingest_queue_capacity},
    {P "events_in_flight", &DaemonMetrics::events_in_flight},
    {P "active_traces", &DaemonMetrics::active_traces},
    {P "max_active_traces", &DaemonMetrics::max_active_traces},
    {P "analysis_queue_depth", &DaemonMetrics::analysis_queue_depth},
    {P "analysis_queue_capacity", &DaemonMetrics::analysis_queue_capacity},
    {P "io_waste_ratio", &DaemonMetrics::io_waste_ratio, true},
    {P "energy_kwh", &DaemonMetrics::energy_kwh},
    {P "carbon_gco2", &DaemonMetrics::carbon_gco2},
    {P "stored_findings", &DaemonMetrics::stored_findings},
    {P "max_retained_findings", &DaemonMetrics::max_retained_findings},
};

// Scraper families by backend; an empty name where the backend has none.
struct ScraperNames {
  std::string_view age;
  std::string_view total;
  std::string_view failed;
  std::size_t failures;
};
constexpr ScraperNames kScraperNames[kEnergyBackends] = {
    {P "alumet_last_scrape_age_seconds", P "alumet_scrape_total", P "alumet_scrape_failed_total", kCommonScrapeFailures},
    {P "cloud_energy_last_scrape_age_seconds", "", "", 0},
    {P "kepler_last_scrape_age_seconds", P "kepler_scrape_total", P "kepler_scrape_failed_total", kCommonScrapeFailures},
    {P "redfish_last_scrape_age_seconds", P "redfish_scrape_total", P "redfish_scrape_failed_total", kScrapeFailures},
    {P "scaphandre_last_scrape_age_seconds", P "scaphandre_scrape_total", P "scaphandre_scrape_failed_total",
     kCommonScrapeFailures},
};

constexpr const MetricRow& row_of(std::string_view name) {
  return *std::lower_bound(std::begin(kRows), std::end(kRows), name,
                           [](const MetricRow& row, std::string_view n) { return row.name < n; });
}

telemetry::FamilySpec spec_of(std::string_view name, std::span<const std::string_view> labels = {}) {
  const MetricRow& row = row_of(name);
  return {.name = row.name, .help = row.help, .labels = labels};
}

}  // namespace

std::span<const MetricRow> metric_rows() { return kRows; }

std::string_view slug(RejectReason reason) { return kRejectReasons[static_cast<std::size_t>(reason)]; }
std::string_view slug(FilterReason reason) { return kFilterReasons[static_cast<std::size_t>(reason)]; }
std::string_view slug(EvictReason reason) { return kEvictReasons[static_cast<std::size_t>(reason)]; }
std::string_view slug(RefuseReason reason) { return kRefuseReasons[static_cast<std::size_t>(reason)]; }
std::string_view slug(AckAction action) { return kAckActions[static_cast<std::size_t>(action)]; }
std::string_view slug(AckFailure reason) { return kAckFailures[static_cast<std::size_t>(reason)]; }
std::string_view slug(ArchiveDrop reason) { return kArchiveDrops[static_cast<std::size_t>(reason)]; }

// Declares families in a registry and puts their series into the handles.
struct DaemonMetrics::Catalogue {
  telemetry::Registry& registry;

  template <class Reason, std::size_t kCount>
  void one_label(CountersBy<Reason, kCount>& to, std::string_view name, std::span<const std::string_view> label,
                 std::span<const std::string_view> values) {
    Family<Counter>* family = registry.counters(spec_of(name, label));
    for (std::size_t i = 0; i < values.size(); ++i) to.series_[i] = family->series({values[i]});
  }

  void plain(DaemonMetrics& to) {
    for (const CounterHandle& row : kCounterHandles) to.*row.handle = &registry.counters(spec_of(row.name))->only();
    for (const GaugeHandle& row : kGaugeHandles) {
      telemetry::FamilySpec spec = spec_of(row.name);
      spec.exemplars = row.exemplars;
      to.*row.handle = &registry.gauges(spec)->only();
    }
  }

  void labelled(DaemonMetrics& to) {
    one_label(to.otlp_rejected, P "otlp_rejected_total", kByReason, kRejectReasons);
    one_label(to.otlp_spans_filtered, P "otlp_spans_filtered_total", kByReason, kFilterReasons);
    one_label(to.events_refused, P "events_refused_total", kByReason, kRefuseReasons);
    one_label(to.traces_evicted, P "traces_evicted_total", kByReason, kEvictReasons);
    one_label(to.archive_windows_dropped, P "archive_windows_dropped_total", kByReason, kArchiveDrops);
    one_label(to.ack_operations, P "ack_operations_total", kByAction, kAckActions);
    Family<Counter>* failed = registry.counters(spec_of(P "ack_operations_failed_total", kByActionAndReason));
    for (std::size_t action = 0; action < std::size(kAckActions); ++action) {
      for (std::size_t reason = 0; reason < std::size(kAckFailures); ++reason) {
        if ((kFailuresOf[action] >> reason & 1U) == 0) continue;
        to.ack_operations_failed[action].series_[reason] = failed->series({kAckActions[action], kAckFailures[reason]});
      }
    }
  }

  void scrapers(DaemonMetrics& to) {
    for (std::size_t i = 0; i < kEnergyBackends; ++i) {
      const ScraperNames& names = kScraperNames[i];
      Scraper& scraper = to.scrapers_[i];
      scraper.last_scrape_age_seconds = &registry.gauges(spec_of(names.age))->only();
      if (names.total.empty()) continue;
      one_label(scraper.scrapes, names.total, kByStatus, kScrapeResults);
      one_label(scraper.failures, names.failed, kByReason, std::span(kScrapeFailureReasons).first(names.failures));
    }
  }

  void on_demand(DaemonMetrics& to) {
    telemetry::FamilySpec services = spec_of(P "service_io_ops_total", kByService);
    services.max_series = kMaxServiceSeries;
    to.services_ = registry.counters(services);
    telemetry::FamilySpec findings = spec_of(P "findings_total", kBySeverityAndType);
    findings.exemplars = true;
    to.findings_ = registry.counters(findings);
    telemetry::FamilySpec slow = spec_of(P "slow_duration_seconds", kByType);
    slow.bounds = kSlowBounds;
    to.slow_ = registry.histograms(slow);
    telemetry::FamilySpec analysis = spec_of(P "analysis_batch_seconds");
    analysis.bounds = kAnalysisBounds;
    to.analysis_seconds = &registry.histograms(analysis)->only();
  }
};
#undef P

DaemonMetrics::DaemonMetrics(telemetry::Registry& registry, const DaemonMetricsOptions& options) {
  Catalogue catalogue{registry};
  catalogue.plain(*this);
  catalogue.labelled(*this);
  catalogue.scrapers(*this);
  catalogue.on_demand(*this);
  if (!options.api_enabled) return;
  Family<Gauge>* configured = registry.gauges(spec_of("perf_sentinel_energy_backend_configured", kByBackend));
  for (std::size_t i = 0; i < kEnergyBackends; ++i) {
    configured->series({slug(static_cast<EnergyBackend>(i))})->set(options.configured[i] ? 1 : 0);
  }
}

energy::OpsByService DaemonMetrics::service_io_ops() const {
  std::vector<const Counter*> counters;
  services_->list(counters);
  energy::OpsByService ops;
  for (const Counter* counter : counters) ops.emplace(counter->labels()[0], counter->value());
  return ops;
}

energy::ScrapeSeries DaemonMetrics::scrape_series(EnergyBackend backend) {
  energy::ScrapeSeries series;
  if (backend == EnergyBackend::kElectricityMaps) return series;
  const Scraper& from = scraper(backend);
  series.age = from.last_scrape_age_seconds;
  if (!from.scrapes.has(ScrapeResult::kSuccess)) return series;
  series.ok = &from.scrapes[ScrapeResult::kSuccess];
  series.failed = &from.scrapes[ScrapeResult::kFailed];
  for (std::size_t i = 0; i < kScrapeFailures; ++i) {
    const auto reason = static_cast<ScrapeFailure>(i);
    if (from.failures.has(reason)) series.failures[i] = &from.failures[reason];
  }
  return series;
}

Counter& DaemonMetrics::findings(model::FindingType type, model::Severity severity) {
  return *findings_->series({slug(severity), slug(type)});
}

Histogram& DaemonMetrics::slow_duration(model::EventType type) {
  if (slow_->size() == 0) {
    for (const std::string_view name : kSlowTypes) (void)slow_->series({name});
  }
  return *slow_->series({kSlowTypes[static_cast<std::size_t>(type)]});
}

}  // namespace sentinel::daemon
