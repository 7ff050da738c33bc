// The last day on which an exception counts, as people write it: YYYY-MM-DD (chapter 03 §10.1, §10.3). Pure functions, any
// thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace sentinel::base {

// A date as days since 1970; the Error says in what it breaks the grammar, or that there is no such day.
[[nodiscard]] Result<std::int64_t> parse_expiry_date(std::string_view text);

// Last instant of such a day that counts, 23:59:59 UTC, in ms since 1970.
[[nodiscard]] constexpr std::int64_t last_instant_ms(std::int64_t day) {
  constexpr std::int64_t kMsPerDay = 86'400'000;
  return day * kMsPerDay + kMsPerDay - 1000;
}

}  // namespace sentinel::base
