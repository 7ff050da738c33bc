// The carbon part of a summary: estimates, region rows, per-service maps, database and broker waste (chapter 04 §7-§9).
#pragma once

#include "model/report.h"
#include "score/waste.h"
#include "score/window.h"

namespace sentinel::score {

// How the energy of a window was found, e.g. "io_proxy_v3+cal" or "alumet_rapl" (04 §7.4).
[[nodiscard]] std::string model_tag(const Window& window);

// What the carbon of a window is made from, besides its sums.
struct CarbonInputs {
  std::size_t traces;  // at least one
  const AvoidableOps& avoidable;
  const model::Symbols& symbols;
  double embodied_per_trace;           // grams
  const Readings* readings = nullptr;  // what was measured; nullptr: nothing
};

// Fills co2, regions, transport, energy, the per-service maps and the two waste figures.
void add_carbon(const Window& window, const CarbonInputs& inputs, model::GreenSummary& summary);

}  // namespace sentinel::score
