// The shape of the command table: a row a subcommand, a row a flag (chapter 06 §1.1).
//
// Parsing, help, shell completions, manual pages and docs/cli.md are all made from these rows and from nothing else. Rows are
// constants built at compile time; lists of names inside a text are separated by one blank. Read-only, any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "cli/exit_code.h"

namespace sentinel::cli {

class Arguments;
struct Invocation;

// kNamedPath is written CHOICE=PATH.
enum class ValueKind : std::uint8_t { kSwitch, kText, kPath, kInteger, kChoice, kNamedPath };

struct Flag {
  std::string_view name;  // without the dashes
  char letter = 0;        // short form, 0 = none
  ValueKind kind = ValueKind::kSwitch;
  std::string_view value_name = {};
  std::string_view help = {};             // one sentence, no full stop
  std::string_view details = {};          // what long help adds
  std::string_view fallback = {};         // value when not typed; for people where `computed_fallback`
  bool computed_fallback = false;         // `fallback` is only described, the command works it out
  std::string_view choices = {};          // kChoice, kNamedPath: the values offered
  std::string_view pending_choices = {};  // kChoice: values that parse but whose feature is not in this build
  std::uint64_t min = 0;                  // kInteger, inclusive
  std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  bool required = false;
  std::string_view required_unless = {};  // not required when this flag was typed
  std::string_view conflicts = {};        // flags that may not be typed beside this one
  std::string_view needs = {};            // a flag that must be typed beside this one …
  std::string_view needs_unless = {};     // … unless this one was
  bool many = false;                      // one or more values, and repeatable
  std::string_view environment = {};      // variable that stands in when the flag is not typed
  bool available = true;                  // false: parses, but its feature is not in this build
};

// The one word that a command takes beside its flags.
struct Positional {
  std::string_view name;  // empty: takes none
  std::string_view help = {};
  std::string_view choices = {};
};

// What the dispatcher provides before run() is called.
enum class Provide : std::uint8_t { kNothing, kConfig };

struct Command {
  std::string_view name;
  std::string_view about = {};     // one line, no full stop
  std::string_view details = {};   // paragraphs separated by an empty line
  std::string_view examples = {};  // the block under "Examples:", lines as shown; empty = none
  std::span<const Flag> flags = {};
  std::span<const Command* const> actions = {};  // one of them must follow, or "help"
  Positional positional = {};
  std::string_view rest_name = {};  // takes everything after "--" untouched, under this name
  bool terminal_view = false;       // refused at once where standard output is no terminal
  bool reads_and_ends = false;      // reads its input on all threads, reports and ends: memory.h
  bool available = true;            // false: parses and explains itself, but is not in this build
  Provide provide = Provide::kNothing;
  ExitCode (*run)(const Invocation&) = nullptr;
};

// The program itself: its actions are the subcommands, in the order of help.
extern const Command kProgram;

// Calls f(word) for each word of a blank-separated list.
template <class F>
void each_word(std::string_view list, F f) {
  while (!list.empty()) {
    const std::size_t end = list.find(' ');
    f(list.substr(0, end));
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
}

inline bool has_word(std::string_view list, std::string_view word) {
  bool found = false;
  each_word(list, [&](std::string_view w) { found = found || w == word; });
  return found;
}

}  // namespace sentinel::cli
