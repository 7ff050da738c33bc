// The driver: a view on a real terminal, through ncurses (chapter 06 §9.1).
//
// The terminal is put back as it was whatever ends the view: q, an error, SIGTERM, SIGINT, SIGHUP or SIGQUIT (the process then
// ends by that signal), or a crash. Keys are read from standard input if it is a terminal, else from the process's controlling
// terminal, so that traces may come through a pipe. Changes handling of signals and the character type of the locale while it
// runs: call it from the main thread, one at a time.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "tui/view.h"

namespace sentinel::tui {

struct TerminalOptions {
  bool colors = true;
  // Writes what a view exports and gives the name of the file; without it there is no exporting.
  std::function<base::Result<std::string>(const Export&)> save = {};
};

// Shows `view` until it asks to end. An Error says why there is no view: no terminal, an unknown one, one that went away.
[[nodiscard]] base::Status show(View& view, const TerminalOptions& options);

}  // namespace sentinel::tui
