#include "daemon/api.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "analysis/gate.h"
#include "base/json_writer.h"
#include "base/number_parse.h"
#include "daemon/advisor.h"
#include "daemon/query_string.h"
#include "disclosure/instant.h"
#include "energy/sources.h"
#include "report/json_report.h"
#include "score/score.h"

namespace sentinel::daemon {
namespace {

using base::JsonWriter;
using Style = base::JsonWriter::Style;

constexpr std::size_t kMostFindings = 1'000;
constexpr std::size_t kTreeBudget = 4'194'304;  // bytes of span trees in an exported report

// -- /api/findings

struct FindingsQuery {
  std::optional<std::string> service;
  std::optional<std::string> type;
  std::optional<std::string> severity;
  std::uint64_t limit = 100;
  bool include_acked = false;
};

std::string refuse(std::string_view name, std::string_view why) {
  return "invalid query: parameter `" + std::string(name) + "` " + std::string(why);
}

// The text of an error; empty when all is well.
std::string read_query(std::string_view query, FindingsQuery& out) {
  std::vector<std::string> seen;
  for (auto& [name, value] : parse_query(query)) {
    constexpr std::array<std::string_view, 5> kKnown = {"service", "type", "severity", "limit", "include_acked"};
    if (std::ranges::find(kKnown, name) == kKnown.end()) continue;
    if (std::ranges::find(seen, name) != seen.end()) return refuse(name, "is given twice");
    seen.push_back(name);
    if (name == "limit") {
      const std::optional<std::uint64_t> limit = base::parse_count(value);
      if (!limit) return refuse(name, "must be a whole number from 0 to 18446744073709551615");
      out.limit = *limit;
    } else if (name == "include_acked") {
      if (value != "true" && value != "false") return refuse(name, "must be `true` or `false`");
      out.include_acked = value == "true";
    } else {
      (name == "service" ? out.service : name == "type" ? out.type : out.severity) = std::move(value);
    }
  }
  return {};
}

std::string_view view_of(const std::optional<std::string>& text) { return text ? std::string_view(*text) : std::string_view(); }

void write_cover(JsonWriter& json, const Acknowledgments::Cover& cover) {
  json.begin_object();
  if (const model::Acknowledgment* entry = cover.baseline) {
    json.field("source", std::string_view("toml"));
    json.field("acknowledged_by", entry->acknowledged_by).field("acknowledged_at", entry->acknowledged_at);
    json.field("reason", entry->reason);
    if (entry->expires_at) json.field("expires_at", *entry->expires_at);
  } else {
    json.field("source", std::string_view("daemon"));
    json.field("by", cover.ack->by).field("at", disclosure::instant_text(cover.ack->at));
    if (cover.ack->reason) json.field("reason", *cover.ack->reason);
    if (cover.ack->expires_at) json.field("expires_at", disclosure::instant_text(*cover.ack->expires_at));
  }
  json.end_object();
}

void open_row(JsonWriter& json, const FindingRow& row) {
  json.begin_object();
  json.key("finding").raw(row.finding->json());
  json.field("stored_at_ms", row.stored_at_ms);
  json.field("first_seen_ms", row.first_seen_ms);
  json.field("seen_count", row.seen_count);
}

// Components that are degraded now; nothing when all are well.
void write_degraded(JsonWriter& json, telemetry::Meter* meter) {
  if (meter == nullptr) return;
  const std::vector<std::string> ids = meter->degraded();
  if (ids.empty()) return;
  json.key("degraded").begin_array();
  for (const std::string& id : ids) json.string(id);
  json.end_array();
}

// -- the exported report

std::vector<model::Finding> for_gate(const std::vector<FindingRef>& findings) {
  std::vector<model::Finding> light(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    light[i].type = findings[i]->type;
    light[i].severity = findings[i]->severity;
  }
  return light;
}

AdvisorFacts advisor_facts(const ApiSources& sources) {
  DaemonMetrics& m = sources.metrics;
  AdvisorFacts facts;
  facts.events_processed = sources.engine.events_processed();
  facts.traces_analyzed = sources.engine.analysis().traces_analyzed();
  facts.rejected_channel_full = m.otlp_rejected[RejectReason::kChannelFull].value();
  facts.rejected_memory_pressure = m.otlp_rejected[RejectReason::kMemoryPressure].value();
  facts.shed_batches = m.analysis_shed_batches->value();
  facts.active_traces = sources.engine.active_traces();
  facts.service_overflow = m.service_io_ops_overflow->value();
  facts.correlator_pairs_evicted = m.correlator_pairs_evicted->value();
  facts.spans_received = m.otlp_spans_received->value();
  facts.spans_not_io = m.otlp_spans_filtered[FilterReason::kNotIo].value();
  facts.spans_missing_db_statement = m.otlp_spans_filtered[FilterReason::kMissingDbStatement].value();
  facts.spans_missing_http_url = m.otlp_spans_filtered[FilterReason::kMissingHttpUrl].value();
  return facts;
}

}  // namespace

net::Response json_answer(std::string body) { return {200, {{"content-type", "application/json"}}, std::move(body)}; }

net::Response text_answer(int status, std::string text) {
  return {status, {{"content-type", "text/plain; charset=utf-8"}}, std::move(text)};
}

net::Response Api::status() const {
  const config::DaemonConfig& config = sources_.config.daemon;
  const auto uptime = std::chrono::steady_clock::now() - sources_.started;
  std::string body;
  JsonWriter json(body, Style::kCompact);
  json.begin_object();
  json.field("version", std::string_view(SENTINEL_VERSION));
  json.field("uptime_seconds", static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(uptime).count()));
  json.field("active_traces", std::uint64_t{sources_.engine.active_traces()});
  json.field("max_active_traces", config.max_active_traces);
  json.key("analysis_queue_depth").signed_number(static_cast<std::int64_t>(sources_.metrics.analysis_queue_depth->value()));
  json.field("analysis_queue_capacity", config.analysis_queue_capacity);
  json.field("stored_findings", std::uint64_t{sources_.engine.analysis().findings().size()});
  json.field("max_retained_findings", config.max_retained_findings);
  write_degraded(json, sources_.meter);
  json.end_object();
  return json_answer(std::move(body));
}

