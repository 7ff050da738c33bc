// Why a template made no finding, as text and as JSON. Pure functions, any thread.
#pragma once

#include <string>

#include "analysis/why_not.h"

namespace sentinel::report {

[[nodiscard]] std::string why_not_text(const analysis::WhyNot& why, bool colors);
[[nodiscard]] std::string why_not_json(const analysis::WhyNot& why);

}  // namespace sentinel::report
