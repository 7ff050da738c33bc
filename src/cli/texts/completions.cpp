#include "cli/texts/completions.h"

#include "cli/table/command_walk.h"
#include "cli/texts/concat.h"
#include "cli/texts/help.h"

namespace sentinel::cli {
namespace {

// What may follow a command, words separated by blanks.
std::string words_after(const CommandPath& path) {
  const Command& command = *path.back();
  std::string out;
  const auto add = [&](std::string_view word) {
    if (!out.empty()) out += ' ';
    out += word;
  };
  for (const Command* action : command.actions) {
    if (action->available) add(action->name);
  }
  if (!command.actions.empty()) add("help");
  each_word(command.positional.choices, add);
  each_flag(command, [&](const Flag& flag) {
    if (flag.letter != 0) add(concat({"-", std::string_view(&flag.letter, 1)}));
    add(concat({"--", flag.name}));
  });
  add("-h");
  add("--help");
  if (path.size() == 1) {
    add("-V");
    add("--version");
  }
  return out;
}

// The path without the program, joined by `separator`: "ack;create", "" for the program.
std::string key_of(const CommandPath& path, char separator) {
  std::string out;
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (i > 1) out += separator;
    out += path[i]->name;
  }
  return out;
}

// `'` made safe inside single quotes, for shells that double it or leave and enter the quotes again.
std::string escaped(std::string_view text, std::string_view replacement) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += replacement;
    } else {
      out += c;
    }
  }
  return out;
}

std::string bash(const Command& program) {
  std::string words, values;
  each_command({&program}, [&](const CommandPath& path) {
    const std::string key = key_of(path, ' ');
    words += concat({"    '", key, "') words='", words_after(path), "' ;;\n"});
    each_flag(*path.back(), [&](const Flag& flag) {
      if (flag.kind == ValueKind::kSwitch) return;
      std::string pattern = concat({"'", key, " --", flag.name, "'"});
      if (flag.letter != 0) pattern += concat({"|'", key, " -", std::string_view(&flag.letter, 1), "'"});
      std::string_view action = "return";
      std::string choices;
      if (flag.kind == ValueKind::kPath) action = "COMPREPLY=($(compgen -f -- \"$cur\")); return";
      if (flag.kind == ValueKind::kChoice)
        choices = concat({"COMPREPLY=($(compgen -W '", flag.choices, "' -- \"$cur\")); return"});
      values += concat({"    ", pattern, ") ", choices.empty() ? action : choices, " ;;\n"});
    });
  });
  return concat(
      {"# bash completion for perf-sentinel\n"
       "_perf_sentinel() {\n"
       "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path='' word words='' i\n"
       "  COMPREPLY=()\n"
       "  if [[ $cur == '=' ]]; then cur=''; fi\n"
       "  if [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
       "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
       "    word=${COMP_WORDS[i]}\n"
       "    case \"${path:+$path }$word\" in\n",
       [&] {
         std::string paths;
         each_command({&program}, [&](const CommandPath& path) {
           const std::string key = key_of(path, ' ');
           if (!key.empty()) paths += concat({paths.empty() ? "'" : "|'", key, "'"});
         });
         return concat({"      ", paths, ") path=\"${path:+$path }$word\" ;;\n"});
       }(),
       "    esac\n"
       "  done\n"
       "  case \"$path $prev\" in\n",
       values,
       "  esac\n"
       "  case \"$path\" in\n",
       words,
       "  esac\n"
       "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
       "}\n"
       "complete -o bashdefault -F _perf_sentinel perf-sentinel\n"});
}

// Text inside a zsh _arguments specification.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_flag(const Flag& flag) {
  std::string value;
  if (flag.kind != ValueKind::kSwitch) {
    std::string_view action = " ";
    std::string choices;
    if (flag.kind == ValueKind::kPath) action = "_files";
    if (flag.kind == ValueKind::kChoice) choices = concat({"(", flag.choices, ")"});
    value = concat({":", flag.value_name, ":", choices.empty() ? action : choices});
  }
  const std::string_view repeat = flag.many ? "*" : "";
  std::string out = concat({"    '", repeat, "--", flag.name, flag.kind == ValueKind::kSwitch ? "" : "=", "[",
                            zsh_text(flag.help), "]", value, "' \\\n"});
  if (flag.letter != 0) {
    out += concat({"    '", repeat, "-", std::string_view(&flag.letter, 1), flag.kind == ValueKind::kSwitch ? "" : "+", "[",
                   zsh_text(flag.help), "]", value, "' \\\n"});
  }
  return out;
}

