// The files that --output FORMAT=FILE names, and the bytes that go into them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"
#include "report/renderers.h"

namespace sentinel::cli {

struct ReportFile {
  const report::Renderer* renderer = nullptr;
  std::string path;
};

// Every --output of the command line, in its order. An error when two of them, or one and the input, are one file.
[[nodiscard]] base::Result<std::vector<ReportFile>> report_files(const Arguments& arguments);

// --show-acknowledged, --sarif-compat, --sarif-max, --fallback-file. An error when the fallback file is not one that results
// may point to.
[[nodiscard]] base::Result<report::RenderOptions> render_options(const Arguments& arguments);

// Says on standard error how many findings a form had no room for, if any; `target` names the output.
void report_left_out(std::uint64_t findings, const report::Renderer& renderer, std::string_view target);

// The report in one form, after report_left_out().
[[nodiscard]] report::Pieces render(const report::Renderer& renderer, const model::Report& report,
                                    const report::RenderOptions& options, std::string_view target);

// Writes each file, all of them even when one fails; says on standard error which failed and why. True when none did.
[[nodiscard]] bool write_report_files(const std::vector<ReportFile>& files, const model::Report& report,
                                      const report::RenderOptions& options);

}  // namespace sentinel::cli
