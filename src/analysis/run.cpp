#include "analysis/run.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "analysis/gate.h"
#include "analysis/report_order.h"
#include "analysis/scoped_rules.h"
#include "base/index_table.h"
#include "correlate/batch.h"
#include "detect/signature.h"
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

// What a signature is made of, by place: texts of findings are interned, so that equal ones mostly stand at one place.
struct Signed {
  model::FindingType type;
  const char* service;
  const char* endpoint;
  const char* template_text;
  std::string_view signature;

  explicit Signed(const model::Finding& f)
      : type(f.type),
        service(f.service.data()),
        endpoint(f.source_endpoint.data()),
        template_text(f.pattern.template_text.data()) {}
  [[nodiscard]] bool same_as(const Signed& other) const {
    return type == other.type && service == other.service && endpoint == other.endpoint && template_text == other.template_text;
  }
  [[nodiscard]] std::uint64_t hash() const {
    const auto place = [](const char* p) { return reinterpret_cast<std::uintptr_t>(p); };
    return base::spread(place(template_text) + static_cast<std::uint64_t>(type)) ^ base::spread(place(service)) * 3 ^
           base::spread(place(endpoint)) * 5;
  }
};

void sign(Run& run) {
  base::Arena arena;
  std::vector<Signed> known;
  base::IndexTable numbers;
  numbers.reset(run.report.findings.size());
  const base::IndexTable::Handle table = numbers.handle();
  std::unordered_map<const char*, std::string> hashes;  // by template
  for (model::Finding& f : run.report.findings) {
    const Signed parts(f);
    const auto fresh = static_cast<std::uint32_t>(known.size());
    const std::uint32_t number =
        table.find_or_add(parts.hash(), fresh, [&](std::uint32_t n) { return known[n].same_as(parts); });
    if (number == fresh) {
      std::string& hash = hashes[f.pattern.template_text.data()];
      if (hash.empty()) hash = detect::template_hash(f.pattern.template_text);
      known.push_back(parts);
      known.back().signature = arena.copy(detect::signature_with_hash(f.type, f.service, f.source_endpoint, hash));
    }
    f.signature = known[number].signature;
  }
  run.texts.push_back(std::move(arena));
}

}  // namespace

base::Result<std::unique_ptr<Run>> load_traces(ingest::ByteSource& source, const ingest::Format* format, unsigned threads,
                                               const config::Config& config) {
  ingest::IngestOptions options;
  options.format = format;
  options.threads = threads;
  options.settings = ingest::IngestSettings::from(config);
  base::Result<ingest::Ingested> ingested = ingest::ingest(source, options);
  if (!ingested) return ingested.error();
  return correlated(std::move(*ingested));
}

std::unique_ptr<Run> correlated(ingest::Ingested&& ingested) {
  auto run = std::make_unique<Run>();
  run->symbols = std::move(ingested.symbols);
  run->batches = std::move(ingested.batches);
  run->tally = ingested.tally;
  run->traces = correlate::group_by_trace(run->batches, run->symbols);
  return run;
}

base::Result<std::unique_ptr<Run>> load_traces(const InputOptions& input, const config::Config& config) {
  base::Result<std::unique_ptr<ingest::ByteSource>> source = ingest::open_source(input.path);
  if (!source) return source.error();
  return load_traces(**source, input.format, input.threads, config);
}

std::unique_ptr<Run> load_events(std::span<const ingest::RawEvent> events, const config::Config& config) {
  auto run = std::make_unique<Run>();
  const ingest::IngestSettings settings = ingest::IngestSettings::from(config);
  ingest::RecordBuilder builder(run->symbols, settings, ingest::TextLife::kBuilder);
  std::vector<model::SpanRecord> records;
  records.reserve(events.size());
  run->symbols.texts.reserve(events.size());  // about one new text an event: its span id
  constexpr std::size_t kAtATime = 16;        // records made together: cheaper than one by one
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
  report.findings = detect_under_rules(run.traces, run.symbols, config, threads, run.texts);
  score::Scores scores = score::score(run.traces, run.symbols, report.findings, config.green, threads);
  report.green_summary = std::move(scores.summary);
  report.per_endpoint_io_ops = std::move(scores.per_endpoint_io_ops);
  sort_canonical(report.findings);
  for (model::Finding& f : report.findings) f.confidence = confidence;
  sign(run);

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

model::Confidence batch_confidence(const char* (*get)(const char* name)) {
  const char* const ci = get("CI");
  const std::string_view value = ci != nullptr ? ci : "";
  if (value == "false" || value == "0") return model::Confidence::kLocalBatch;
  if (!value.empty() || get("JENKINS_URL") != nullptr) return model::Confidence::kCiBatch;
  return model::Confidence::kLocalBatch;
}

}  // namespace sentinel::analysis
