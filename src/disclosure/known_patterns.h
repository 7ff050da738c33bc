// The anti-patterns by name, as disclosures group them (chapter 08 §1). Constants.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "model/finding.h"

namespace sentinel::disclosure {

// What a disclosure must have looked for.
inline constexpr std::array<std::string_view, 4> kCorePatterns = {"n_plus_one_sql", "n_plus_one_http", "redundant_sql",
                                                                  "redundant_http"};

[[nodiscard]] bool is_known_pattern(std::string_view name);
[[nodiscard]] bool is_core_pattern(std::string_view name);

// Repetition that could have been avoided counts as waste.
[[nodiscard]] bool is_avoidable(model::FindingType type);

// Criteria of the RGESN 2024 that a pattern touches.
[[nodiscard]] std::span<const std::string_view> rgesn_criteria(model::FindingType type);

}  // namespace sentinel::disclosure
