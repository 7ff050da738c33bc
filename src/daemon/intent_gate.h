// Whether a daemon may start under the declared intent of its disclosures (chapter 08 §2.4). Reads the organisation's file.
#pragma once

#include <string>
#include <vector>

#include "config/reporting_config.h"

namespace sentinel::daemon {

// Why not: one line, then its causes; empty: it may.
[[nodiscard]] std::vector<std::string> intent_refusal(const config::ReportingConfig& reporting);

}  // namespace sentinel::daemon
