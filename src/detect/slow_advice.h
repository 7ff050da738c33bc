// What the two slow detectors have in common: severity and advice (chapter 03 §4.3, §4.4). Pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "detect/group_facts.h"
#include "model/finding.h"
#include "model/span_record.h"

namespace sentinel::detect {

// Critical above five times the limit.
[[nodiscard]] inline model::Severity slow_severity(std::uint64_t longest_us, std::uint64_t limit_us) {
  constexpr std::uint64_t kCriticalFactor = 5;
  return longest_us > saturating_mul(limit_us, kCriticalFactor) ? model::Severity::kCritical : model::Severity::kWarning;
}

[[nodiscard]] inline std::string_view slow_advice(model::EventType type) {
  constexpr std::array<std::string_view, 3> kAdvice = {
      "Read the query plan, add the missing index or optimise the query.",
      "Cache the response or optimise the endpoint that answers.",
      "Send messages in batches or make their payloads smaller.",
  };
  return kAdvice[static_cast<std::size_t>(type)];
}

}  // namespace sentinel::detect
