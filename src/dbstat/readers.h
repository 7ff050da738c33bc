// The two readers behind read_statements(), each over text that is valid UTF-8 and not blank.
#pragma once

#include <string_view>

#include "base/result.h"
#include "dbstat/row.h"
#include "dbstat/statement.h"

namespace sentinel::dbstat {

[[nodiscard]] base::Result<std::vector<Statement>> read_table(std::string_view text, Row& row, std::size_t max_rows);
[[nodiscard]] base::Result<std::vector<Statement>> read_json(std::string_view text, Row& row, std::size_t max_rows);

[[nodiscard]] base::Error empty_input();

}  // namespace sentinel::dbstat
