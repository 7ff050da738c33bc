#include "cli/texts/completions.h"

#include "cli/texts/completion_parts.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {

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
    if (flag.letter != 0) add(short_form(flag));
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

std::string key_of(const CommandPath& path, char separator) {
  std::string out;
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (i > 1) out += separator;
    out += path[i]->name;
  }
  return out;
}

std::string escape_quotes(std::string_view text, std::string_view replacement) {
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

std::string short_form(const Flag& flag) {
  if (flag.letter == 0) return {};
  return concat({"-", std::string_view(&flag.letter, 1)});
}

namespace {

struct Shell {
  std::string_view name;
  std::string (*script)(const Command&);
};
constexpr Shell kShells[] = {{"bash", bash_script},
                             {"zsh", zsh_script},
                             {"fish", fish_script},
                             {"powershell", powershell_script},
                             {"elvish", elvish_script}};

}  // namespace

std::string completion_script(const Command& program, std::string_view shell) {
  for (const Shell& row : kShells) {
    if (row.name == shell) return row.script(program);
  }
  return {};
}

}  // namespace sentinel::cli
