// `analyze`: one pass over a trace file (chapter 06 §3).
#include <string>
#include <vector>

#include "analysis/report_order.h"
#include "analysis/run.h"
#include "base/log.h"
#include "cli/acknowledge.h"
#include "cli/batch_input.h"
#include "cli/browse.h"
#include "cli/output.h"
#include "cli/report_files.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

void sort(const Arguments& arguments, model::Report& report) {
  const auto order = arguments.text("sort");
  if (!order) return;
  analysis::sort_findings(report.findings, *order == "impact" ? analysis::SortBy::kImpact : analysis::SortBy::kSeverity);
}

// Where the report goes, known to be possible before anything is read.
struct Targets {
  const report::Renderer* standard_output = nullptr;
  std::vector<ReportFile> files;
  report::RenderOptions options;
};

base::Result<Targets> targets_of(const Arguments& arguments) {
  auto files = report_files(arguments);
  if (!files) return files.error();
  auto options = render_options(arguments);
  if (!options) return options.error();
  const std::string_view format = arguments.text("format").value_or(arguments.typed("ci") ? "json" : "text");
  return Targets{report::renderer_named(format), std::move(*files), *options};
}

// The reports come first, then the verdict: a failed gate wins over a failed write.
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

}  // namespace

ExitCode run_analyze(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (arguments.typed("tui")) return browse_input(invocation, tui::Place::kAnalyze);
  auto targets = targets_of(arguments);
  if (!targets) {
    print_error(targets.error().text());
    return ExitCode::kUsage;
  }
  const analysis::InputOptions input = input_options(arguments);
  base::log_info("analyze", concat({"reading traces from ", input.path != nullptr ? input.path : "standard input"}));
  const Stopwatch watch;
  auto loaded = analysis::load_traces(input, *invocation.config);
  if (!loaded) {
    print_input_error(loaded.error());
    return ExitCode::kCannotRun;
  }
  analysis::Run& run = **loaded;
  analysis::analyze(run, *invocation.config, confidence_of_this_run(), input.threads);
  run.report.analysis.duration_ms = watch.nanoseconds() / 1'000'000;
  if (const base::Status accepted = acknowledge(invocation, run.report, analysis::ReportOrigin::kFresh); !accepted) {
    print_error(accepted.error().text());
    return ExitCode::kCannotRun;
  }
  sort(arguments, run.report);
  return emit(arguments, *targets, run);
}

}  // namespace sentinel::cli
