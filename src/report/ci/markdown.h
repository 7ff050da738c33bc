// A report as a comment on a pull or merge request: gate, a table of problems worst first, and their details to unfold.
//
// Instances of one problem (analysis/report_order.h) share a row. Never longer than a comment on GitHub may be; what had no
// room is counted in the text. The first line is a marker by which a script finds the comment to update. Pure function, any
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "model/report.h"

namespace sentinel::report {

inline constexpr std::size_t kMarkdownBytes = 65'536;  // GitHub counts characters: at most as many as bytes
inline constexpr std::string_view kMarkdownMarker = "<!-- perf-sentinel report -->";

// The number of findings whose problem is not in the table.
std::uint64_t append_markdown(std::string& out, const model::Report& report, bool show_acknowledged);

}  // namespace sentinel::report
