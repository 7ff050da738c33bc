#include "cli/texts/completion_parts.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

constexpr std::string_view kBeforeActions = R"(  local context state line
  local -a commands=(
)";
constexpr std::string_view kAfterActions = R"(    'help:Explain the program or one of its subcommands'
  )
  _arguments -C -s -S \
)";
constexpr std::string_view kBeforeDispatch = R"(    '1: :->command' '*:: :->words' && return 0
  case $state in
    command) _describe -t commands command commands ;;
    words)
      case $line[1] in
)";
constexpr std::string_view kAfterDispatch = R"(      esac ;;
  esac
}
)";
constexpr std::string_view kZshTail =
    R"(if [ "$funcstack[1]" = _perf-sentinel ]; then _perf-sentinel "$@"; else compdef _perf-sentinel perf-sentinel; fi
)";

// Text inside a specification of _arguments, which stands in single quotes.
std::string spec_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return escape_quotes(out, "'\\''");
}

std::string flag_spec(const Flag& flag) {
  std::string value;
  if (flag.kind != ValueKind::kSwitch) {
    std::string action = " ";
    if (flag.kind == ValueKind::kPath || flag.kind == ValueKind::kNamedPath) action = "_files";
    if (flag.kind == ValueKind::kChoice) action = concat({"(", flag.choices, ")"});
    value = concat({":", flag.value_name, ":", action});
  }
  const std::string rest = concat({"[", spec_text(flag.help), "]", value, "' \\\n"});
  const std::string_view start = flag.many ? "    '*" : "    '";
  const bool is_switch = flag.kind == ValueKind::kSwitch;
  std::string out = concat({start, "--", flag.name, is_switch ? "" : "=", rest});
  if (flag.letter != 0) out += concat({start, short_form(flag), is_switch ? "" : "+", rest});
  return out;
}

std::string flag_specs(const CommandPath& path) {
  std::string out;
  each_flag(*path.back(), [&](const Flag& flag) { out += flag_spec(flag); });
  out += "    '(-h --help)'{-h,--help}'[Print help]' \\\n";
  if (path.size() == 1) out += "    '(-V --version)'{-V,--version}'[Print the version]' \\\n";
  return out;
}

// The body of the function of a command that takes actions.
std::string actions_body(const CommandPath& path, std::string_view key) {
  std::string actions, dispatch;
  for (const Command* action : path.back()->actions) {
    if (!action->available) continue;
    actions += concat({"    '", action->name, ":", spec_text(action->about), "'\n"});
    dispatch += concat({"        ", action->name, ") _perf-sentinel_", key, key.empty() ? "" : "_", action->name, " ;;\n"});
  }
  return concat({kBeforeActions, actions, kAfterActions, flag_specs(path), kBeforeDispatch, dispatch, kAfterDispatch});
}

std::string plain_body(const CommandPath& path) {
  const Positional& word = path.back()->positional;
  const std::string first = word.name.empty() ? "" : concat({"    '1:", word.name, ":(", word.choices, ")' \\\n"});
  return concat({"  _arguments -s -S \\\n", flag_specs(path), first, "    && return 0\n}\n"});
}

}  // namespace

std::string zsh_script(const Command& program) {
  std::string functions;
  each_command({&program}, [&](const CommandPath& path) {
    const std::string key = key_of(path, '_');
    functions += concat({"_perf-sentinel", key.empty() ? "" : "_", key, "() {\n"});
    functions += path.back()->actions.empty() ? plain_body(path) : actions_body(path, key);
  });
  return concat({"#compdef perf-sentinel\n", functions, kZshTail});
}

}  // namespace sentinel::cli
