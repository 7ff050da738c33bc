// Reads a command line against the table under the rules of chapter 06 §1.
//
// Strictly left to right: help acts as soon as it is met, a bad flag before it wins. Pure but for the environment, which comes
// in as a function. Messages are safe for a terminal. Any thread.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "cli/arguments.h"
#include "cli/table/command.h"

namespace sentinel::cli {

// Value of an environment variable, null when not set.
using Environment = std::function<const char*(const char* name)>;

struct Parsed {
  enum class Kind { kRun, kShortHelp, kLongHelp, kVersion, kNoAction, kError };
  Kind kind = Kind::kRun;
  Arguments arguments;  // for help: `path` leads to the command asked about
  std::string error;    // kError: all lines for standard error
};

// `words` are the arguments after the program's name.
[[nodiscard]] Parsed parse(const Command& program, std::span<const std::string_view> words, const Environment& environment);

}  // namespace sentinel::cli
