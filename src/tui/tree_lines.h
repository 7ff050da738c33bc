// A span tree as styled lines (chapter 03 §13.4, chapter 06 §9.2), for Detail and Explain.
//
// Folded away unless asked for: a run of siblings that are the same call becomes one line with its count and times, and advice
// is given once a finding. Pure function, any thread; no recursion, whatever the depth.
#pragma once

#include "analysis/explain.h"
#include "tui/lines.h"

namespace sentinel::tui {

enum class Repeats : std::uint8_t { kCollapsed, kAll };

[[nodiscard]] Lines tree_lines(const analysis::ExplainTree& tree, Repeats repeats);

}  // namespace sentinel::tui
