#include "analysis/run.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <utility>

#include "analysis/gate.h"
#include "analysis/impact/impact.h"
#include "analysis/report_order.h"
#include "analysis/scoped_rules.h"
#include "analysis/signer.h"
#include "base/parallel.h"
#include "correlate/batch.h"
#include "score/score.h"

namespace sentinel::analysis {

namespace {

// Why min_usable_span_ratio could not be judged although it is set (03 §11).
model::Warning unjudged_ratio(const std::optional<model::IngestTally>& tally) {
  if (!tally)
    return {"tuning", "`min_usable_span_ratio` is set, but this input format has no filter tally, so the rule was left out"};
  return {"tuning", "`min_usable_span_ratio` is set, but no I/O kind has the " + std::to_string(model::kUsableSample) +
                        " spans it takes to judge it (" + std::to_string(tally->received) + " received, " +
                        std::to_string(tally->filtered()) + " filtered), so the rule was left out"};
}

void sign(Run& run, unsigned threads) {
  const std::span<model::Finding> findings = run.report.findings;
  const std::size_t share = findings.size() / std::max(1U, threads) + 1;
  std::vector<base::Arena> texts((findings.size() + share - 1) / share);
  base::parallel_for(threads, texts.size(), [&](std::size_t t) {
    const auto from = findings.subspan(t * share);
    Signer signer;
    signer.sign(from.first(std::min(from.size(), share)));
    texts[t] = std::move(signer).texts();
  });
  std::ranges::move(texts, std::back_inserter(run.texts));
}

}  // namespace

base::Result<std::unique_ptr<Run>> load_traces(ingest::ByteSource& source, const ingest::Format* format, unsigned threads,
                                               const config::Config& config, bool context) {
  ingest::IngestOptions options;
  options.format = format;
  options.threads = threads;
  options.settings = ingest::IngestSettings::from(config);
  options.settings.keep_context = context;
  base::Result<ingest::Ingested> ingested = ingest::ingest(source, options);
  if (!ingested) return ingested.error();
  auto run = correlated(std::move(*ingested), threads);
  run->assessable = context;
  return run;
}

std::unique_ptr<Run> correlated(ingest::Ingested&& ingested, unsigned threads) {
  auto run = std::make_unique<Run>();
  run->symbols = std::move(ingested.symbols);
  run->batches = std::move(ingested.batches);
  run->context = std::move(ingested.context);
  run->tally = ingested.tally;
  run->traces = correlate::group_by_trace(run->batches, run->symbols, threads);
  return run;
}

base::Result<std::unique_ptr<Run>> load_traces(const InputOptions& input, const config::Config& config) {
  base::Result<std::unique_ptr<ingest::ByteSource>> source = ingest::open_source(input.path);
  if (!source) return source.error();
  return load_traces(**source, input.format, input.threads, config, input.context);
}

std::unique_ptr<Run> load_events(std::span<const ingest::RawEvent> events, const config::Config& config) {
  auto run = std::make_unique<Run>();
  const ingest::IngestSettings settings = ingest::IngestSettings::from(config);
  ingest::RecordBuilder builder(run->symbols, settings, ingest::TextLife::kSymbols);
  std::vector<model::SpanRecord> records;
  records.reserve(events.size());
  run->symbols.span_ids.reserve(events.size());
  constexpr std::size_t kAtATime = 16;  // records made together: cheaper than one by one
  for (std::size_t first = 0; first < events.size(); first += kAtATime) {
    const std::size_t last = std::min(events.size(), first + kAtATime);
    records.resize(last);
    for (std::size_t i = first; i < last; ++i) builder.build(events[i], records[i]);
  }
  run->batches.push_back(std::move(records));
  run->traces = correlate::group_by_trace(run->batches, run->symbols);
  return run;
}

void analyze(Run& run, const config::Config& config, model::Confidence confidence, unsigned threads) {
  model::Report& report = run.report;
  const detect::Evidence evidence = run.assessable ? detect::Evidence::kSpans : detect::Evidence::kLeftOut;
  report.findings = detect_under_rules(run.traces, run.symbols, config, threads, run.texts, evidence);
  score::Scores scores = score::score(run.traces, run.symbols, report.findings, config.green, threads);
  report.green_summary = std::move(scores.summary);
  report.per_endpoint_io_ops = std::move(scores.per_endpoint_io_ops);
  sort_canonical(report.findings);
  for (model::Finding& f : report.findings) f.confidence = confidence;
  sign(run, threads);

  report.analysis.events_processed = run.events();
  report.analysis.traces_analyzed = run.traces.size();
  report.analysis.ingest = run.tally;
  report.detection_config = config.detection.settings;
  report.binary_version = SENTINEL_VERSION;
  const std::optional<double> usable = run.tally ? run.tally->usable_ratio() : std::nullopt;
  report.warning_details = std::move(scores.warnings);
  apply_suppressions(report, config);
  report.quality_gate = evaluate_gate(report.findings, report.green_summary.io_waste_ratio, usable, config.thresholds);
  if (config.thresholds.min_usable_span_ratio && !usable) report.warning_details.push_back(unjudged_ratio(run.tally));
}

void assess_impact(Run& run, const config::Config& config, unsigned threads) {
  const ImpactInputs inputs{.traces = run.traces, .context = run.context, .symbols = run.symbols, .config = config};
  std::vector<model::Finding*> findings;
  for (model::Finding& f : run.report.findings) findings.push_back(&f);
  for (model::AcknowledgedFinding& accepted : run.report.acknowledged_findings) findings.push_back(&accepted.finding);
  assess_impact(inputs, threads, findings, run.impacts, run.texts);
}

model::Confidence batch_confidence(const char* (*get)(const char* name)) {
  const char* const ci = get("CI");
  const std::string_view value = ci != nullptr ? ci : "";
  if (value == "false" || value == "0") return model::Confidence::kLocalBatch;
  if (!value.empty() || get("JENKINS_URL") != nullptr) return model::Confidence::kCiBatch;
  return model::Confidence::kLocalBatch;
}

}  // namespace sentinel::analysis
