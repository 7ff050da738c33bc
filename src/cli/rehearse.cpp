// `rehearse`: what other thresholds would find in the same traces, read once.
#include "analysis/rehearse.h"

#include <vector>

#include "cli/acknowledge.h"
#include "cli/batch_input.h"
#include "cli/output.h"
#include "cli/runners.h"
#include "report/rehearsal_report.h"

namespace sentinel::cli {
namespace {

base::Result<std::vector<analysis::RehearsalPlan>> plans(const Arguments& arguments) {
  std::vector<analysis::RehearsalPlan> all;
  for (const std::string_view text : arguments.all("key")) {
    base::Result<analysis::RehearsalPlan> plan = analysis::parse_rehearsal(text);
    if (!plan) return plan.error();
    all.push_back(std::move(*plan));
  }
  return all;
}

}  // namespace

ExitCode run_rehearse(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const auto wanted = plans(arguments);
  if (!wanted) {
    print_error(wanted.error().text());
    return ExitCode::kUsage;
  }
  const auto acknowledgments = read_acknowledgments(arguments);
  if (!acknowledgments) return refuse(ExitCode::kCannotRun, acknowledgments.error());
  const analysis::InputOptions input = input_options(arguments);
  const auto loaded = read_traces("rehearse", input, *invocation.config);
  if (loaded == nullptr) return ExitCode::kCannotRun;
  analysis::Run& run = *loaded;
  std::vector<analysis::Rehearsal> rehearsals;
  for (const analysis::RehearsalPlan& plan : *wanted) {
    rehearsals.push_back(analysis::rehearse(run, plan, *invocation.config, input.threads, [&](model::Report& report) {
      acknowledge(invocation, *acknowledgments, report, analysis::ReportOrigin::kFresh);
    }));
  }
  const report::RehearsalFrame frame{run.events(), run.traces.size()};
  const bool json = arguments.text("format") == "json";
  const base::Status written = write_stdout(json ? report::rehearsal_json(frame, rehearsals)
                                                 : report::rehearsal_text(frame, rehearsals, wants_colors()));
  return written ? ExitCode::kDone : refuse(ExitCode::kCannotRun, written.error());
}

}  // namespace sentinel::cli
