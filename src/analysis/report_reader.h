// Reading a saved report back (chapter 07 §3.6, chapter 03 §13.1).
//
// The whole document is held to the rules of the chapter: required keys, where null is allowed, known enum values, no repeated
// key. Unknown keys and `disclosure_waste` are checked and dropped. Texts of findings and traces are views into the document
// where it has no escapes, else into the arena of the result; the caller keeps the document alive. One thread.
#pragma once

#include <string_view>
#include <vector>

#include "analysis/explain.h"
#include "base/arena.h"
#include "base/result.h"
#include "model/report.h"

namespace sentinel::analysis {

// Brackets open at once: in what `explain` reads, and in what every other reader of reports takes.
inline constexpr unsigned kMaxReportNesting = 127;
inline constexpr unsigned kMaxInputNesting = 32;

struct EmbeddedTrace {
  std::string_view trace_id;
  std::vector<ExplainSpan> spans;
};

struct SavedReport {
  model::Report report;  // findings in report order, signatures filled in where they were empty
  std::vector<EmbeddedTrace> embedded_traces;
  base::Arena texts;
};

// True for an object with a top-level key "findings", whatever its value, in a document that is well-formed JSON and nests no
// deeper than kMaxReportNesting.
[[nodiscard]] bool looks_like_report(std::string_view document);

// The same told by the first key of the object alone, from the first bytes of a document that is too large to be read twice;
// false where they end before it. Every report that a version of this program wrote begins with a key of its own.
[[nodiscard]] bool begins_like_report(std::string_view first_bytes);

// An Error says which key is missing, repeated or of the wrong shape, and where.
[[nodiscard]] base::Result<SavedReport> read_saved_report(std::string_view document, unsigned max_nesting = kMaxReportNesting);

}  // namespace sentinel::analysis
