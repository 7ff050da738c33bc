// What a database says about the statements it ran: pg_stat_statements of PostgreSQL, or the statement digests of the
// performance schema of MySQL and MariaDB (chapter 02 §5.3, §5.4). Plain data that owns its texts; times are milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sentinel::dbstat {

enum class Dialect : std::uint8_t { kPostgres, kMysql };

// Something more that the export held about a statement; `name` is a constant of the column table.
struct Fact {
  std::string_view name;
  std::variant<std::uint64_t, double, std::string> value;
};

// One row of the export: a statement of two users or databases stands there twice, unless merged (merge.h).
struct Statement {
  std::string query;                // as the server stores it
  std::string normalized_template;  // by the rules that the templates of traces are made with
  std::uint64_t calls = 0;
  double total_exec_time_ms = 0.0;  // may be infinite or NaN when the export says so
  double mean_exec_time_ms = 0.0;
  std::vector<Fact> facts;  // what else the export says, in the order of the column table

  // From traces (trace_match.h)
  bool seen_in_traces = false;
  std::vector<std::string_view> findings;  // types of the findings about it, in the order given; constants

  // PostgreSQL
  std::uint64_t rows = 0;
  std::uint64_t shared_blks_hit = 0;
  std::uint64_t shared_blks_read = 0;

  // MySQL
  std::optional<std::string> schema_name;
  std::uint64_t rows_sent = 0;
  std::uint64_t rows_examined = 0;

  [[nodiscard]] const Fact* fact(std::string_view name) const {
    for (const Fact& f : facts) {
      if (f.name == name) return &f;
    }
    return nullptr;
  }
};

struct Statements {
  Dialect dialect = Dialect::kPostgres;
  std::vector<Statement> entries;  // in the order of the export
};

// What messages call the source: "pg_stat_statements", "performance_schema digest export".
[[nodiscard]] constexpr std::string_view source_name(Dialect dialect) {
  return dialect == Dialect::kPostgres ? "pg_stat_statements" : "performance_schema digest export";
}

}  // namespace sentinel::dbstat
