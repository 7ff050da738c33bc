#include "cli/availability.h"

#include <string>

#include "cli/output.h"
#include "cli/texts/concat.h"
#include "cli/texts/help.h"

namespace sentinel::cli {
namespace {

// What of the command line is not built, in words; empty when everything is.
std::string missing_part(const Arguments& arguments) {
  for (const Arguments::Value& value : arguments.values) {
    if (!value.typed) continue;
    if (!value.flag->available) return concat({"'--", value.flag->name, "'"});
    if (value.flag->kind == ValueKind::kChoice && has_word(value.flag->pending_choices, value.text)) {
      return concat({"'--", value.flag->name, " ", value.text, "'"});
    }
  }
  for (const Command* command : arguments.path) {
    if (!command->available) return concat({"'", command_words(arguments.path), "'"});
  }
  return {};
}

}  // namespace

std::optional<ExitCode> refuse_without_terminal(const Arguments& arguments) {
  if (!arguments.typed("tui") && !arguments.command().terminal_view) return std::nullopt;
  if (stdout_is_terminal()) return std::nullopt;
  print_error("this view needs a terminal, and standard output is none");
  return ExitCode::kVerdict;
}

std::optional<ExitCode> refuse_unavailable(const Arguments& arguments) {
  const std::string missing = missing_part(arguments);
  if (missing.empty()) return std::nullopt;
  print_error(concat({missing, " is not part of this build yet"}));
  return ExitCode::kCannotRun;
}

}  // namespace sentinel::cli
