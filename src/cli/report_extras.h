// What `report` puts into its page beside the report: statistics of databases, and the comparison with an earlier run.
//
// Each gives compact JSON for the page's data, or the Error that names the flag and the file.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/runners.h"
#include "dbstat/statement.h"
#include "model/report.h"

namespace sentinel::cli {

inline constexpr std::uint64_t kDefaultStatementRows = 10;

// The rankings of an export, `top` rows each.
[[nodiscard]] base::Result<std::string> statement_rankings(std::string_view bytes, dbstat::Dialect dialect, std::uint64_t top);
[[nodiscard]] base::Result<std::string> fetch_statement_rankings(const Arguments& arguments, std::string_view endpoint,
                                                                 std::uint64_t top);
[[nodiscard]] base::Result<std::string> read_statement_rankings(std::string_view path, dbstat::Dialect dialect,
                                                                std::uint64_t top);

// `after` against the saved report `before`, which the same acknowledgments are applied to.
[[nodiscard]] base::Result<std::string> compare_with_saved(const Invocation& invocation, std::string_view path,
                                                           const model::Report& after);

// `after` against `before` as they stand.
[[nodiscard]] std::string comparison(const model::Report& before, const model::Report& after);

}  // namespace sentinel::cli
