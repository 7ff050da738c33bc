// What the completion scripts of all shells are put together from. Private to src/cli/texts. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "cli/table/command_walk.h"

namespace sentinel::cli {

// One a shell; each takes the program's row and gives the whole script.
[[nodiscard]] std::string bash_script(const Command& program);
[[nodiscard]] std::string zsh_script(const Command& program);
[[nodiscard]] std::string fish_script(const Command& program);
[[nodiscard]] std::string powershell_script(const Command& program);
[[nodiscard]] std::string elvish_script(const Command& program);

// What may follow a command: actions, the choices of its positional, flags; parted by blanks.
[[nodiscard]] std::string words_after(const CommandPath& path);

// The path without the program, joined by `separator`: "ack create", "" for the program.
[[nodiscard]] std::string key_of(const CommandPath& path, char separator);

// `text` with each single quote replaced.
[[nodiscard]] std::string escape_quotes(std::string_view text, std::string_view replacement);

// "-i", or empty for a flag without a short form.
[[nodiscard]] std::string short_form(const Flag& flag);

}  // namespace sentinel::cli
