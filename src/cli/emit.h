// How a finished analysis leaves the program: the form of --format on standard output, the files of --output, the verdict of
// the quality gate as the exit status (chapter 06 §1.4). Shared by all commands that analyse traces.
#pragma once

#include <vector>

#include "analysis/run.h"
#include "base/result.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "cli/report_files.h"
#include "report/renderers.h"

namespace sentinel::cli {

// Where the report goes, known to be possible before anything is read.
struct Targets {
  const report::Renderer* standard_output = nullptr;
  std::vector<ReportFile> files;
  report::RenderOptions options;
};
[[nodiscard]] base::Result<Targets> targets_of(const Arguments& arguments);

// Writes; the reports come first, then the verdict: a failed gate wins over a failed write.
[[nodiscard]] ExitCode emit(const Arguments& arguments, Targets& targets, const analysis::Run& run);

}  // namespace sentinel::cli
