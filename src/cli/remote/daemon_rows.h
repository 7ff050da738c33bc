// JSON of a daemon's API into the records that reports are made of (chapter 05 §8).
//
// Lenient, as clients of another version's daemon must be: members that are missing keep their defaults, rows that lack what
// shows them are counted and left out. Texts of the results are views into the tree's arena or text. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "analysis/explain.h"
#include "base/arena.h"
#include "disclosure/json_tree.h"
#include "model/report.h"
#include "report/daemon_text.h"

namespace sentinel::cli {

struct DaemonFindings {
  std::vector<model::Finding> findings;
  std::vector<std::uint64_t> seen_counts;                    // of each
  std::vector<std::optional<std::string_view>> accepted_by;  // of each: nullopt, or by whom; "" where it does not say
  std::size_t unreadable = 0;
};
// Lists are put into `arena`.
[[nodiscard]] DaemonFindings daemon_findings(const disclosure::JsonNode& answer, base::Arena& arena);

[[nodiscard]] std::vector<model::Correlation> daemon_correlations(const disclosure::JsonNode& answer);

[[nodiscard]] report::DaemonStatus daemon_status(const disclosure::JsonNode& answer);

// The tree of /api/explain, with the findings that it points to.
struct DaemonTree {
  analysis::ExplainTree tree;
  std::deque<model::Finding> findings;
};
[[nodiscard]] DaemonTree daemon_tree(const disclosure::JsonNode& answer);

}  // namespace sentinel::cli
