// The one place that answers for features which parse but are not in this build.
#pragma once

#include <optional>

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace sentinel::cli {

// Says on standard error what cannot be done and gives the exit status, or nullopt when everything asked for is built. A view
// that needs a terminal is first refused for want of one.
[[nodiscard]] std::optional<ExitCode> refuse_unavailable(const Arguments& arguments);

}  // namespace sentinel::cli
