// Exports of statement statistics, any bytes, as both dialects: what is accepted has as many entries as its rankings can hold,
// and reads back the same from a JSON and a CSV of it; a refusal says something.
#include <cmath>
#include <cstdint>

#include "base/json_writer.h"
#include "base/number_format.h"
#include "check.h"
#include "dbstat/rankings.h"
#include "dbstat/read.h"
#include "dbstat/trace_match.h"
#include "report/statement_report.h"

namespace {
using namespace sentinel;
using dbstat::Dialect;
using dbstat::Statement;
using fuzz::check;

std::string as_json(const dbstat::Statements& statements) {
  std::string out;
  base::JsonWriter json(out, base::JsonWriter::Style::kCompact);
  json.begin_array();
  for (const Statement& s : statements.entries) {
    json.begin_object().field("query", s.query).field("calls", s.calls).field_real("total_exec_time", s.total_exec_time_ms);
    json.field_real("mean_exec_time", s.mean_exec_time_ms).field("rows", s.rows).end_object();
  }
  json.end_array();
  return out;
}

std::string as_csv(const dbstat::Statements& statements) {
  std::string out = "calls,query,total_exec_time,mean_exec_time,rows\n";
  for (const Statement& s : statements.entries) {
    out += std::to_string(s.calls) + ",\"";
    for (const char c : s.query) out.append(c == '"' ? 2 : 1, c);
    out += "\",";
    base::append_json_float(out, s.total_exec_time_ms);
    out += ',';
    base::append_json_float(out, s.mean_exec_time_ms);
    out += "," + std::to_string(s.rows) + "\n";
  }
  return out;
}

bool same(const dbstat::Statements& a, const dbstat::Statements& b) {
  if (a.entries.size() != b.entries.size()) return false;
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    const Statement& x = a.entries[i];
    const Statement& y = b.entries[i];
    if (x.query != y.query || x.normalized_template != y.normalized_template || x.calls != y.calls || x.rows != y.rows ||
        x.total_exec_time_ms != y.total_exec_time_ms || x.mean_exec_time_ms != y.mean_exec_time_ms)
      return false;
  }
  return true;
}

void read_as(std::string_view bytes, Dialect dialect) {
  auto read = dbstat::read_statements(bytes, dialect, 1000);
  if (!read) return check(!read.error().what.empty(), "a refusal without a word");
  check(!read->entries.empty(), "accepted, and nothing in it");
  const dbstat::Ranked ranked = dbstat::rank(*read, read->entries.size());
  for (const dbstat::Ranking& ranking : ranked.rankings)
    check(ranking.entries.size() == read->entries.size(), "a ranking lacks entries");
  const std::string first = read->entries.front().normalized_template;
  const dbstat::TraceStatement known{.sql_template = first, .finding = "slow_sql"};
  const dbstat::TraceCoverage coverage = dbstat::match_traces(*read, std::span(&known, 1));
  check(read->entries.front().seen_in_traces, "a template is not its own match");
  check(coverage.in_both + coverage.database_only.size() == read->entries.size(), "an entry is on neither side");
  (void)report::statement_json({*read, ranked, &coverage});
  (void)report::statement_text({*read, ranked, &coverage}, true);
  if (dialect != Dialect::kPostgres) return;
  for (const Statement& s : read->entries) {
    if (!std::isfinite(s.total_exec_time_ms) || !std::isfinite(s.mean_exec_time_ms)) return;
  }
  const auto json = dbstat::read_statements(as_json(*read), dialect);
  check(json && same(*read, *json), "differs when read back from JSON");
  const auto csv = dbstat::read_statements(as_csv(*read), dialect);
  check(csv && same(*read, *csv), "differs when read back from CSV");
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_as(bytes, Dialect::kPostgres);
  read_as(bytes, Dialect::kMysql);
  return 0;
}
