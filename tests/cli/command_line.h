// A language for tests of the command line: words in, what became of them out.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/parser.h"

namespace sentinel::cli {

// Splits at blanks; "''" stands for an empty word and '_' inside a word for a blank.
inline std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> words;
  each_word(line, [&](std::string_view w) {
    std::string word(w == "''" ? "" : w);
    for (char& c : word) c = c == '_' ? ' ' : c;
    words.push_back(word);
  });
  return words;
}

// Words and environment stay alive beside the result, whose values are views into them.
struct Outcome {
  std::vector<std::string> words;
  std::map<std::string, std::string> environment;
  Parsed parsed;

  explicit Outcome(std::string_view line, std::map<std::string, std::string> variables = {})
      : words(line.empty() ? std::vector<std::string>() : split(line)), environment(std::move(variables)) {
    const std::vector<std::string_view> views(words.begin(), words.end());
    parsed = parse(kProgram, views, [this](const char* name) -> const char* {
      const auto found = environment.find(name);
      return found == environment.end() ? nullptr : found->second.c_str();
    });
  }
  Outcome(const Outcome&) = delete;
  Outcome& operator=(const Outcome&) = delete;

  // "run analyze: --ci --input=a", "long help: ack create", "error: …" (the first line).
  [[nodiscard]] std::string text() const {
    std::string path;
    for (const Command* c : parsed.arguments.path) path += (path.empty() ? "" : " ") + std::string(c->name);
    path.erase(0, std::string_view("perf-sentinel ").size());
    switch (parsed.kind) {
      case Parsed::Kind::kShortHelp:
        return "short help: " + path;
      case Parsed::Kind::kLongHelp:
        return "long help: " + path;
      case Parsed::Kind::kVersion:
        return "version";
      case Parsed::Kind::kNoAction:
        return "no action: " + path;
      case Parsed::Kind::kError:
        return parsed.error.substr(0, parsed.error.find('\n'));
      case Parsed::Kind::kRun:
        break;
    }
    std::string out = "run " + path + ":";
    for (const auto& v : parsed.arguments.values) {
      out += " --" + std::string(v.flag->name);
      if (v.flag->kind != ValueKind::kSwitch) out += "=" + std::string(v.text);
    }
    if (!parsed.arguments.positional.empty()) out += " " + std::string(parsed.arguments.positional);
    if (!parsed.arguments.rest.empty()) out += " --";
    for (const auto word : parsed.arguments.rest) out += " " + std::string(word);
    return out;
  }
};

inline std::string outcome(std::string_view line, std::map<std::string, std::string> variables = {}) {
  return Outcome(line, std::move(variables)).text();
}

}  // namespace sentinel::cli
