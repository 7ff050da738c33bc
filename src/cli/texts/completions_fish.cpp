#include "cli/texts/completion_parts.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

std::string flag_line(std::string_view start, const Flag& flag) {
  std::string out = concat({start, " -l ", flag.name});
  if (flag.letter != 0) out += concat({" -s ", std::string_view(&flag.letter, 1)});
  if (flag.kind == ValueKind::kPath) out += " -r -F";
  if (flag.kind == ValueKind::kText || flag.kind == ValueKind::kInteger) out += " -x";
  if (flag.kind == ValueKind::kChoice) out += concat({" -x -a '", flag.choices, "'"});
  if (flag.kind == ValueKind::kNamedPath) out += " -r -F";
  return out + concat({" -d '", escape_quotes(flag.help, "\\'"), "'\n"});
}

}  // namespace

std::string fish_script(const Command& program) {
  std::string out = "# fish completion for perf-sentinel\ncomplete -c perf-sentinel -f\n";
  each_command({&program}, [&](const CommandPath& path) {
    const Command& command = *path.back();
    std::string condition = path.size() == 1 ? "__fish_use_subcommand" : "";
    for (std::size_t i = 1; i < path.size(); ++i) {
      condition += concat({i > 1 ? "; and " : "", "__fish_seen_subcommand_from ", path[i]->name});
    }
    const std::string start = concat({"complete -c perf-sentinel -n '", condition, "'"});
    for (const Command* action : command.actions) {
      if (action->available) out += concat({start, " -a ", action->name, " -d '", escape_quotes(action->about, "\\'"), "'\n"});
    }
    if (!command.actions.empty()) out += concat({start, " -a help -d 'Explain the program or one of its subcommands'\n"});
    if (!command.positional.choices.empty()) out += concat({start, " -a '", command.positional.choices, "'\n"});
    each_flag(command, [&](const Flag& flag) { out += flag_line(start, flag); });
    out += concat({start, " -s h -l help -d 'Print help'\n"});
    if (path.size() == 1) out += concat({start, " -s V -l version -d 'Print the version'\n"});
  });
  return out;
}

}  // namespace sentinel::cli
