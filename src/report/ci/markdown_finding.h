// A finding in a comment on a pull or merge request: its severity, and its details to unfold. Pure functions; text from outside
// is shown as text (markdown_text.h).
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/finding.h"
#include "report/ci/markdown_text.h"

namespace sentinel::report {

// Longest texts shown, in bytes of the original.
inline constexpr std::size_t kCellName = 60;
inline constexpr std::size_t kCellTemplate = 80;
inline constexpr std::size_t kFullText = 1000;

// "**critical**", "warning", "info".
void append_severity(MarkdownText& text, model::Severity severity);

// "3 findings".
MarkdownText& append_count(MarkdownText& text, std::uint64_t count, std::string_view noun);

// " | `service` | `endpoint` | `template` | calls": cells of a row that goes on.
void append_place_cells(MarkdownText& text, const model::Finding& finding);

// "<details>" with what is known of the finding; `traces` is how many the problem is in.
void append_details(MarkdownText& text, std::size_t number, const model::Finding& finding, std::uint64_t traces);

}  // namespace sentinel::report
