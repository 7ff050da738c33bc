// Waste, energy and carbon of one scoring window (chapter 04 §2-§11).
//
// Sums run in the fixed order of 04 §1, in chunks that do not depend on the number of threads: equal input, equal bits.
#pragma once

#include <span>
#include <vector>

#include "config/config.h"
#include "model/report.h"
#include "model/symbols.h"
#include "model/trace_set.h"
#include "score/energy.h"
#include "score/readings.h"

namespace sentinel::score {

struct Scores {
  model::GreenSummary summary;
  std::vector<model::EndpointIoOps> per_endpoint_io_ops;  // sorted by service, endpoint; also with green scoring off
  std::vector<model::Warning> warnings;                   // configured backends that a batch run does not start (04 §12)
};

// What the summary records of the configuration (04 §11).
[[nodiscard]] model::ScoringConfig scoring_config(const config::GreenConfig& config);

// What a daemon brings along from one window to the next. Pointers may be null.
struct DaemonInputs {
  const Readings* readings = nullptr;   // what was measured
  const EnergyModel* energy = nullptr;  // of these symbols and settings, covering their texts
};

// `findings` are those of the traces in detection order; each gets its green_impact when green scoring is on.
[[nodiscard]] Scores score(const model::TraceSet& traces, const model::Symbols& symbols, std::span<model::Finding> findings,
                           const config::GreenConfig& config, unsigned threads, const DaemonInputs& daemon = {});

}  // namespace sentinel::score
