// Names and figures as every view for people writes them (chapter 03 §13.4, chapter 07 §2). Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/finding.h"

namespace sentinel::report {

// CRITICAL, WARNING, INFO.
[[nodiscard]] std::string_view severity_word(model::Severity severity);

// Strokes of trees: before an item, before the last one, and under each of the two.
inline constexpr std::string_view kBranch = "├─ ";
inline constexpr std::string_view kLastBranch = "└─ ";
inline constexpr std::string_view kStroke = "│  ";
inline constexpr std::string_view kNoStroke = "   ";

// "n plus one sql".
[[nodiscard]] std::string spaced_type(model::FindingType type);

// "<n>µs" below a millisecond, "<x.1>ms" below a second, else "<x.2>s".
[[nodiscard]] std::string duration_text(std::uint64_t us);

// What a rule of the quality gate limits; a rule of another version keeps its own name.
[[nodiscard]] std::string_view gate_rule_label(std::string_view rule);

}  // namespace sentinel::report
