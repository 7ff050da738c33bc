// The green_summary object of the JSON report (chapter 07 §3.4). Pure function.
#pragma once

#include <limits>

#include "base/json_writer.h"
#include "model/report.h"

namespace sentinel::report {

void write_green_summary(base::JsonWriter& json, const model::GreenSummary& summary,
                         std::size_t most_offenders = std::numeric_limits<std::size_t>::max());

}  // namespace sentinel::report
