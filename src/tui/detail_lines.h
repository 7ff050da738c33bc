// The text of a finding's Detail (chapter 06 §9.2). Pure function, any thread.
#pragma once

#include "analysis/report_order.h"
#include "tui/lines.h"
#include "tui/source.h"
#include "tui/tree_lines.h"

namespace sentinel::tui {

// `tree` null: the source has no spans of this trace.
[[nodiscard]] Lines detail_lines(const model::Finding& finding, const analysis::Recurrence::Group& problem,
                                 const analysis::ExplainTree* tree, Repeats repeats);

// What stands in place of a tree.
[[nodiscard]] Lines no_spans_lines();

// "87 %  120 ms  (5×)  cart@k8s.namespace.name=shop:n_plus_one_sql → pay:slow_sql"
[[nodiscard]] Line correlation_line(const model::Correlation& correlation);

}  // namespace sentinel::tui
