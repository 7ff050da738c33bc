#include "cli/texts/manual.h"

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/table/command_walk.h"
#include "cli/texts/concat.h"
#include "cli/texts/help.h"

namespace sentinel::cli {
namespace {

struct ExitMeaning {
  std::string_view code;
  std::string_view meaning;
};
constexpr ExitMeaning kExitMeanings[] = {
    {"0", "Done; with --ci, the quality gate passed."},
    {"1", "With --ci, the quality gate failed. For a terminal view, the terminal cannot be used."},
    {"2",
     "The command line is wrong. For disclose: the document cannot be official. For verify-hash: not everything could be "
     "checked."},
    {"3", "For diff: worth a comment. For verify-hash and hash-bake: a document cannot be read or written."},
    {"4", "For verify-hash: the document cannot be fetched."},
    {"75", "The program could not run: input, configuration, fetch or write failure. No verdict."}};

struct Variable {
  std::string_view name;
  std::string_view meaning;
};
constexpr Variable kVariables[] = {
    {"PERF_SENTINEL_THREADS", "Threads to work with where --threads is not given."},
    {"PERF_SENTINEL_LOG, RUST_LOG",
     "Log lines wanted: a level (off, error, warn, info, debug, trace) or target=level pairs. The first that "
     "is set counts; the default is info."},
    {"NO_COLOR", "If set and not empty, log lines are not coloured."},
    {"CI, JENKINS_URL", "Findings are marked as coming from continuous integration."}};

// Text safe in roff: no line begins a request, backslashes and dashes print as themselves.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    line_start = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string roff_flag(const Flag& flag) {
  std::string out = ".TP\n";
  if (flag.letter != 0) out += concat({"\\fB\\-", std::string_view(&flag.letter, 1), "\\fR, "});
  out += concat({"\\fB\\-\\-", roff(flag.name), "\\fR"});
  if (flag.kind != ValueKind::kSwitch) out += concat({" \\fI", roff(flag.value_name), "\\fR", flag.many ? "..." : ""});
  out += concat({"\n", roff(flag.help), ".\n"});
  if (!flag.details.empty()) out += concat({roff(flag.details), "\n"});
  if (const std::string notes = flag_notes(flag); !notes.empty()) out += concat({roff(notes), "\n"});
  return out;
}

// Paragraphs of `details` under one heading.
std::string roff_paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find("\n\n");
    out += concat({".PP\n", roff(text.substr(0, end)), "\n"});
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  }
  return out;
}

std::string page(const CommandPath& path, std::string_view version) {
  const Command& command = *path.back();
  std::string title;
  for (const Command* part : path) title += concat({title.empty() ? "" : "-", part->name});
  std::string upper = title;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  std::string out =
      concat({".TH \"", upper, "\" \"1\" \"\" \"perf-sentinel ", version, "\" \"perf-sentinel manual\"\n", ".SH NAME\n",
              roff(title), " \\- ", roff(command.about), "\n.SH SYNOPSIS\n", roff(usage_line(path)), "\n"});
  out += concat({".SH DESCRIPTION\n", roff(command.about), ".\n", roff_paragraphs(command.details)});
  if (!command.positional.name.empty()) {
    out += concat({".SH ARGUMENTS\n.TP\n\\fI", command.positional.name, "\\fR\n", roff(command.positional.help), ": ",
                   comma_list(command.positional.choices), ".\n"});
  }
  out += ".SH OPTIONS\n";
  each_flag(command, [&](const Flag& flag) { out += roff_flag(flag); });
  out += ".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nPrint help.\n";
  if (path.size() == 1) out += ".TP\n\\fB\\-V\\fR, \\fB\\-\\-version\\fR\nPrint the version.\n";
  if (!command.actions.empty()) {
    out += ".SH SUBCOMMANDS\n";
    for (const Command* action : command.actions) {
      if (action->available) out += concat({".TP\n\\fB", roff(action->name), "\\fR\n", roff(action->about), ".\n"});
    }
  }
  if (path.size() == 1) {
    out += ".SH ENVIRONMENT\n";
    for (const Variable& v : kVariables) out += concat({".TP\n.B ", roff(v.name), "\n", roff(v.meaning), "\n"});
  }
  out += ".SH EXIT STATUS\n";
  for (const ExitMeaning& e : kExitMeanings) out += concat({".TP\n.B ", e.code, "\n", roff(e.meaning), "\n"});
  if (!command.examples.empty()) out += concat({".SH EXAMPLES\n.nf\n", roff(command.examples), ".fi\n"});
  return out;
}

constexpr std::string_view kReferenceHead = R"(# Command line

<!-- Made from the command table in src/cli/table; `SENTINEL_UPDATE_DOCS=1 test_cli` writes it anew. -->

)";
constexpr std::string_view kReferenceIntroduction = R"(. `perf-sentinel <subcommand> --help` says the same in the terminal.

## Exit status

| status | meaning |
| --- | --- |
)";

std::string markdown_flag(const Flag& flag) {
  std::string words = flag_words(flag);
  words.erase(0, words.find('-'));
  std::string text = concat({flag.help, "."});
  if (!flag.details.empty()) text += concat({" ", flag.details});
  std::string values;
  if (!flag.choices.empty()) {
    values = comma_list(flag.choices);
  } else if (flag.kind == ValueKind::kInteger && (flag.min > 0 || flag.max < UINT64_MAX)) {
    values = concat({std::to_string(flag.min), " to ", std::to_string(flag.max)});
  }
  std::string fallback(flag.fallback);
  if (!flag.environment.empty()) fallback = concat({"`", flag.environment, "`, else ", fallback});
  if (flag.required) fallback = "required";
  return concat({"| `", words, "` | ", text, " | ", values, " | ", fallback, " |\n"});
}

}  // namespace

std::string manual_pages(const Command& program, std::string_view version) {
  std::string out;
  each_command({&program}, [&](const CommandPath& path) {
    if (path.size() <= 2) out += page(path, version);
  });
  return out;
}

std::string markdown_reference(const Command& program) {
  std::string out = concat({kReferenceHead, program.about, kReferenceIntroduction});
  for (const ExitMeaning& e : kExitMeanings) out += concat({"| ", e.code, " | ", e.meaning, " |\n"});
  out += "\n## Environment\n\n| variable | meaning |\n| --- | --- |\n";
  for (const Variable& v : kVariables) out += concat({"| `", v.name, "` | ", v.meaning, " |\n"});
  each_command({&program}, [&](const CommandPath& path) {
    if (path.size() == 1) return;
    const Command& command = *path.back();
    out += concat({"\n## ", command_words({path.data() + 1, path.size() - 1}), "\n\n", command.about, ".\n"});
    if (!command.details.empty()) out += concat({"\n", command.details, "\n"});
    out += concat({"\n```\n", usage_line(path), "\n```\n"});
    if (!command.positional.name.empty()) {
      out += concat({"\n`", command.positional.name, "`: ", comma_list(command.positional.choices), ".\n"});
    }
    std::string rows;
    each_flag(command, [&](const Flag& flag) { rows += markdown_flag(flag); });
    if (!rows.empty()) out += concat({"\n| flag | meaning | values | default |\n| --- | --- | --- | --- |\n", rows});
    if (!command.examples.empty()) out += concat({"\n```\n", command.examples, "```\n"});
  });
  return out;
}

}  // namespace sentinel::cli
