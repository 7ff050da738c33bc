// What the batch subcommands share: how many threads, which input, how long, and the messages about them.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "analysis/run.h"
#include "base/result.h"
#include "cli/arguments.h"

namespace sentinel::cli {

// --threads or its variable, else the cores this process may use, at most kMaxThreads.
[[nodiscard]] unsigned thread_count(const Arguments& arguments);

// --input (null: standard input), --input-format and --threads.
[[nodiscard]] analysis::InputOptions input_options(const Arguments& arguments);

// Whether this run belongs to continuous integration, from the process's environment.
[[nodiscard]] model::Confidence confidence_of_this_run();

// Whether text on standard output is to be coloured: a terminal, and NO_COLOR not set.
[[nodiscard]] bool wants_colors();

// Says on standard error that the input could not be used, and why.
void print_input_error(const base::Error& error);

// The traces of `command`'s input; null: they could not be read, which has been said.
[[nodiscard]] std::unique_ptr<analysis::Run> read_traces(std::string_view command, const analysis::InputOptions& input,
                                                         const config::Config& config);

class Stopwatch {
 public:
  [[nodiscard]] std::uint64_t nanoseconds() const {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start_).count());
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace sentinel::cli
