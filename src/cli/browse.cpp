#include "cli/browse.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "base/text.h"
#include "cli/acknowledge.h"
#include "cli/batch_input.h"
#include "cli/output.h"
#include "cli/texts/concat.h"
#include "tui/run_source.h"
#include "tui/saved_source.h"
#include "tui/terminal.h"

namespace sentinel::cli {
namespace {

constexpr int kMostExports = 1000;  // under one name

// A file that was not there before, in the working directory: what somebody keeps there is never overwritten.
base::Result<std::string> save_export(const tui::Export& what) {
  for (int i = 1; i <= kMostExports; ++i) {
    const std::string path = concat({"perf-sentinel-", what.name, i > 1 ? "-" + std::to_string(i) : "", ".json"});
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST) continue;
    if (fd < 0) return base::Error{concat({"Cannot write ", path, ": ", std::strerror(errno)}), "", ""};
    (void)::close(fd);
    if (const base::Status written = write_file(path, what.json); !written) return written.error();
    return path;
  }
  return base::Error{concat({"Cannot export: ", what.name, " was exported too often to this folder"}), "", ""};
}

bool wants_view_colors() {
  const char* no_color = std::getenv("NO_COLOR");
  return no_color == nullptr || *no_color == '\0';
}

ExitCode browse(tui::Source& source, const tui::BrowserStart& start) {
  tui::Browser browser(source, start);
  return show_view(browser);
}

// A format that was named is traces; otherwise the content tells.
base::Result<ReportInput> read(const Invocation& invocation) {
  analysis::InputOptions options = input_options(invocation.arguments);
  options.context = true;
  if (options.format == nullptr) return read_report_input(options.path, *invocation.config, options.threads);
  const Stopwatch watch;
  auto loaded = analysis::load_traces(options, *invocation.config);
  if (!loaded) return loaded.error();
  ReportInput input;
  input.run = std::move(*loaded);
  analysis::analyze(*input.run, *invocation.config, confidence_of_this_run(), options.threads);
  analysis::assess_impact(*input.run, *invocation.config, options.threads);
  input.run->report.analysis.duration_ms = watch.nanoseconds() / 1'000'000;
  return input;
}

}  // namespace

ExitCode show_view(tui::View& view) {
  const base::Status shown = tui::show(view, {.colors = wants_view_colors(), .save = save_export});
  if (shown) return ExitCode::kDone;
  print_error(shown.error().text());
  return ExitCode::kVerdict;
}

ExitCode show_daemon_view(tui::View& view) {
  if (!stdout_is_terminal()) {
    write_stderr("TUI error: this view needs a terminal, and standard output is none\n");
    return ExitCode::kVerdict;
  }
  const base::Status shown = tui::show(view, {.colors = wants_view_colors(), .save = save_export});
  if (shown) return ExitCode::kDone;
  write_stderr(concat({"TUI error: ", base::for_terminal(shown.error().text()), "\n"}));
  return ExitCode::kVerdict;
}

ExitCode browse(const analysis::Run& run, const tui::BrowserStart& start) {
  tui::RunSource source(run);
  return browse(source, start);
}

ExitCode browse(const ReportInput& input, const tui::BrowserStart& start) {
  if (input.run != nullptr) return browse(*input.run, start);
  tui::SavedSource source(input.saved);
  return browse(source, start);
}

base::Result<ReportInput> read_browser_input(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  auto input = read(invocation);
  if (!input) return input;
  if (arguments.find_flag("acknowledgments") != nullptr) {
    if (const base::Status accepted = acknowledge(invocation, input->report(), input->origin()); !accepted)
      return accepted.error();
  }
  return input;
}

ExitCode browse_input(const Invocation& invocation, tui::Place place) {
  const auto input = read_browser_input(invocation);
  if (!input) {
    print_error(input.error().text());
    return ExitCode::kCannotRun;
  }
  const auto sort = invocation.arguments.text("sort");
  const tui::TraceOrder order = sort == "severity" ? tui::TraceOrder::kSeverity
                                : sort == "impact" ? tui::TraceOrder::kImpact
                                                   : tui::TraceOrder::kId;
  return browse(*input, {.place = place, .order = order, .trace = {}});
}

}  // namespace sentinel::cli
