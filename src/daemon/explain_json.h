// The span tree of a live trace as the daemon's API gives it: compact, keys sorted at every level (chapter 05 §8.8).
// Pure function.
#pragma once

#include <span>
#include <string>

#include "config/config.h"
#include "model/symbols.h"

namespace sentinel::daemon {

// `{"error":…}` where there are no spans.
[[nodiscard]] std::string explain_live_trace(base::TextId trace, std::span<const model::SpanRecord> spans,
                                             const model::Symbols& symbols, const config::Config& config);

}  // namespace sentinel::daemon
