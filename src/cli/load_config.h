// The configuration a subcommand runs with: the file named by --config or the implicit one, and the facts about regions and
// machines that checking it takes (chapter 06 §2).
#pragma once

#include "base/result.h"
#include "cli/arguments.h"
#include "config/load.h"

namespace sentinel::cli {

[[nodiscard]] config::LoadOptions config_options(const Arguments& arguments);

// The error's text is the whole line for standard error.
[[nodiscard]] base::Result<config::Loaded> load_config(const Arguments& arguments);

}  // namespace sentinel::cli
