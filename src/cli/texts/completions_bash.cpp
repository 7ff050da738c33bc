#include "cli/texts/completion_parts.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

// The script walks the words typed so far to the command they lead to, then offers values of the last flag or what may follow.
constexpr std::string_view kHead = R"(# bash completion for perf-sentinel
_perf_sentinel() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path='' word words='' i
  COMPREPLY=()
  if [[ $cur == '=' ]]; then cur=''; fi
  if [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case "${path:+$path }$word" in
)";
constexpr std::string_view kAfterPaths = R"() path="${path:+$path }$word" ;;
    esac
  done
  case "$path $prev" in
)";
constexpr std::string_view kAfterValues = R"(  esac
  case "$path" in
)";
constexpr std::string_view kBashTail = R"(  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o bashdefault -F _perf_sentinel perf-sentinel
)";

// What happens after a flag that takes a value.
std::string value_action(const Flag& flag) {
  if (flag.kind == ValueKind::kPath || flag.kind == ValueKind::kNamedPath)
    return "COMPREPLY=($(compgen -f -- \"$cur\")); return";
  if (flag.kind == ValueKind::kChoice) return concat({"COMPREPLY=($(compgen -W '", flag.choices, "' -- \"$cur\")); return"});
  return "return";
}

}  // namespace

std::string bash_script(const Command& program) {
  std::string paths, values, words;
  each_command({&program}, [&](const CommandPath& path) {
    const std::string key = key_of(path, ' ');
    if (!key.empty()) paths += concat({paths.empty() ? "      '" : "|'", key, "'"});
    words += concat({"    '", key, "') words='", words_after(path), "' ;;\n"});
    each_flag(*path.back(), [&](const Flag& flag) {
      if (flag.kind == ValueKind::kSwitch) return;
      std::string pattern = concat({"'", key, " --", flag.name, "'"});
      if (flag.letter != 0) pattern += concat({"|'", key, " ", short_form(flag), "'"});
      values += concat({"    ", pattern, ") ", value_action(flag), " ;;\n"});
    });
  });
  return concat({kHead, paths, kAfterPaths, values, kAfterValues, words, kBashTail});
}

}  // namespace sentinel::cli
