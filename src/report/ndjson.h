// Findings as lines (chapter 07 §4): one compact JSON object a finding, as in the JSON report, each with its line end.
// Pure function, any thread.
#pragma once

#include <span>
#include <string>

#include "model/finding.h"

namespace sentinel::report {

void append_ndjson(std::string& out, std::span<const model::Finding> findings);

}  // namespace sentinel::report
