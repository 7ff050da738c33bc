// The report of one analysed batch as the archive keeps it, with the two tiers of avoidable work that disclosures tell apart
// (chapters 05 §7, 04 §10). Pure function.
#pragma once

#include <string>

#include "model/report.h"
#include "model/symbols.h"
#include "model/trace_set.h"

namespace sentinel::daemon {

// One compact JSON object. `report` is that of the batch; `disclosure_waste` joins it where there is a carbon estimate.
[[nodiscard]] std::string archive_report(const model::Report& report, const model::TraceSet& traces,
                                         const model::Symbols& symbols);

}  // namespace sentinel::daemon
