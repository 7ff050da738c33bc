// Accepted findings: what --acknowledgments and its companions do to a report (chapter 06 §2.7).
#pragma once

#include <optional>

#include "analysis/acknowledgments.h"
#include "base/result.h"
#include "cli/runners.h"

namespace sentinel::cli {

// Nothing with --no-acknowledgments; else the file is read and applied, and the gate judged anew.
[[nodiscard]] base::Status acknowledge(const Invocation& invocation, model::Report& report, analysis::ReportOrigin origin);

// The same in two steps, for commands with several reports. nullopt with --no-acknowledgments.
[[nodiscard]] base::Result<std::optional<analysis::AckFile>> read_acknowledgments(const Arguments& arguments);
void acknowledge(const Invocation& invocation, const std::optional<analysis::AckFile>& file, model::Report& report,
                 analysis::ReportOrigin origin);

}  // namespace sentinel::cli