std::string zsh(const Command& program) {
  std::string functions;
  each_command({&program}, [&](const CommandPath& path) {
    const Command& command = *path.back();
    const std::string key = key_of(path, '_');
    functions += concat({"_perf-sentinel", key.empty() ? "" : "_", key, "() {\n"});
    std::string arguments;
    each_flag(command, [&](const Flag& flag) { arguments += zsh_flag(flag); });
    arguments += "    '(-h --help)'{-h,--help}'[Print help]' \\\n";
    if (path.size() == 1) arguments += "    '(-V --version)'{-V,--version}'[Print the version]' \\\n";
    if (command.actions.empty()) {
      if (!command.positional.name.empty())
        arguments += concat({"    '1:", command.positional.name, ":(", command.positional.choices, ")' \\\n"});
      functions += concat({"  _arguments -s -S \\\n", arguments, "    && return 0\n}\n"});
      return;
    }
    std::string actions, dispatch;
    for (const Command* action : command.actions) {
      if (!action->available) continue;
      actions += concat({"    '", action->name, ":", zsh_text(action->about), "'\n"});
      dispatch += concat({"        ", action->name, ") _perf-sentinel_", key, key.empty() ? "" : "_", action->name, " ;;\n"});
    }
    functions += concat({"  local context state line\n  local -a commands=(\n", actions,
                         "    'help:Explain the program or one of its subcommands'\n  )\n"
                         "  _arguments -C -s -S \\\n",
                         arguments,
                         "    '1: :->command' '*:: :->words' && return 0\n"
                         "  case $state in\n"
                         "    command) _describe -t commands command commands ;;\n"
                         "    words)\n"
                         "      case $line[1] in\n",
                         dispatch,
                         "      esac ;;\n"
                         "  esac\n}\n"});
  });
  return concat({"#compdef perf-sentinel\n", functions,
                 "if [ \"$funcstack[1]\" = _perf-sentinel ]; then _perf-sentinel \"$@\"; else compdef _perf-sentinel "
                 "perf-sentinel; fi\n"});
}

std::string fish(const Command& program) {
  std::string out = "# fish completion for perf-sentinel\ncomplete -c perf-sentinel -f\n";
  each_command({&program}, [&](const CommandPath& path) {
    const Command& command = *path.back();
    std::string condition = path.size() == 1 ? "__fish_use_subcommand" : "";
    for (std::size_t i = 1; i < path.size(); ++i) {
      condition += concat({i > 1 ? "; and " : "", "__fish_seen_subcommand_from ", path[i]->name});
    }
    const std::string start = concat({"complete -c perf-sentinel -n '", condition, "'"});
    for (const Command* action : command.actions) {
      if (action->available) out += concat({start, " -a ", action->name, " -d '", escaped(action->about, "\\'"), "'\n"});
    }
    if (!command.actions.empty()) out += concat({start, " -a help -d 'Explain the program or one of its subcommands'\n"});
    if (!command.positional.choices.empty()) out += concat({start, " -a '", command.positional.choices, "'\n"});
    each_flag(command, [&](const Flag& flag) {
      out += concat({start, " -l ", flag.name});
      if (flag.letter != 0) out += concat({" -s ", std::string_view(&flag.letter, 1)});
      if (flag.kind == ValueKind::kPath) out += " -r -F";
      if (flag.kind == ValueKind::kText || flag.kind == ValueKind::kInteger) out += " -x";
      if (flag.kind == ValueKind::kChoice) out += concat({" -x -a '", flag.choices, "'"});
      out += concat({" -d '", escaped(flag.help, "\\'"), "'\n"});
    });
    out += concat({start, " -s h -l help -d 'Print help'\n"});
    if (path.size() == 1) out += concat({start, " -s V -l version -d 'Print the version'\n"});
  });
  return out;
}

// Tables of words by command and of values by flag, in the syntax of the last two shells.
struct TableSyntax {
  std::string_view entry_start, entry_middle, entry_end;  // around key and words
  std::string_view word_start, word_end;                  // around one word
  std::string_view quote;                                 // how ' is written inside '…'
};

