// Statements split over two spans: one carries the text, another the duration (chapter 01 §8.14).
//
// Works on one resource block of a document at a time and says what becomes of its spans; applying it is the caller's.
#pragma once

#include <cstdint>
#include <vector>

#include "ingest/span_index.h"

namespace sentinel::ingest {

// What becomes of a span.
struct StitchOutcome {
  NodeRef span;
  bool merged = false;  // dropped as merged_db_span
  NodeRef donor;        // not merged: the span adopts this one's statement
};

// Outcomes of the spans of `block`, in input order; empty when nothing is split.
[[nodiscard]] std::vector<StitchOutcome> stitch(const Block& block, const SpanIndex& index);

}  // namespace sentinel::ingest