net::Response Api::configuration() const {
  const config::DaemonConfig& c = sources_.config.daemon;
  std::string body;
  JsonWriter json(body, Style::kCompact);
  json.begin_object();
  json.field("listen_addr", c.listen_address);
  json.field("listen_port", std::uint64_t{c.listen_port_http});
  json.field("listen_port_grpc", std::uint64_t{c.listen_port_grpc});
  json.field("json_socket", c.json_socket);
  json.field("max_active_traces", c.max_active_traces);
  json.field("trace_ttl_ms", c.trace_ttl_ms);
  json.field_real("sampling_rate", c.sampling_rate);
  json.field("max_events_per_trace", c.max_events_per_trace);
  json.field("max_payload_size", c.max_payload_size);
  const bool production = c.environment == config::DaemonConfig::Environment::kProduction;
  json.field("environment", production ? std::string_view("production") : std::string_view("staging"));
  json.field("max_retained_findings", c.max_retained_findings);
  json.field("max_retained_traces", c.max_retained_traces);
  json.field("ingest_queue_capacity", c.ingest_queue_capacity);
  json.field("analysis_queue_capacity", c.analysis_queue_capacity);
  json.field("memory_high_water_pct", std::uint64_t{c.memory_high_water_pct});
  json.field_bool("api_enabled", c.api_enabled);
  json.field_bool("tls_configured", c.tls_cert_path.has_value());
  json.field_bool("ack_enabled", c.ack.enabled);
  json.field_bool("ack_api_key_set", c.ack.api_key.has_value());
  json.key("cors_allowed_origins").begin_array();
  for (const std::string& origin : c.cors.allowed_origins) json.string(origin);
  json.end_array();
  json.field_bool("archive_configured", c.archive.path.has_value());
  json.field_bool("correlation_enabled", c.correlation.enabled);
  json.field("correlation_window_ms", c.correlation.window_ms());
  json.field("correlation_lag_threshold_ms", c.correlation.lag_threshold_ms);
  json.field("correlation_min_co_occurrences", std::uint64_t{c.correlation.min_co_occurrences});
  json.field_real("correlation_min_confidence", c.correlation.min_confidence);
  json.field("correlation_max_tracked_pairs", c.correlation.max_tracked_pairs);
  json.end_object();
  return json_answer(std::move(body));
}

net::Response Api::energy() const {
  struct Row {
    std::string_view name;     // in the answer
    std::string_view section;  // in the configuration
    std::optional<EnergyBackend> backend;
  };
  constexpr std::array<Row, 6> kRows = {{{"alumet", "alumet", EnergyBackend::kAlumet},
                                         {"scaphandre", "scaphandre", EnergyBackend::kScaphandre},
                                         {"kepler", "kepler", EnergyBackend::kKepler},
                                         {"redfish", "redfish", EnergyBackend::kRedfish},
                                         {"cloud_energy", "cloud", EnergyBackend::kCloudEnergy},
                                         {"electricity_maps", "electricity_maps", std::nullopt}}};
  if (sources_.energy != nullptr) sources_.energy->refresh_ages();
  std::string body;
  JsonWriter json(body, Style::kCompact);
  json.begin_object().key("backends").begin_array();
  const std::vector<std::string>& configured = sources_.config.green.configured_backends;
  for (const Row& row : kRows) {
    const bool on =
        row.backend ? std::ranges::find(configured, row.section) != configured.end() : sources_.config.green.electricity_maps;
    json.begin_object();
    json.field("backend", row.name);
    json.field_bool("configured", on);
    if (on && row.backend) {
      const DaemonMetrics::Scraper& scraper = sources_.metrics.scraper(*row.backend);
      json.field_real("last_scrape_age_seconds", scraper.last_scrape_age_seconds->value());
      if (scraper.scrapes.has(ScrapeResult::kSuccess)) {
        json.field("scrapes_ok", scraper.scrapes[ScrapeResult::kSuccess].value());
        json.field("scrapes_failed", scraper.scrapes[ScrapeResult::kFailed].value());
      }
    }
    json.end_object();
  }
  json.end_array().end_object();
  return json_answer(std::move(body));
}

