// The data set of `demo`: fourteen traces (130 events) of an invented bicycle-sharing company (chapter 06 §5), made so that
// every finding type of 03 §3.4 fires, three regions carry different loads and one problem recurs in two deployments.
//
// Pure function, any thread. The tables it is written from stand in demo_data.cpp.
#pragma once

#include <string>
#include <string_view>

namespace sentinel::cli {

// The events as a native JSON array (01 §1.1), the same text at every call.
[[nodiscard]] std::string demo_traces_json();

// What `demo --html` adds (demo_stats.cpp has the latter): the traces of an earlier release, before one deployment got worse
// and a fix came in, and what the databases remember, as pg_stat_statements and the performance schema export it. Statements of
// the traces are among theirs.
[[nodiscard]] std::string demo_baseline_json();
[[nodiscard]] std::string_view demo_pg_stat_csv();
[[nodiscard]] std::string_view demo_mysql_stat_csv();

}  // namespace sentinel::cli
