// A span tree as text or JSON (chapter 03 §13.3-§13.4). Pure functions, any thread; no recursion, whatever the depth.
#pragma once

#include <string>

#include "analysis/explain.h"

namespace sentinel::report {

[[nodiscard]] std::string explain_text(const analysis::ExplainTree& tree, bool colors);
[[nodiscard]] std::string explain_json(const analysis::ExplainTree& tree);

}  // namespace sentinel::report
