// Opening the terminal views for the subcommands that have one (chapter 06 §9).
#pragma once

#include "cli/exit_code.h"
#include "cli/report_input.h"
#include "cli/runners.h"
#include "tui/browser.h"
#include "tui/view.h"

namespace sentinel::cli {

// Shows a view until the person quits; says on standard error why it could not be shown.
[[nodiscard]] ExitCode show_view(tui::View& view);

// The same, for views over a daemon: what stops them begins with "TUI error: ".
[[nodiscard]] ExitCode show_daemon_view(tui::View& view);

// The browser over an analysed run.
[[nodiscard]] ExitCode browse(const analysis::Run& run, const tui::BrowserStart& start);

// The browser over traces or a saved report.
[[nodiscard]] ExitCode browse(const ReportInput& input, const tui::BrowserStart& start);

// What --input names, analysed unless it is a report, with accepted findings taken out if the command has a flag for them.
[[nodiscard]] base::Result<ReportInput> read_browser_input(const Invocation& invocation);

// Both, for a command that only browses; --sort says in which order traces come.
[[nodiscard]] ExitCode browse_input(const Invocation& invocation, tui::Place place);

// The preview of `disclose --tui`.
[[nodiscard]] ExitCode preview_disclosure(const Arguments& arguments);

}  // namespace sentinel::cli
