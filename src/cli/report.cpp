// `report`: the result as one self-contained page (chapter 06 §1, chapter 07 §7).
#include <chrono>
#include <string>
#include <string_view>

#include "base/log.h"
#include "cli/acknowledge.h"
#include "cli/batch_input.h"
#include "cli/output.h"
#include "cli/report_input.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "report/dashboard.h"

namespace sentinel::cli {
namespace {

// The name that the page bears: without the folders, "-" for standard input.
std::string_view label_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

void log_outcome(const std::string& path, const report::Dashboard& page) {
  base::log_info("report", concat({"wrote ", path}));
  if (page.findings.trimmed()) {
    base::log_info("report", concat({"Embedded ", std::to_string(page.findings.kept), " of ",
                                     std::to_string(page.findings.total), " findings, worst first; the JSON report has all"}));
  }
  if (page.traces.trimmed()) {
    base::log_info("report", concat({"Embedded ", std::to_string(page.traces.kept), " of ", std::to_string(page.traces.total),
                                     " traces; --max-traces-embedded sets their number"}));
  }
}

ExitCode fail(const base::Error& error) {
  print_error(error.text());
  return ExitCode::kCannotRun;
}

}  // namespace

ExitCode run_report(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const std::string_view path = arguments.text("input").value_or("-");
  base::log_info("report", concat({"reading ", path == "-" ? "standard input" : path}));
  // A value typed on the command line ends with a zero byte.
  auto input = read_report_input(path == "-" ? nullptr : path.data(), *invocation.config, thread_count(arguments));
  if (!input) return fail(input.error());
  if (const base::Status accepted = acknowledge(invocation, input->report(), input->origin()); !accepted) {
    return fail(accepted.error());
  }
  report::DashboardInput page = {.report = input->report(), .label = label_of(path), .run = input->run.get()};
  page.saved_traces = input->saved.embedded_traces;
  page.max_traces = arguments.number("max-traces-embedded");
  page.show_acknowledged = arguments.typed("show-acknowledged");
  const report::Dashboard made = report::dashboard(page);

  const std::string output(arguments.text("output").value_or(""));
  if (const base::Status written = write_file(output, made.page); !written) return fail(written.error());
  log_outcome(output, made);
  return ExitCode::kDone;
}

}  // namespace sentinel::cli
