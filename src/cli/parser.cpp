#include "cli/parser.h"

#include <charconv>
#include <optional>
#include <vector>

#include "base/text.h"
#include "cli/nearest.h"
#include "cli/texts/concat.h"
#include "cli/texts/help.h"

namespace sentinel::cli {
namespace {

std::string quoted(std::string_view text) { return concat({"'", base::for_terminal(text), "'"}); }

// "--input <PATH>", as messages name a flag.
std::string shown(const Flag& flag) {
  if (flag.kind == ValueKind::kSwitch) return concat({"--", flag.name});
  return concat({"--", flag.name, " <", flag.value_name, ">"});
}

// The tip for a misspelt word; empty when nothing is close.
std::string similar(std::string_view what, std::string_view close) {
  return close.empty() ? std::string() : concat({"a similar ", what, " exists: '", close, "'"});
}

class Parser {
 public:
  Parser(std::span<const std::string_view> words, const Environment& environment) : words_(words), environment_(environment) {}

  Parsed run(const Command& program) {
    path().push_back(&program);
    while (at_ < words_.size() && !done_) step(words_[at_++]);
    if (!done_) finish();
    return std::move(parsed_);
  }

 private:
  std::vector<const Command*>& path() { return parsed_.arguments.path; }
  const Command& command() { return *path().back(); }

  void stop(Parsed::Kind kind) {
    parsed_.kind = kind;
    done_ = true;
  }

  // `tip` may be empty.
  void fail(const std::string& message, const std::string& tip = {}) {
    std::string& out = parsed_.error;
    out = concat({"error: ", message, "\n"});
    if (!tip.empty()) out += concat({"\n  tip: ", tip, "\n"});
    out += concat({"\nUsage: ", usage_line(path()), "\n\nFor more information, try '", command_words(path()), " --help'.\n"});
    stop(Parsed::Kind::kError);
  }

  void step(std::string_view word) {
    if (word == "--") return after_dashes();
    if (word.starts_with("--")) return long_flag(word.substr(2));
    if (word.size() > 1 && word[0] == '-') return short_flags(word.substr(1));
    if (!command().actions.empty()) return action(word);
    if (!command().positional.name.empty() && parsed_.arguments.positional.data() == nullptr) return positional(word);
    unexpected(word);
  }

  void after_dashes() {
    if (!command().rest_name.empty()) {
      for (; at_ < words_.size(); ++at_) parsed_.arguments.rest.push_back(words_[at_]);
    } else if (at_ < words_.size()) {
      unexpected(words_[at_]);
    }
  }

  void unexpected(std::string_view word) {
    std::string tip;
    if (parsed_.arguments.find_flag("input") != nullptr && !parsed_.arguments.typed("input")) {
      tip = concat({"a file is given with '--input ", base::for_terminal(word), "'"});
    } else if (!command().rest_name.empty()) {
      tip = "what to run stands after '--'";
    }
    fail(concat({"unexpected argument ", quoted(word)}), tip);
  }

  void action(std::string_view word) {
    for (const Command* candidate : command().actions) {
      if (candidate->name != word) continue;
      path().push_back(candidate);
      return;
    }
    if (word == "help") return help_words();
    std::vector<std::string_view> known;
    for (const Command* candidate : command().actions) {
      if (candidate->available) known.push_back(candidate->name);
    }
    known.push_back("help");
    const std::string_view close = nearest(word, known);
    fail(concat({"unknown subcommand ", quoted(word)}), similar("subcommand", close));
  }

  // "help [subcommand [action]]"
  void help_words() {
    while (at_ < words_.size() && !done_) {
      const std::string_view word = words_[at_++];
      if (word == "help" && at_ == words_.size() && !command().actions.empty()) break;
      if (command().actions.empty()) return fail(concat({"unexpected argument ", quoted(word)}));
      action(word);
    }
    if (!done_) stop(Parsed::Kind::kLongHelp);
  }

