#include "cli/batch_input.h"

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <utility>

#include "base/log.h"
#include "cli/output.h"
#include "cli/table/common_flags.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {

unsigned thread_count(const Arguments& arguments) {
  if (const auto number = arguments.number("threads")) return static_cast<unsigned>(*number);
  return std::clamp(std::thread::hardware_concurrency(), 1U, static_cast<unsigned>(kMaxThreads));
}

analysis::InputOptions input_options(const Arguments& arguments) {
  analysis::InputOptions options;
  // A value typed on the command line is a whole element of argv or its tail, so it ends with a zero byte.
  if (const auto path = arguments.text("input")) options.path = path->data();
  if (const auto format = arguments.text("input-format")) options.format = ingest::format_named(*format);  // "auto" names none
  options.threads = thread_count(arguments);
  return options;
}

model::Confidence confidence_of_this_run() {
  return analysis::batch_confidence([](const char* name) -> const char* { return std::getenv(name); });
}

bool wants_colors() {
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && stdout_is_terminal();
}

void print_input_error(const base::Error& error) { print_error(concat({"cannot ingest events: ", error.text()})); }

std::unique_ptr<analysis::Run> read_traces(std::string_view command, const analysis::InputOptions& input,
                                           const config::Config& config) {
  base::log_info(command, concat({"reading traces from ", input.path != nullptr ? input.path : "standard input"}));
  auto loaded = analysis::load_traces(input, config);
  if (loaded) return std::move(*loaded);
  print_input_error(loaded.error());
  return nullptr;
}

}  // namespace sentinel::cli
