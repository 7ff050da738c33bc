// The answer of Prometheus' query API about pg_stat_statements as Statements (chapter 02 §5.5).
//
// An exporter gives one series a statement: its text or its id as a label, the seconds spent in it as the value. Whatever else
// a series may hold is passed over; one without a usable label or value counts with "unknown" or 0. Pure function, any thread.
#pragma once

#include <string_view>

#include "base/result.h"
#include "dbstat/statement.h"

namespace sentinel::dbstat {

// The error says what the answer lacks.
[[nodiscard]] base::Result<Statements> read_prometheus_answer(std::string_view json);

}  // namespace sentinel::dbstat
