// `analyze`: one pass over a trace file (chapter 06 §3).
#include <chrono>
#include <string>

#include "analysis/acknowledgments.h"
#include "analysis/report_order.h"
#include "analysis/run.h"
#include "base/log.h"
#include "cli/batch_input.h"
#include "cli/browse.h"
#include "cli/output.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "report/json_report.h"
#include "report/text_report.h"

namespace sentinel::cli {
namespace {

std::uint64_t now_ms() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

base::Status acknowledge(const Invocation& invocation, model::Report& report) {
  if (invocation.arguments.typed("no-acknowledgments")) return base::success();
  const std::string path(invocation.arguments.text("acknowledgments").value_or(analysis::kDefaultAckPath));
  auto file = analysis::load_acknowledgments(path);
  if (!file) return file.error();
  analysis::apply_acknowledgments(report, *file, now_ms(), analysis::ReportOrigin::kFresh, invocation.config->thresholds);
  return base::success();
}

void sort(const Arguments& arguments, model::Report& report) {
  const auto order = arguments.text("sort");
  if (!order) return;
  analysis::sort_findings(report.findings, *order == "impact" ? analysis::SortBy::kImpact : analysis::SortBy::kSeverity);
}

std::string render(const Arguments& arguments, const model::Report& report) {
  const bool shows_acknowledged = arguments.typed("show-acknowledged");
  const std::string_view format = arguments.text("format").value_or(arguments.typed("ci") ? "json" : "text");
  if (format == "json") return report::json_report(report, shows_acknowledged);
  return report::text_report(report, {.colors = wants_colors(), .show_acknowledged = shows_acknowledged});
}

// The report comes first, then the verdict: a failed gate wins over a failed write.
ExitCode emit(const Arguments& arguments, const model::Report& report) {
  const base::Status written = write_stdout(render(arguments, report));
  if (arguments.typed("ci") && !report.quality_gate.passed) {
    write_stderr("Quality gate FAILED\n");
    return ExitCode::kVerdict;
  }
  if (written) return ExitCode::kDone;
  print_error(written.error().text());
  return ExitCode::kCannotRun;
}

}  // namespace

ExitCode run_analyze(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (arguments.typed("tui")) return browse_input(invocation, tui::Place::kAnalyze);
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
  if (const base::Status accepted = acknowledge(invocation, run.report); !accepted) {
    print_error(accepted.error().text());
    return ExitCode::kCannotRun;
  }
  sort(arguments, run.report);
  return emit(arguments, run.report);
}

}  // namespace sentinel::cli
