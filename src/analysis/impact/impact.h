// What the findings of a run cost a request, and what fixing each of them would save (docs/impact.md).
//
// A stage after detection and scoring, run only by commands that show it: goes once more over the traces that have findings,
// builds the span graph of each, and gives every finding its FindingImpact. Traces are shared out to threads; the result does
// not depend on how many there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/arena.h"
#include "config/config.h"
#include "ingest/context.h"
#include "model/finding.h"
#include "model/impact.h"
#include "model/report.h"
#include "model/symbols.h"
#include "model/trace_set.h"

namespace sentinel::analysis {

// Ids of spans that a finding's evidence lists; the others are only counted.
inline constexpr std::size_t kEvidenceSpans = 3;

struct ImpactInputs {
  const model::TraceSet& traces;
  const ingest::Context& context;  // spans between those of the traces
  const model::Symbols& symbols;
  const config::Config& config;  // what the findings were made with
};

// Sets impact of all findings that know their spans. What it points to is kept in `impacts`, which gets one entry a
// finding and must outlive them, and texts in `texts`, as must what the inputs name.
void assess_impact(const ImpactInputs& inputs, unsigned threads, std::span<model::Finding* const> findings,
                   std::vector<model::FindingImpact>& impacts, std::vector<base::Arena>& texts);

}  // namespace sentinel::analysis
