// A comparison as a comment on a pull or merge request: what is new, then what got worse, then what is gone.
//
// Never longer than a comment on GitHub may be; what had no room is counted in the text. The first line is a marker by which a
// script finds the comment to update. Pure function, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "analysis/bands.h"
#include "analysis/diff.h"
#include "model/report.h"

namespace sentinel::report {

inline constexpr std::string_view kDiffMarkdownMarker = "<!-- perf-sentinel diff -->";

// The number of new and worsened findings that are in no table. `verdict` is null when nothing was to be judged.
std::uint64_t append_diff_markdown(std::string& out, const analysis::Diff& diff, std::span<const model::Warning> warnings,
                                   const analysis::Verdict* verdict);

}  // namespace sentinel::report
