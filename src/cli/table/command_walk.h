// Walks over the part of the command table that this build offers. Pure functions, any thread.
#pragma once

#include <vector>

#include "cli/table/command.h"

namespace sentinel::cli {

// A command with the way to it, e.g. program, ack, create.
using CommandPath = std::vector<const Command*>;

// Calls f(path) for `program` and for each available command below it, parents first, in table order.
template <class F>
void each_command(const CommandPath& path, F f) {
  f(path);
  for (const Command* action : path.back()->actions) {
    if (!action->available) continue;
    CommandPath below = path;
    below.push_back(action);
    each_command(below, f);
  }
}

// Calls f(flag) for each flag that the build offers.
template <class F>
void each_flag(const Command& command, F f) {
  for (const Flag& flag : command.flags) {
    if (flag.available) f(flag);
  }
}

}  // namespace sentinel::cli
