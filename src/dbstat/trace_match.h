// Which statements of a database are also in traces (chapter 02 §5.6).
//
// Templates of both sides are compared by a key that leaves out what differs between a server and an instrumented client though
// the statement is the same: numbered parameters against literals, white space, case outside quotes, and for MySQL, whose
// digests are written anew by the server, backticks and blanks around punctuation. Pure functions, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "dbstat/statement.h"

namespace sentinel::dbstat {

[[nodiscard]] std::string comparison_key(Dialect dialect, std::string_view sql_template);

// Sets seen_in_traces of the statements whose template is, by key, among `templates`.
void mark_seen(Statements& statements, std::span<const std::string_view> templates);

}  // namespace sentinel::dbstat
