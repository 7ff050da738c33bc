// What was typed, resolved against the table: the only way a subcommand learns about its flags.
//
// Values are views into argv or the environment and live as long as those. Asking for a flag that the command does not have is
// a bug and gives the same answer as one that was not typed. Read-only after parsing, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/table/command.h"

namespace sentinel::cli {

class Arguments {
 public:
  struct Value {
    const Flag* flag = nullptr;
    std::string_view text;     // empty for a switch
    std::uint64_t number = 0;  // kInteger
    bool typed = true;         // false: from the environment
  };

  // Typed on the command line.
  [[nodiscard]] bool typed(std::string_view flag) const;

  // Typed, else from the environment, else the flag's fallback; nullopt when there is none of them.
  [[nodiscard]] std::optional<std::string_view> text(std::string_view flag) const;
  [[nodiscard]] std::optional<std::uint64_t> number(std::string_view flag) const;

  // All values of a repeatable flag.
  [[nodiscard]] std::vector<std::string_view> all(std::string_view flag) const;

  // program, subcommand, action …
  std::vector<const Command*> path;
  std::vector<Value> values;
  std::string_view positional;
  std::vector<std::string_view> rest;  // after "--"

  [[nodiscard]] const Command& command() const { return *path.back(); }
  [[nodiscard]] const Flag* find_flag(std::string_view name) const;
  [[nodiscard]] const Value* find_value(std::string_view name) const;
};

}  // namespace sentinel::cli
