// The detection pass: findings of a set of traces (chapter 03 §3-§5, §8).
//
// Detectors read integers; text is looked at only once a group has fired. Findings come in detection order (trace order,
// detector order of 03 §3.1, group order of 03 §1.3), which does not depend on the number of threads.
#pragma once

#include <vector>

#include "base/arena.h"
#include "detect/finding_sink.h"
#include "model/finding.h"
#include "model/report.h"
#include "model/symbols.h"
#include "model/trace_set.h"

namespace sentinel::detect {

// All findings of the set: per-trace detectors, suggested fixes, then cross-trace slow findings when there are two traces or
// more. Texts made here (suggestions, timestamps) live in `texts`, which gains arenas and must outlive the findings, as must
// `symbols`, and with Evidence::kSpans the spans. Signatures, confidence and green impact are left for later stages.
[[nodiscard]] std::vector<model::Finding> detect(const model::TraceSet& traces, const model::Symbols& symbols,
                                                 const model::DetectionSettings& settings, unsigned threads,
                                                 std::vector<base::Arena>& texts, Evidence evidence = Evidence::kSpans);

// The seven per-trace detectors and the suggestion step on one trace.
[[nodiscard]] std::vector<model::Finding> detect_trace(const model::TraceView& trace, const model::Symbols& symbols,
                                                       const model::DetectionSettings& settings, base::Arena& texts,
                                                       Evidence evidence = Evidence::kSpans);

}  // namespace sentinel::detect
