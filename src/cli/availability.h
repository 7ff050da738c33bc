// The one place that answers for features which parse but are not in this build.
#pragma once

#include <optional>

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace sentinel::cli {

// Each says on standard error what stands in the way and gives the exit status, or nullopt when nothing does. The first is
// asked before anything is read, the second once the configuration is known to be good.
[[nodiscard]] std::optional<ExitCode> refuse_without_terminal(const Arguments& arguments);
[[nodiscard]] std::optional<ExitCode> refuse_unavailable(const Arguments& arguments);

}  // namespace sentinel::cli
