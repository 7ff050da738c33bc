// A language for tests of exports: an export in, one line a statement out.
#pragma once

#include <string>
#include <string_view>

#include "base/number_format.h"
#include "dbstat/read.h"

namespace sentinel::dbstat {

inline std::string number(double value) { return base::text_plain(value); }

inline std::string fact_text(const Fact& fact) {
  std::string out = " " + std::string(fact.name) + "=";
  if (const auto* count = std::get_if<std::uint64_t>(&fact.value)) return out + std::to_string(*count);
  if (const auto* real = std::get_if<double>(&fact.value)) return out + number(*real);
  return out + std::get<std::string>(fact.value);
}

// "SELECT ? | 2 calls 3 ms mean 1.5 | rows 4 hit 5 read 6"; for MySQL "| shop sent 4 examined 5". Facts at the end.
inline std::string line(const Statement& s, Dialect dialect) {
  std::string out = s.normalized_template + " | " + std::to_string(s.calls) + " calls " + number(s.total_exec_time_ms) +
                    " ms mean " + number(s.mean_exec_time_ms) + " |";
  if (dialect == Dialect::kPostgres) {
    out += " rows " + std::to_string(s.rows) + " hit " + std::to_string(s.shared_blks_hit) + " read " +
           std::to_string(s.shared_blks_read);
  } else {
    out += " " + s.schema_name.value_or("-") + " sent " + std::to_string(s.rows_sent) + " examined " +
           std::to_string(s.rows_examined);
  }
  for (const Fact& fact : s.facts) out += fact_text(fact);
  return out;
}

// The statements, one a line, or "error: …".
inline std::string read(std::string_view text, Dialect dialect, std::size_t max_rows = kMaxRows) {
  const auto statements = read_statements(text, dialect, max_rows);
  if (!statements) return "error: " + statements.error().text();
  std::string out;
  for (const Statement& s : statements->entries) out += line(s, dialect) + "\n";
  return out;
}
inline std::string pg(std::string_view text, std::size_t max_rows = kMaxRows) {
  return read(text, Dialect::kPostgres, max_rows);
}
inline std::string mysql(std::string_view text, std::size_t max_rows = kMaxRows) {
  return read(text, Dialect::kMysql, max_rows);
}

}  // namespace sentinel::dbstat
