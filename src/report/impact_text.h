// What a finding costs and what its fix would save, in words for people. Pure functions.
#pragma once

#include <string>

#include "model/impact.h"

namespace sentinel::report {

// "9.1ms of 80.0ms (11.4%) if batched · 10.2ms on the critical path". Of a finding without a prediction its second half.
[[nodiscard]] std::string saving_text(const model::FindingImpact& impact);

}  // namespace sentinel::report
