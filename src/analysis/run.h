// The pipeline: spans -> traces -> findings -> scores -> report (chapter 03 §3.1). One set of stages for every command.
//
// A Run owns everything that the views of its report point to; keep it alive as long as the report. Stages run on several
// threads inside; a Run itself belongs to one.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "config/config.h"
#include "ingest/ingest.h"
#include "ingest/raw_event.h"
#include "model/impact.h"
#include "model/report.h"
#include "model/symbols.h"
#include "model/trace_set.h"

namespace sentinel::analysis {

struct Run {
  model::Symbols symbols;
  std::vector<std::vector<model::SpanRecord>> batches;
  bool assessable = false;  // findings know their spans and `context` is filled: assess_impact() may follow
  ingest::Context context;  // spans between those of the traces
  model::TraceSet traces;
  std::optional<model::IngestTally> tally;
  std::vector<base::Arena> texts;             // of findings
  std::vector<model::FindingImpact> impacts;  // of findings
  model::Report report;                       // filled by analyze()

  [[nodiscard]] std::size_t events() const { return traces.spans.size(); }
};

// Reads and correlates an input (null path: standard input). The error text says what could not be ingested.
struct InputOptions {
  const char* path = nullptr;
  const ingest::Format* format = nullptr;  // null: recognise
  unsigned threads = 1;
  bool context = false;  // keep what assess_impact() needs
};
[[nodiscard]] base::Result<std::unique_ptr<Run>> load_traces(const InputOptions& input, const config::Config& config);

// The same from a source, and from event texts in memory (bench, demo).
[[nodiscard]] base::Result<std::unique_ptr<Run>> load_traces(ingest::ByteSource& source, const ingest::Format* format,
                                                             unsigned threads, const config::Config& config,
                                                             bool context = false);
// What was read elsewhere, correlated.
[[nodiscard]] std::unique_ptr<Run> correlated(ingest::Ingested&& ingested, unsigned threads);
// The texts of the events must outlive the run.
[[nodiscard]] std::unique_ptr<Run> load_events(std::span<const ingest::RawEvent> events, const config::Config& config);

// Detects, scores, sorts, stamps confidence, signs, sets aside what [[rules]] suppress and evaluates the gate; fills run.report
// but for duration_ms.
void analyze(Run& run, const config::Config& config, model::Confidence confidence, unsigned threads);

// Says of each finding what it costs and what its fix would save (impact/impact.h). After analyze(), accepted ones
// included.
void assess_impact(Run& run, const config::Config& config, unsigned threads);

// Confidence of a batch run: kCiBatch in CI, else kLocalBatch (03 §3.3). `get` reads an environment variable, null when unset.
[[nodiscard]] model::Confidence batch_confidence(const char* (*get)(const char* name));

}  // namespace sentinel::analysis