  void positional(std::string_view word) {
    const Positional& row = command().positional;
    if (!has_word(row.choices, word)) return bad_choice(word, concat({"<", row.name, ">"}), row.choices);
    parsed_.arguments.positional = word;
  }

  void long_flag(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    std::optional<std::string_view> value;
    if (equals != std::string_view::npos) value = word.substr(equals + 1);
    const bool top = path().size() == 1;
    if (name == "help" || (name == "version" && top)) {
      if (value) return fail(concat({"'--", name, "' takes no value"}));
      return stop(name == "help" ? Parsed::Kind::kLongHelp : Parsed::Kind::kVersion);
    }
    for (const Flag& flag : command().flags) {
      if (flag.name == name) return take(flag, value);
    }
    unknown_flag(name);
  }

  void unknown_flag(std::string_view name) {
    std::vector<std::string_view> known;
    for (const Flag& flag : command().flags) {
      if (flag.available) known.push_back(flag.name);
    }
    known.push_back("help");
    if (path().size() == 1) known.push_back("version");
    const std::string_view close = nearest(name, known);
    fail(concat({"unknown flag ", quoted(concat({"--", name}))}), close.empty() ? "" : similar("flag", concat({"--", close})));
  }

  // One or more letters after a dash; the first that takes a value takes what follows it.
  void short_flags(std::string_view letters) {
    while (!letters.empty() && !done_) {
      const char letter = letters[0];
      letters.remove_prefix(1);
      if (letter == 'h') return stop(Parsed::Kind::kShortHelp);
      if (letter == 'V' && path().size() == 1) return stop(Parsed::Kind::kVersion);
      const Flag* found = nullptr;
      for (const Flag& flag : command().flags) {
        if (flag.letter == letter) found = &flag;
      }
      if (found == nullptr) {
        return fail(concat({"unknown flag ", quoted(words_[at_ - 1])}));
      }
      std::optional<std::string_view> value;
      if (!letters.empty()) value = letters.substr(letters[0] == '=' ? 1 : 0);
      return take(*found, value);
    }
  }

  void take(const Flag& flag, std::optional<std::string_view> value) {
    if (!flag.many && parsed_.arguments.typed(flag.name)) return fail(concat({"'", shown(flag), "' is given more than once"}));
    if (flag.kind == ValueKind::kSwitch) {
      if (value) return fail(concat({"'--", flag.name, "' takes no value"}));
      parsed_.arguments.values.push_back({.flag = &flag, .text = {}});
      return;
    }
    if (value) return add(flag, *value, true);
    if (!next_is_value()) {
      std::string tip;
      if (at_ < words_.size()) {
        tip = concat({"a value that begins with '-' is written '--", flag.name, "=", base::for_terminal(words_[at_]), "'"});
      }
      return fail(concat({"'", shown(flag), "' needs a value"}), tip);
    }
    do {
      add(flag, words_[at_++], true);
    } while (flag.many && !done_ && next_is_value());
  }

  // A word that does not look like a flag; "-" alone is one.
  bool next_is_value() const { return at_ < words_.size() && (!words_[at_].starts_with('-') || words_[at_] == "-"); }

