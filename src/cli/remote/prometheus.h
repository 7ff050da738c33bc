// pg_stat_statements as a Prometheus server has it: what `pg-stat --prometheus` and `report --pg-stat-prometheus` ask.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/arguments.h"
#include "dbstat/statement.h"

namespace sentinel::cli {

// The `top` statements that took most time. `header_flag` is the flag whose header goes along, unless the variable
// PERF_SENTINEL_PGSTAT_AUTH_HEADER holds one. The error names the address without secrets.
[[nodiscard]] base::Result<dbstat::Statements> fetch_statements(const Arguments& arguments, std::string_view endpoint,
                                                                std::string_view header_flag, std::uint64_t top);

}  // namespace sentinel::cli
