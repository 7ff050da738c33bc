#include "cli/emit.h"

#include "cli/batch_input.h"
#include "cli/output.h"

namespace sentinel::cli {

base::Result<Targets> targets_of(const Arguments& arguments) {
  auto files = report_files(arguments);
  if (!files) return files.error();
  auto options = render_options(arguments);
  if (!options) return options.error();
  const std::string_view format = arguments.text("format").value_or(arguments.typed("ci") ? "json" : "text");
  return Targets{report::renderer_named(format), std::move(*files), *options};
}

ExitCode emit(const Arguments& arguments, Targets& targets, const analysis::Run& run) {
  const model::Report& report = run.report;
  report::RenderOptions& options = targets.options;
  options.run = &run;
  const bool written = write_report_files(targets.files, report, options);
  options.colors = wants_colors();
  const base::Status printed = write_stdout(render(*targets.standard_output, report, options, "standard output"));
  if (arguments.typed("ci") && !report.quality_gate.passed) {
    write_stderr("Quality gate FAILED\n");
    return ExitCode::kVerdict;
  }
  if (!printed) print_error(printed.error().text());
  return printed && written ? ExitCode::kDone : ExitCode::kCannotRun;
}

}  // namespace sentinel::cli
