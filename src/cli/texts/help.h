// Help texts and usage lines, made from the command table (chapter 06 §1). Pure functions, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/table/command.h"

namespace sentinel::cli {

inline constexpr std::size_t kHelpWidth = 100;

enum class HelpLength { kShort, kLong };

// `path` leads from the program to the command explained.
[[nodiscard]] std::string help_text(std::span<const Command* const> path, HelpLength length);

// "perf-sentinel explain [OPTIONS] --input <PATH> --trace-id <ID>"
[[nodiscard]] std::string usage_line(std::span<const Command* const> path);

// "perf-sentinel ack create"
[[nodiscard]] std::string command_words(std::span<const Command* const> path);

// "-i, --input <PATH>"; four blanks stand for a missing letter.
[[nodiscard]] std::string flag_words(const Flag& flag);

// What a flag's help says about defaults, choices and environment: "[default: text] [possible values: text, json]".
[[nodiscard]] std::string flag_notes(const Flag& flag);

// "text, json" of "text json"
[[nodiscard]] std::string comma_list(std::string_view words);

// `text` broken at blanks into lines of at most `width` columns, each after `indent` blanks; line ends in it are kept.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t indent, std::size_t width = kHelpWidth);

}  // namespace sentinel::cli
