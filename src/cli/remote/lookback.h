// How far back a search goes: "2h30m" in seconds (chapter 02 §2.4). Pure function, any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace sentinel::cli {

// One or more numbers with a unit (h, m or s), white space around them. The error names the first thing that is wrong.
[[nodiscard]] base::Result<std::uint64_t> parse_lookback(std::string_view text);

}  // namespace sentinel::cli
