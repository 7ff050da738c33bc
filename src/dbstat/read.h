// An export of a database's statement statistics into Statements (chapter 02 §5.2).
//
// CSV (RFC 4180, quoted fields may hold line ends), tab-separated text as `psql` and `mysql --batch` write it, a JSON array, an
// object that wraps one array, or one JSON object after another; told by content. A byte-order mark is passed over. All or
// nothing: the first bad row is an error with its line. Each row's SQL template is made here. Pure function, any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "dbstat/statement.h"

namespace sentinel::dbstat {

// Most rows of one export; a further one is an error.
inline constexpr std::size_t kMaxRows = 1'000'000;

// Error::where is the place inside the text ("line 3", "line 1 column 14"); whoever read the file puts its name before it.
[[nodiscard]] base::Result<Statements> read_statements(std::string_view bytes, Dialect dialect,
                                                       std::size_t max_rows = kMaxRows);

}  // namespace sentinel::dbstat
