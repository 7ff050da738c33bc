// Batch correlation: all spans with the same trace id form one trace (chapter 03 §2.1).
#pragma once

#include <span>
#include <vector>

#include "model/symbols.h"
#include "model/trace_set.h"

namespace sentinel::correlate {

// Groups the records of all batches by trace id, traces in order of first appearance, spans in input order. The set points into
// the batches, which must stay where they are; `threads` share the reading of them. Linear; 16 bytes a span and 4 bytes an
// interned text of memory.
[[nodiscard]] model::TraceSet group_by_trace(std::span<const std::vector<model::SpanRecord>> batches,
                                             const model::Symbols& symbols, unsigned threads = 1);

}  // namespace sentinel::correlate
