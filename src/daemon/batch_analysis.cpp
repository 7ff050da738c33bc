#include "daemon/batch_analysis.h"

#include <array>
#include <chrono>
#include <unordered_set>
#include <utility>

#include "analysis/scoped_rules.h"
#include "base/json_writer.h"
#include "daemon/archive_report.h"
#include "energy/sources.h"
#include "report/finding_json.h"
#include "score/score.h"

namespace sentinel::daemon {
namespace {

model::Confidence confidence_of(config::DaemonConfig::Environment environment) {
  return environment == config::DaemonConfig::Environment::kProduction ? model::Confidence::kDaemonProduction
                                                                       : model::Confidence::kDaemonStaging;
}

constexpr std::array<model::EventType, 3> kEventTypes = {model::EventType::kSql, model::EventType::kHttpOut,
                                                         model::EventType::kMessaging};

}  // namespace

struct BatchAnalysis::Batch {
  std::span<const ClosedTrace> closed;
  const model::Symbols& symbols;
  model::TraceSet traces;
  std::vector<base::Arena> texts;
  std::vector<model::Finding> findings;
  score::Scores scores;
};

std::size_t retained_traces(const config::DaemonConfig& config) {
  return config.api_enabled && config.max_retained_findings > 0 ? static_cast<std::size_t>(config.max_retained_traces) : 0;
}

BatchAnalysis::BatchAnalysis(const config::Config& config, AnalysisSinks sinks)
    : config_(config),
      sinks_(std::move(sinks)),
      confidence_(confidence_of(config.daemon.environment)),
      ring_(static_cast<std::size_t>(config.daemon.max_retained_findings)),
      trees_({retained_traces(config.daemon), static_cast<std::size_t>(config.daemon.max_events_per_trace)}) {}

void BatchAnalysis::run(std::span<const ClosedTrace> traces, const model::Symbols& symbols, std::uint64_t wall_ms) {
  if (traces.empty()) return;
  last_batch_ms_ = wall_ms;
  const auto begin = std::chrono::steady_clock::now();
  Batch batch{traces, symbols, {}, {}, {}, {}};
  for (const ClosedTrace& trace : traces) {
    batch.traces.traces.push_back({trace.trace, batch.traces.spans.size(), trace.spans.size()});
    for (const model::SpanRecord& span : trace.spans) batch.traces.spans.push_back(&span);
  }
  batch.findings = analysis::detect_under_rules(batch.traces, symbols, config_, 1, batch.texts);
  observe_slow(batch);
  price(batch);
  for (model::Finding& finding : batch.findings) finding.confidence = confidence_;
  signer_->sign(batch.findings);
  keep(batch, wall_ms);
  correlate(batch, wall_ms);
  count(batch);
  archive(batch, wall_ms);
  live_ = std::move(batch.scores.summary);
  database_waste_.see(live_.database_waste, wall_ms);
  messaging_waste_.see(live_.messaging_waste, wall_ms);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  sinks_.metrics.analysis_seconds->observe(taken.count());
}

void BatchAnalysis::observe_slow(const Batch& batch) {
  std::array<telemetry::Histogram*, kEventTypes.size()> histograms{};
  for (const model::EventType type : kEventTypes) {
    histograms[static_cast<std::size_t>(type)] = &sinks_.metrics.slow_duration(type);
  }
  const std::uint64_t limit_us = config_.detection.settings.slow_threshold_ms > UINT64_MAX / 1000
                                     ? UINT64_MAX
                                     : config_.detection.settings.slow_threshold_ms * 1000;
  for (const model::SpanRecord* span : batch.traces.spans) {
    if (span->duration_us <= limit_us) continue;
    histograms[static_cast<std::size_t>(span->type())]->observe(static_cast<double>(span->duration_us) / 1e6);
  }
}

void BatchAnalysis::begin_generation() {
  signer_.emplace();
  energy_.reset();
}

// With what the sources know now; with green scoring off their balances stay.
void BatchAnalysis::price(Batch& batch) {
  if (!energy_) energy_.emplace(batch.symbols, score::uses_coefficients(config_.green));
  energy_->cover_texts();
  score::DaemonInputs inputs{.readings = nullptr, .energy = &*energy_};
  if (sinks_.energy != nullptr && config_.green.enabled) inputs.readings = &sinks_.energy->take();
  batch.scores = score::score(batch.traces, batch.symbols, batch.findings, config_.green, 1, inputs);
}

model::GreenSummary BatchAnalysis::live_summary(std::uint64_t now_ms) const {
  model::GreenSummary summary = live_;
  const std::uint64_t stands = sticky_ms(config_);
  summary.database_waste = database_waste_.at(now_ms, stands);
  summary.messaging_waste = messaging_waste_.at(now_ms, stands);
  return summary;
}

// Standard output, the ring, and the spans of traces that have findings.
void BatchAnalysis::keep(Batch& batch, std::uint64_t wall_ms) {
  if (batch.findings.empty()) return;
  lines_.clear();
  std::unordered_set<std::string_view> with_findings;
  for (const model::Finding& finding : batch.findings) {
    const std::size_t begin = lines_.size();
    base::JsonWriter json(lines_, base::JsonWriter::Style::kCompact);
    report::write_finding(json, finding);
    ring_.append(std::make_shared<const StoredFinding>(finding, std::string_view(lines_).substr(begin), wall_ms));
    lines_.push_back('\n');
    with_findings.insert(finding.trace_id);
  }
  if (sinks_.print) sinks_.print(lines_);
  sinks_.metrics.stored_findings->set_count(ring_.size());
  if (retained_traces(config_.daemon) == 0) return;
  for (const ClosedTrace& trace : batch.closed) {
    if (with_findings.contains(batch.symbols.text(trace.trace))) trees_.retain(trace.trace, trace.spans, batch.symbols);
  }
}

void BatchAnalysis::correlate(const Batch& batch, std::uint64_t wall_ms) {
  if (sinks_.correlator == nullptr) return;
  std::vector<SeenFinding> seen;
  seen.reserve(batch.findings.size());
  for (const model::Finding& finding : batch.findings) seen.push_back(SeenFinding::of(finding));
  const Correlator::Losses losses = sinks_.correlator->ingest(seen, wall_ms);
  sinks_.metrics.correlator_pairs_evicted->add(losses.pairs_evicted);
  sinks_.metrics.correlator_occurrences_dropped->add(losses.occurrences_dropped);
}

void BatchAnalysis::count(const Batch& batch) {
  DaemonMetrics& metrics = sinks_.metrics;
  const model::GreenSummary& summary = batch.scores.summary;
  spans_ += batch.traces.spans.size();
  traces_ += batch.traces.size();
  io_ops_ += summary.total_io_ops;
  avoidable_ += summary.avoidable_io_ops;
  metrics.events_analyzed->add(batch.traces.spans.size());
  metrics.traces_analyzed->add(batch.traces.size());
  metrics.total_io_ops->add(summary.total_io_ops);
  metrics.avoidable_io_ops->add(summary.avoidable_io_ops);
  if (io_ops_ > 0) metrics.io_waste_ratio->set(static_cast<double>(avoidable_) / static_cast<double>(io_ops_));
  metrics.energy_kwh->set(summary.energy_kwh);
  double grams = 0.0;
  for (const model::RegionRow& row : summary.regions) grams += row.co2_gco2;
  metrics.carbon_gco2->set(grams);

  const model::Finding* most = nullptr;
  for (const model::Finding& finding : batch.findings) {
    telemetry::Counter& counter = metrics.findings(finding.type, finding.severity);
    counter.add();
    counter.set_exemplar(finding.trace_id);
    if (!model::info(finding.type).avoidable) continue;
    if (most == nullptr || finding.pattern.occurrences >= most->pattern.occurrences) most = &finding;
  }
  if (most != nullptr && summary.io_waste_ratio > 0.0) metrics.io_waste_ratio->set_exemplar(most->trace_id);
}

void BatchAnalysis::archive(Batch& batch, std::uint64_t wall_ms) {
  if (sinks_.archive == nullptr) return;
  model::Report report;
  report.analysis.events_processed = batch.traces.spans.size();
  report.analysis.traces_analyzed = batch.traces.size();
  report.findings = batch.findings;
  report.green_summary = batch.scores.summary;
  report.per_endpoint_io_ops = std::move(batch.scores.per_endpoint_io_ops);
  report.binary_version = SENTINEL_VERSION;
  report.detection_config = config_.detection.settings;
  const disclosure::Instant now{static_cast<std::int64_t>(wall_ms / 1000),
                                static_cast<std::uint32_t>(wall_ms % 1000 * 1'000'000)};
  sinks_.archive->push({now, archive_report(report, batch.traces, batch.symbols)});
}

}  // namespace sentinel::daemon
