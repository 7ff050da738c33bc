// The whole daemon, put together: listeners, engine, stores, and the order in which they start and stop (chapter 05 §1).
//
// run() is called once, from the thread that signals are delivered to, and comes back when the daemon has stopped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace sentinel::daemon {

struct DaemonOptions {
  const config::Config& config;
  int output;  // the descriptor that findings are written to, as JSON lines
  // Shown as perf_sentinel_build_info; the texts outlive the daemon.
  std::string_view revision = "";
  std::string_view compiler = "";
  std::string_view build_type = "";
};

// Why the daemon did not start: the first line, then its causes.
using Causes = std::vector<std::string>;

// Starts, serves until SIGINT or SIGTERM and drains. A second signal while draining ends the process at once, with 128 + its
// number. Empty: it stopped as asked.
[[nodiscard]] Causes run_daemon(const DaemonOptions& options);

}  // namespace sentinel::daemon