struct Tables {
  std::string words;   // key "ack create" -> what may follow
  std::string values;  // key "ack create --output" -> its choices; paths have an empty list
};

Tables tables(const Command& program, const TableSyntax& syntax) {
  Tables out;
  const auto list = [&](std::string_view words) {
    std::string text;
    each_word(words, [&](std::string_view w) {
      text += concat({syntax.word_start, escaped(w, syntax.quote), syntax.word_end});
    });
    return text;
  };
  each_command({&program}, [&](const CommandPath& path) {
    const std::string key = key_of(path, ' ');
    out.words += concat({syntax.entry_start, key, syntax.entry_middle, list(words_after(path)), syntax.entry_end});
    each_flag(*path.back(), [&](const Flag& flag) {
      if (flag.kind == ValueKind::kSwitch) return;
      out.values +=
          concat({syntax.entry_start, key, " --", flag.name, syntax.entry_middle, list(flag.choices), syntax.entry_end});
      if (flag.letter == 0) return;
      out.values += concat({syntax.entry_start, key, " -", std::string_view(&flag.letter, 1), syntax.entry_middle,
                            list(flag.choices), syntax.entry_end});
    });
  });
  return out;
}

std::string powershell(const Command& program) {
  const Tables t = tables(program, {.entry_start = "    '",
                                    .entry_middle = "' = @(",
                                    .entry_end = "$null)\n",
                                    .word_start = "'",
                                    .word_end = "', ",
                                    .quote = "''"});
  return concat(
      {"# PowerShell completion for perf-sentinel\n"
       "Register-ArgumentCompleter -Native -CommandName 'perf-sentinel' -ScriptBlock {\n"
       "  param($wordToComplete, $commandAst, $cursorPosition)\n"
       "  $words = @{\n",
       t.words, "  }\n  $values = @{\n", t.values,
       "  }\n"
       "  $path = ''\n"
       "  $previous = ''\n"
       "  foreach ($element in @($commandAst.CommandElements | Select-Object -Skip 1)) {\n"
       "    if ($element.Extent.EndOffset -ge $cursorPosition) { break }\n"
       "    $word = $element.ToString()\n"
       "    $previous = $word\n"
       "    $longer = (\"$path $word\").Trim()\n"
       "    if ($words.ContainsKey($longer)) { $path = $longer }\n"
       "  }\n"
       "  $candidates = $words[$path]\n"
       "  $key = \"$path $previous\"\n"
       "  if ($values.ContainsKey($key)) { $candidates = $values[$key] }\n"
       "  $candidates | Where-Object { $_ -and $_ -like \"$wordToComplete*\" } | ForEach-Object {\n"
       "    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)\n"
       "  }\n"
       "}\n"});
}

std::string elvish(const Command& program) {
  const Tables t = tables(
      program,
      {.entry_start = "  &'", .entry_middle = "'=[", .entry_end = "]\n", .word_start = "'", .word_end = "' ", .quote = "''"});
  return concat(
      {"# elvish completion for perf-sentinel\n"
       "use str\n"
       "var perf-sentinel-words = [\n",
       t.words, "]\nvar perf-sentinel-values = [\n", t.values,
       "]\n"
       "set edit:completion:arg-completer[perf-sentinel] = {|@words|\n"
       "  var path = ''\n"
       "  var previous = ''\n"
       "  for word $words[1..-1] {\n"
       "    set previous = $word\n"
       "    var longer = (str:trim-space $path' '$word)\n"
       "    if (has-key $perf-sentinel-words $longer) { set path = $longer }\n"
       "  }\n"
       "  var key = $path' '$previous\n"
       "  if (has-key $perf-sentinel-values $key) {\n"
       "    if (== 0 (count $perf-sentinel-values[$key])) { edit:complete-filename $words[-1] } else { put "
       "$@perf-sentinel-values[$key] }\n"
       "  } else {\n"
       "    put $@perf-sentinel-words[$path]\n"
       "  }\n"
       "}\n"});
}

struct Shell {
  std::string_view name;
  std::string (*script)(const Command&);
};
constexpr Shell kShells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}, {"powershell", powershell}, {"elvish", elvish}};

}  // namespace

std::string completion_script(const Command& program, std::string_view shell) {
  for (const Shell& row : kShells) {
    if (row.name == shell) return row.script(program);
  }
  return {};
}

}  // namespace sentinel::cli
