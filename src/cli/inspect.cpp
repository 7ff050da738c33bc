// `inspect`: the findings of a trace file or a saved report, browsed in the terminal (chapter 06 §9).
#include "cli/browse.h"
#include "cli/runners.h"

namespace sentinel::cli {

ExitCode run_inspect(const Invocation& invocation) { return browse_input(invocation, tui::Place::kInspect); }

}  // namespace sentinel::cli
