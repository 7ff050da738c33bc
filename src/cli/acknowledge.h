// Accepted findings: what --acknowledgments and its companions do to a report (chapter 06 §2.7).
#pragma once

#include "analysis/acknowledgments.h"
#include "base/result.h"
#include "cli/runners.h"

namespace sentinel::cli {

// Nothing with --no-acknowledgments; else the file is read and applied, and the gate judged anew.
[[nodiscard]] base::Status acknowledge(const Invocation& invocation, model::Report& report, analysis::ReportOrigin origin);

}  // namespace sentinel::cli
