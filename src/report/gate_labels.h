// What a rule of the quality gate is called for people (chapter 07 §1). Pure function.
#pragma once

#include <string_view>

namespace sentinel::report {

// An unknown rule, from a report of another version, is its own label: make it safe before showing it.
[[nodiscard]] std::string_view gate_rule_label(std::string_view rule);

}  // namespace sentinel::report