net::Response Api::findings(std::string_view query) const {
  FindingsQuery wanted;
  if (std::string problem = read_query(query, wanted); !problem.empty()) return text_answer(400, std::move(problem));
  FindingFilter filter;
  filter.service = view_of(wanted.service);
  filter.type = view_of(wanted.type);
  filter.severity = view_of(wanted.severity);
  filter.limit = static_cast<std::size_t>(std::min<std::uint64_t>(wanted.limit, kMostFindings));
  std::string body;
  JsonWriter json(body, Style::kCompact);
  json.begin_array();
  const Instant now = disclosure::wall_now();
  for (const FindingRow& row : sources_.engine.analysis().findings().fold(filter)) {
    Acknowledgments::Cover cover;
    if (sources_.acknowledgments != nullptr) cover = sources_.acknowledgments->find(row.finding->signature(), now);
    const bool covered = cover.baseline != nullptr || cover.ack != nullptr;
    if (covered && !wanted.include_acked) continue;
    open_row(json, row);
    if (covered) write_cover(json.key("acknowledged_by"), cover);
    json.end_object();
  }
  json.end_array();
  return json_answer(std::move(body));
}

net::Response Api::findings_of_trace(std::string_view trace_id) const {
  std::string body;
  JsonWriter json(body, Style::kCompact);
  json.begin_array();
  for (const FindingRef& finding : sources_.engine.analysis().findings().newest(kMostFindings, trace_id)) {
    open_row(json, {finding, finding->stored_at_ms, finding->stored_at_ms, 1});
    json.end_object();
  }
  json.end_array();
  return json_answer(std::move(body));
}

net::Response Api::explain(std::string_view trace_id) const { return json_answer(sources_.engine.explain(trace_id)); }

net::Response Api::correlations() const {
  std::string body;
  JsonWriter json(body, Style::kCompact);
  report::write_correlations(json, sources_.correlator != nullptr
                                       ? sources_.correlator->active(sources_.engine.analysis().last_batch_ms())
                                       : std::vector<model::Correlation>());
  return json_answer(std::move(body));
}

net::Response Api::export_report() const {
  const config::Config& config = sources_.config;
  const BatchAnalysis& analysis = sources_.engine.analysis();
  sources_.metrics.export_report_requests->add();
  const AdvisorFacts facts = advisor_facts(sources_);
  model::Report report;
  std::vector<FindingRef> findings;
  std::vector<std::string> trees;
  if (!facts.cold()) {
    report.analysis.events_processed = sources_.engine.events_processed();
    report.analysis.traces_analyzed = analysis.traces_analyzed();
    findings = analysis.findings().newest(kMostFindings);
    report.green_summary = analysis.live_summary(static_cast<std::uint64_t>(disclosure::wall_now().seconds) * 1000);
    if (sources_.correlator != nullptr) report.correlations = sources_.correlator->active(analysis.last_batch_ms());
    std::vector<std::string_view> traces;
    for (const FindingRef& finding : findings) traces.push_back(finding->trace_id());
    trees = analysis.trees().snapshot(traces, sources_.engine.symbols(), kTreeBudget);
  } else {
    report.warnings.emplace_back(kColdStartMessage);
  }
  report.green_summary.scoring_config.reset();
  if (config.green.enabled || config.green.electricity_maps) {
    report.green_summary.scoring_config = score::scoring_config(config.green);
  }
  report.quality_gate =
      analysis::evaluate_gate(for_gate(findings), report.green_summary.io_waste_ratio, std::nullopt, config.thresholds);
  report.warning_details = advise(facts, config.daemon);
  report.binary_version = SENTINEL_VERSION;
  report.detection_config = config.detection.settings;

  std::vector<std::string_view> encoded;
  for (const FindingRef& finding : findings) encoded.push_back(finding->json());
  report::ReportParts parts;
  parts.encoded_findings = encoded;
  parts.encoded_traces = trees;
  std::string body;
  JsonWriter json(body, Style::kCompact);
  report::write_report(json, report, parts);
  return json_answer(std::move(body));
}

}  // namespace sentinel::daemon
