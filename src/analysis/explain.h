// The span tree of one trace with its findings attached (chapter 03 §13.2).
//
// A tree is flat: nodes in depth-first order, each with its depth, so that neither building nor printing recurses. Texts are
// views into the Symbols, report or arena that the input came from. Linear in spans, but for sorting children. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "model/finding.h"
#include "model/symbols.h"

namespace sentinel::analysis {

// A span as explain sees it, from a trace file or from a report's embedded trace.
struct ExplainSpan {
  std::string_view span_id;
  std::string_view parent_span_id;  // null data() = absent; an empty text is an id like any other
  std::string_view link_trace_id;   // null data() = absent
  std::string_view service;
  std::string_view endpoint;
  std::string_view template_text;
  std::string_view operation;
  std::string_view timestamp;  // null data() = absent, in embedded traces only
  std::uint64_t duration_us = 0;
  std::optional<std::uint16_t> status_code;
  model::EventType type = model::EventType::kSql;
};

// Depth of the deepest node shown, a root being at 0. Deeper spans are left out.
inline constexpr std::uint32_t kMaxExplainDepth = 256;

struct ExplainNode {
  std::uint32_t span = 0;  // index into ExplainTree::spans
  std::uint32_t depth = 0;
  bool last_sibling = false;
};

struct ExplainTree {
  std::string_view trace_id;
  std::vector<ExplainSpan> spans;                         // in input order
  std::vector<ExplainNode> nodes;                         // depth first, parents before children; cyclic spans have none
  std::vector<const model::Finding*> trace_level;         // findings whose template no span has
  std::vector<std::vector<const model::Finding*>> lists;  // findings of a template, in finding order; list 0 is empty
  std::vector<std::uint32_t> inline_findings;             // by span: which of `lists`

  [[nodiscard]] std::span<const model::Finding* const> findings_of(std::uint32_t span) const {
    return lists[inline_findings[span]];
  }
};

// `findings` of other traces are ignored; they must outlive the tree.
[[nodiscard]] ExplainTree build_explain_tree(std::string_view trace_id, std::vector<ExplainSpan> spans,
                                             std::span<const model::Finding> findings);

// The spans of a correlated trace. Texts that a record holds as numbers are written into `texts`, which must outlive the
// result.
[[nodiscard]] std::vector<ExplainSpan> explain_spans(const model::TraceView& trace, const model::Symbols& symbols,
                                                     base::Arena& texts);

}  // namespace sentinel::analysis
