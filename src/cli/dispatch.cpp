#include "cli/dispatch.h"

#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/availability.h"
#include "cli/load_config.h"
#include "cli/memory.h"
#include "cli/output.h"
#include "cli/parser.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "cli/texts/help.h"

namespace sentinel::cli {
namespace {

ExitCode run_command(const Arguments& arguments) {
  if (const auto refused = refuse_without_terminal(arguments)) return *refused;
  const Command& command = arguments.command();
  std::optional<config::Loaded> loaded;
  if (command.provide == Provide::kConfig) {
    auto read = load_config(arguments);
    if (!read) {
      write_stderr(concat({read.error().text(), "\n"}));
      return ExitCode::kCannotRun;
    }
    loaded = std::move(*read);
  }
  if (const auto refused = refuse_unavailable(arguments)) return *refused;
  if (command.reads_and_ends) keep_freed_memory();
  return command.run({.arguments = arguments, .config = loaded ? &loaded->config : nullptr});
}

ExitCode act_on(const Parsed& parsed) {
  switch (parsed.kind) {
    case Parsed::Kind::kRun:
      return run_command(parsed.arguments);
    case Parsed::Kind::kShortHelp:
      return print_result(help_text(parsed.arguments.path, HelpLength::kShort));
    case Parsed::Kind::kLongHelp:
      return print_result(help_text(parsed.arguments.path, HelpLength::kLong));
    case Parsed::Kind::kVersion:
      return print_result("perf-sentinel " SENTINEL_VERSION "\n");
    case Parsed::Kind::kNoAction:
      write_stderr(help_text(parsed.arguments.path, HelpLength::kShort));
      return ExitCode::kUsage;
    case Parsed::Kind::kError:
      write_stderr(parsed.error);
      return ExitCode::kUsage;
  }
  return ExitCode::kUsage;
}

}  // namespace

int dispatch(int argc, const char* const* argv) {
  prepare_streams();
  const std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  const Parsed parsed = parse(kProgram, words, [](const char* name) -> const char* { return std::getenv(name); });
  return static_cast<int>(act_on(parsed));
}

}  // namespace sentinel::cli
