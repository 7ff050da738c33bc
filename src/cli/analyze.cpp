// `analyze`: one pass over a trace file (chapter 06 §3).
#include <utility>

#include "analysis/report_order.h"
#include "analysis/run.h"
#include "cli/acknowledge.h"
#include "cli/batch_input.h"
#include "cli/browse.h"
#include "cli/emit.h"
#include "cli/impact_flags.h"
#include "cli/memory.h"
#include "cli/output.h"
#include "cli/runners.h"

namespace sentinel::cli {
namespace {

void sort(const Arguments& arguments, model::Report& report) {
  const auto order = arguments.text("sort");
  if (!order) return;
  const auto by = *order == "saving"   ? analysis::SortBy::kSaving
                  : *order == "impact" ? analysis::SortBy::kImpact
                                       : analysis::SortBy::kSeverity;
  analysis::sort_findings(report.findings, by);
}

std::string_view format_of(const Arguments& arguments) {
  return arguments.text("format").value_or(arguments.typed("ci") ? "json" : "text");
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
  targets->options.show_saving = ranks_by_saving(arguments);
  const base::Result<std::uint64_t> least_saving = min_saving_us(arguments);
  if (!least_saving) {
    print_error(least_saving.error().text());
    return ExitCode::kUsage;
  }
  analysis::InputOptions input = input_options(arguments);
  input.context = format_of(arguments) != "text" || !targets->files.empty() || ranks_by_saving(arguments);
  const Stopwatch watch;
  auto loaded = read_traces("analyze", input, *invocation.config);
  if (loaded == nullptr) return ExitCode::kCannotRun;
  analysis::Run& run = *loaded;
  analysis::analyze(run, *invocation.config, confidence_of_this_run(), input.threads);
  if (run.assessable) analysis::assess_impact(run, *invocation.config, input.threads);
  run.report.analysis.duration_ms = watch.nanoseconds() / 1'000'000;
  if (const base::Status accepted = acknowledge(invocation, run.report, analysis::ReportOrigin::kFresh); !accepted) {
    print_error(accepted.error().text());
    return ExitCode::kCannotRun;
  }
  sort(arguments, run.report);
  keep_savings(run.report, *least_saving, arguments.text("min-saving").value_or(""));
  const ExitCode code = emit(arguments, *targets, run);
  leave_to_exit(std::move(loaded));
  return code;
}

}  // namespace sentinel::cli
