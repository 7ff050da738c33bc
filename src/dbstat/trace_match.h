// Which statements of a database are also in traces (chapter 02 §5.6).
//
// Templates of both sides are compared by a key that leaves out what differs between a server and an instrumented client though
// the statement is the same: numbered parameters against literals, white space, case outside quotes, and for MySQL, whose
// digests are written anew by the server, backticks and blanks around punctuation. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbstat/statement.h"

namespace sentinel::dbstat {

[[nodiscard]] std::string comparison_key(Dialect dialect, std::string_view sql_template);

// A statement of the traces: its template and, where a finding is about it, the finding's type.
struct TraceStatement {
  std::string_view sql_template;
  std::string_view finding;  // a constant; empty = none
};

// What each side has that the other lacks. Statements are indices into Statements::entries, by descending total time.
struct TraceCoverage {
  std::uint64_t in_both = 0;                 // statements of the database
  std::vector<std::uint32_t> database_only;  // run by the database, in no trace: not instrumented, or not sampled
  std::vector<std::string> traces_only;      // templates, in the order given: of another database, or reset since
};

// Sets seen_in_traces and findings of the statements that are, by key, among `traces`.
TraceCoverage match_traces(Statements& statements, std::span<const TraceStatement> traces);

}  // namespace sentinel::dbstat
