// Completion scripts for five shells, made from the command table. Pure function, any thread.
#pragma once

#include <string>
#include <string_view>

#include "cli/table/command.h"

namespace sentinel::cli {

// `shell` is one of the choices of the subcommand `completions`. The script completes subcommands and their actions, flags,
// enum values and, after a flag that takes a path, file names. What is not in this build is left out.
[[nodiscard]] std::string completion_script(const Command& program, std::string_view shell);

}  // namespace sentinel::cli
