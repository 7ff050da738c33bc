// What each threshold would find, as a table for people and as JSON. Pure functions, any thread.
#pragma once

#include <span>
#include <string>

#include "analysis/rehearse.h"

namespace sentinel::report {

struct RehearsalFrame {
  std::uint64_t events = 0;
  std::uint64_t traces = 0;
};

[[nodiscard]] std::string rehearsal_text(const RehearsalFrame& frame, std::span<const analysis::Rehearsal> rehearsals,
                                         bool colors);
[[nodiscard]] std::string rehearsal_json(const RehearsalFrame& frame, std::span<const analysis::Rehearsal> rehearsals);

}  // namespace sentinel::report
