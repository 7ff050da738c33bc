// Until when a finding is accepted: "2026-12-31T00:00:00Z" or "7d" (chapter 06 §8). Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "disclosure/instant.h"

namespace sentinel::cli {

// A date and time with its offset, or a duration from `now` on: numbers with units from nanoseconds to years, decimals
// allowed, blanks between them. A past moment is fine. The error names both forms.
[[nodiscard]] base::Result<disclosure::Instant> parse_expires(std::string_view text, disclosure::Instant now);

// "in 6 days", "in 1 day", "in 3h", "in 20min", "in less than a minute", "expired"; rounded down.
[[nodiscard]] std::string time_left(disclosure::Instant until, disclosure::Instant now);

}  // namespace sentinel::cli
