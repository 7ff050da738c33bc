// Running another program: arguments as they are, no shell, no standard input, output captured up to a bound.
//
// Blocks until the program has ended and both its streams are closed, or until the time is up: then it is killed. What it
// writes past `max_output` bytes a stream is read and dropped. Any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace sentinel::base {

struct ChildResult {
  int exit = 0;  // 128 + n when signal n ended it
  bool timed_out = false;
  std::string out;
  std::string err;
};

struct ChildOptions {
  std::size_t max_output = 1 << 20;
  std::chrono::milliseconds timeout = std::chrono::minutes(2);
};

// argv[0] is the path of the program. Error: it could not be started.
[[nodiscard]] Result<ChildResult> run_child(const std::vector<std::string>& argv, const ChildOptions& options = {});

// The first file of that name in the directories of a PATH value, executable or not.
[[nodiscard]] std::optional<std::string> find_in_path(const std::string& name, const char* path);

}  // namespace sentinel::base
