// The manual as roff, one page for the program and one a subcommand, and the same as Markdown for docs/cli.md. Made from the
// command table; what is not in this build is left out. Pure functions, any thread.
#pragma once

#include <string>

#include "cli/table/command.h"

namespace sentinel::cli {

[[nodiscard]] std::string manual_pages(const Command& program, std::string_view version);

[[nodiscard]] std::string markdown_reference(const Command& program);

}  // namespace sentinel::cli
