#include "cli/texts/help.h"

#include <algorithm>
#include <vector>

#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

constexpr std::string_view kHelpHelp = "Print help ('-h' the short form, '--help' the long one)";

bool has_visible_flags(const Command& command) {
  return std::any_of(command.flags.begin(), command.flags.end(), [](const Flag& f) { return f.available; });
}

// A left column and its explanation, aligned to the widest left column.
struct HelpRow {
  std::string left;
  std::string right;
};

std::string two_columns(const std::vector<HelpRow>& rows) {
  std::size_t widest = 0;
  for (const HelpRow& row : rows) widest = std::max(widest, row.left.size());
  const std::size_t column = widest + 4;
  std::string out;
  for (const HelpRow& row : rows) {
    std::string text = wrap(row.right, column);
    text.replace(0, std::min(text.size(), column), concat({"  ", row.left, std::string(column - 2 - row.left.size(), ' ')}));
    out += text;
  }
  return out;
}

std::vector<HelpRow> flag_rows(const Command& command, bool is_program) {
  std::vector<HelpRow> rows;
  for (const Flag& flag : command.flags) {
    if (!flag.available) continue;
    const std::string notes = flag_notes(flag);
    rows.push_back({flag_words(flag), concat({flag.help, notes.empty() ? "" : " ", notes})});
  }
  rows.push_back({"-h, --help", std::string(kHelpHelp)});
  if (is_program) rows.push_back({"-V, --version", "Print the version"});
  return rows;
}

// Long form: each flag on a line of its own, its explanation under it.
std::string flag_paragraphs(const Command& command, bool is_program) {
  std::string out;
  const auto add = [&](const std::string& left, std::string_view help, std::string_view details, const std::string& notes) {
    if (!out.empty()) out += '\n';
    out += concat({"  ", left, "\n", wrap(concat({help, "."}), 10)});
    if (!details.empty()) out += concat({"\n", wrap(details, 10)});
    if (!notes.empty()) out += concat({"\n", wrap(notes, 10)});
  };
  for (const Flag& flag : command.flags) {
    if (flag.available) add(flag_words(flag), flag.help, flag.details, flag_notes(flag));
  }
  add("-h, --help", kHelpHelp, {}, {});
  if (is_program) add("-V, --version", "Print the version", {}, {});
  return out;
}

std::vector<HelpRow> action_rows(const Command& command) {
  std::vector<HelpRow> rows;
  for (const Command* action : command.actions) {
    if (action->available || !command.available) rows.push_back({std::string(action->name), std::string(action->about)});
  }
  rows.push_back({"help", "Explain the program or one of its subcommands"});
  return rows;
}

}  // namespace

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) {
      out += '\n';
      continue;
    }
    while (!line.empty()) {
      std::size_t cut = line.size();
      if (indent + cut > width) {
        cut = line.rfind(' ', width - indent);
        if (cut == std::string_view::npos || cut == 0) cut = std::min(line.find(' '), line.size());
      }
      out.append(indent, ' ');
      out += line.substr(0, cut);
      out += '\n';
      line.remove_prefix(std::min(line.size(), cut + 1));
    }
  }
  return out;
}

std::string comma_list(std::string_view words) {
  std::string out;
  each_word(words, [&](std::string_view w) {
    if (!out.empty()) out += ", ";
    out += w;
  });
  return out;
}

std::string command_words(std::span<const Command* const> path) {
  std::string out;
  for (const Command* command : path) {
    if (!out.empty()) out += ' ';
    out += command->name;
  }
  return out;
}

std::string usage_line(std::span<const Command* const> path) {
  const Command& command = *path.back();
  std::string out = command_words(path);
  if (has_visible_flags(command)) out += " [OPTIONS]";
  for (const Flag& flag : command.flags) {
    if (!flag.required) continue;
    out += concat({" --", flag.name, " <", flag.value_name, flag.many ? ">..." : ">"});
  }
  if (!command.positional.name.empty()) out += concat({" <", command.positional.name, ">"});
  if (!command.actions.empty()) out += " <COMMAND>";
  if (!command.rest_name.empty()) out += concat({" [-- ", command.rest_name, "...]"});
  return out;
}

std::string flag_words(const Flag& flag) {
  const std::string_view letter(&flag.letter, flag.letter != 0 ? 1 : 0);
  std::string out = concat({letter.empty() ? "    " : "-", letter, letter.empty() ? "" : ", ", "--", flag.name});
  if (flag.kind != ValueKind::kSwitch) out += concat({" <", flag.value_name, ">"});
  if (flag.many) out += "...";
  return out;
}

std::string flag_notes(const Flag& flag) {
  std::string out;
  const auto add = [&](std::string_view what, std::string_view value) {
    if (!value.empty()) out += concat({out.empty() ? "[" : " [", what, ": ", value, "]"});
  };
  add("env", flag.environment);
  add("default", flag.fallback);
  add("possible values", comma_list(flag.choices));
  return out;
}

std::string help_text(std::span<const Command* const> path, HelpLength length) {
  const Command& command = *path.back();
  const bool is_program = path.size() == 1;
  const bool is_long = length == HelpLength::kLong;
  std::string out = concat({command.about, ".\n"});
  if (is_long && !command.details.empty()) out += concat({"\n", wrap(command.details, 0)});
  if (!command.available) out += "\nThis subcommand is not part of this build yet.\n";
  constexpr std::string_view kUsage = "Usage: ";
  out += concat({"\n", wrap(usage_line(path), kUsage.size()).replace(0, kUsage.size(), kUsage)});
  if (!command.actions.empty()) out += concat({"\nCommands:\n", two_columns(action_rows(command))});
  if (const Positional& word = command.positional; !word.name.empty()) {
    const std::string text = concat({word.help, " [possible values: ", comma_list(word.choices), "]"});
    out += concat({"\nArguments:\n", two_columns({{concat({"<", word.name, ">"}), text}})});
  }
  out += concat({"\nOptions:\n", is_long ? flag_paragraphs(command, is_program) : two_columns(flag_rows(command, is_program))});
  if (!command.examples.empty()) out += concat({"\nExamples:\n", command.examples});
  return out;
}

}  // namespace sentinel::cli
