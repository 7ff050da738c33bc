// The text of the Analyze view: what a run cost and what to look at first (chapter 06 §9.2). Pure function, any thread.
#pragma once

#include "tui/lines.h"
#include "tui/source.h"
#include "tui/trace_index.h"

namespace sentinel::tui {

[[nodiscard]] Lines summary_lines(const Source& source, const TraceIndex& index);

}  // namespace sentinel::tui
