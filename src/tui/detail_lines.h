// The text of a finding's Detail (chapter 06 §9.2). Pure function, any thread.
#pragma once

#include "analysis/report_order.h"
#include "tui/lines.h"
#include "tui/source.h"
#include "tui/tree_lines.h"

namespace sentinel::tui {

// `tree` null: the source has no spans of this trace; `live`: it is a daemon.
[[nodiscard]] Lines detail_lines(const model::Finding& finding, const analysis::Recurrence::Group& problem,
                                 const analysis::ExplainTree* tree, bool live, Repeats repeats);

// What stands in place of a tree.
[[nodiscard]] Lines no_spans_lines(bool live);

// A correlation in `rows` rows (1 or 2) of this width: the figures first, then its ends, the second in a row of its own where
// there are two. Names of deployment dimensions are left out where they do not fit.
[[nodiscard]] Lines correlation_lines(const model::Correlation& correlation, int rows, int columns);

}  // namespace sentinel::tui
