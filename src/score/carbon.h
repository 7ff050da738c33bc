// The carbon part of a summary: estimates, region rows, per-service maps, database and broker waste (chapter 04 §7-§9).
#pragma once

#include "model/report.h"
#include "score/waste.h"
#include "score/window.h"

namespace sentinel::score {

// How the energy of a window was found, e.g. "io_proxy_v3+cal" (04 §7.4).
[[nodiscard]] std::string model_tag(const Window& window);

// Fills co2, regions, transport, energy, the per-service maps and the two waste figures; needs at least one trace.
void add_carbon(const Window& window, std::size_t traces, const AvoidableOps& avoidable, const model::Symbols& symbols,
                double embodied_per_trace, model::GreenSummary& summary);

}  // namespace sentinel::score