  // Checks a value and keeps it.
  void add(const Flag& flag, std::string_view text, bool typed) {
    Arguments::Value value{.flag = &flag, .text = text, .number = 0, .typed = typed};
    const std::string where = typed ? shown(flag) : std::string(flag.environment);
    switch (flag.kind) {
      case ValueKind::kSwitch:
        break;
      case ValueKind::kPath:
        if (text.empty()) return fail(concat({"'", where, "' needs a value that is not empty"}));
        break;
      case ValueKind::kText:
        if (!base::is_valid_utf8(text)) return fail(concat({"the value of '", where, "' is not UTF-8"}));
        break;
      case ValueKind::kChoice:
        if (!has_word(flag.choices, text) && !has_word(flag.pending_choices, text))
          return bad_choice(text, where, flag.choices);
        break;
      case ValueKind::kNamedPath: {
        const std::string_view name = text.substr(0, text.find('='));
        if (!has_word(flag.choices, name)) return bad_choice(name, where, flag.choices);
        if (name.size() + 1 >= text.size()) {
          return fail(concat({"invalid value ", quoted(text), " for '", where, "': no file after '", name, "='"}));
        }
        break;
      }
      case ValueKind::kInteger: {
        const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value.number);
        if (end != digits.data() + digits.size() || error == std::errc::invalid_argument || digits.empty()) {
          return fail(concat({"invalid value ", quoted(text), " for '", where, "': not a whole number"}));
        }
        if (error == std::errc::result_out_of_range || value.number < flag.min || value.number > flag.max) {
          return fail(concat({"invalid value ", quoted(text), " for '", where, "': not within ", std::to_string(flag.min),
                              " to ", std::to_string(flag.max)}));
        }
        break;
      }
    }
    parsed_.arguments.values.push_back(value);
  }

  void bad_choice(std::string_view text, const std::string& where, std::string_view choices) {
    std::vector<std::string_view> known;
    each_word(choices, [&](std::string_view w) { known.push_back(w); });
    const std::string_view close = nearest(text, known);
    fail(concat({"invalid value ", quoted(text), " for '", where, "'; possible values: ", comma_list(choices)}),
         similar("value", close));
  }

  // -- once all words are read

  void finish() {
    if (!command().actions.empty()) return stop(Parsed::Kind::kNoAction);
    for (const Command* row : path()) {
      for (const Flag& flag : row->flags) {
        if (!done_) check_company(flag);
      }
    }
    if (!done_) check_missing();
    for (const Command* row : path()) {
      for (const Flag& flag : row->flags) {
        if (!done_) from_environment(flag);
      }
    }
  }

  // Conflicts and companions of one flag.
  void check_company(const Flag& flag) {
    if (!parsed_.arguments.typed(flag.name)) return;
    each_word(flag.conflicts, [&](std::string_view other) {
      if (done_ || !parsed_.arguments.typed(other)) return;
      fail(concat({"'", shown(flag), "' cannot be used with '", shown(*parsed_.arguments.find_flag(other)), "'"}));
    });
    if (done_ || flag.needs.empty() || parsed_.arguments.typed(flag.needs) || parsed_.arguments.typed(flag.needs_unless))
      return;
    fail(concat({"'", shown(flag), "' needs '", shown(*parsed_.arguments.find_flag(flag.needs)), "' beside it"}));
  }

  void check_missing() {
    std::string missing;
    for (const Flag& flag : command().flags) {
      if (!flag.required || parsed_.arguments.typed(flag.name)) continue;
      if (!flag.required_unless.empty() && parsed_.arguments.typed(flag.required_unless)) continue;
      missing += concat({"\n  ", shown(flag)});
    }
    const Positional& word = command().positional;
    if (!word.name.empty() && parsed_.arguments.positional.data() == nullptr) {
      missing += concat({"\n  <", word.name, "> (", comma_list(word.choices), ")"});
    }
    if (!missing.empty()) fail(concat({"these are required but were not given:", missing}));
  }

  void from_environment(const Flag& flag) {
    if (flag.environment.empty() || parsed_.arguments.typed(flag.name)) return;
    const char* value = environment_(std::string(flag.environment).c_str());
    if (value == nullptr || (*value == '\0' && flag.kind != ValueKind::kText)) return;
    add(flag, value, false);
  }

  std::span<const std::string_view> words_;
  const Environment& environment_;
  std::size_t at_ = 0;
  bool done_ = false;
  Parsed parsed_;
};

}  // namespace

Parsed parse(const Command& program, std::span<const std::string_view> words, const Environment& environment) {
  return Parser(words, environment).run(program);
}

}  // namespace sentinel::cli
