// The green_summary object of the JSON report (chapter 07 §3.4). Pure function.
#pragma once

#include "base/json_writer.h"
#include "model/report.h"

namespace sentinel::report {

void write_green_summary(base::JsonWriter& json, const model::GreenSummary& summary);

}  // namespace sentinel::report
