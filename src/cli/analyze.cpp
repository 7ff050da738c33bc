// `analyze`: one pass over a trace file (chapter 06 §3).
#include <string>

#include "analysis/report_order.h"
#include "analysis/run.h"
#include "base/log.h"
#include "cli/acknowledge.h"
#include "cli/batch_input.h"
#include "cli/browse.h"
#include "cli/emit.h"
#include "cli/output.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

void sort(const Arguments& arguments, model::Report& report) {
  const auto order = arguments.text("sort");
  if (!order) return;
  analysis::sort_findings(report.findings, *order == "impact" ? analysis::SortBy::kImpact : analysis::SortBy::kSeverity);
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
