// Reading a saved report back, as far as `explain` needs it (chapter 07 §3.6, chapter 03 §13.1).
//
// The whole document is held to the rules of the chapter: required keys, where null is allowed, known enum values, no repeated
// key; what explain does not show is checked and dropped. Texts are views into the document where it has no escapes, else into
// the arena of the result; the caller keeps the document alive. One thread.
#pragma once

#include <string_view>
#include <vector>

#include "analysis/explain.h"
#include "base/arena.h"
#include "base/result.h"
#include "model/finding.h"

namespace sentinel::analysis {

inline constexpr std::size_t kMaxReportNesting = 127;  // brackets open at once

struct EmbeddedTrace {
  std::string_view trace_id;
  std::vector<ExplainSpan> spans;
};

struct SavedReport {
  std::vector<model::Finding> findings;  // in report order, signatures filled in where they were empty
  std::vector<EmbeddedTrace> embedded_traces;
  base::Arena texts;
};

// True for an object with a top-level key "findings", whatever its value, in a document that is well-formed JSON and nests no
// deeper than kMaxReportNesting.
[[nodiscard]] bool looks_like_report(std::string_view document);

// An Error says which key is missing, repeated or of the wrong shape, and where.
[[nodiscard]] base::Result<SavedReport> read_saved_report(std::string_view document);

}  // namespace sentinel::analysis
