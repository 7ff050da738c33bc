#include <algorithm>

#include "report/statement_report.h"

namespace sentinel::report {
namespace {

using dbstat::Dialect;
using dbstat::Fact;
using dbstat::Statement;

void write_facts(base::JsonWriter& json, const Statement& statement) {
  if (statement.facts.empty() && statement.findings.empty()) return;
  json.key("evidence").begin_object();
  for (const Fact& fact : statement.facts) {
    json.key(fact.name);
    if (const auto* count = std::get_if<std::uint64_t>(&fact.value)) {
      json.number(*count);
    } else if (const auto* real = std::get_if<double>(&fact.value)) {
      json.real(*real);
    } else {
      json.string(std::get<std::string>(fact.value));
    }
  }
  if (!statement.findings.empty()) {
    json.key("findings").begin_array();
    for (const std::string_view type : statement.findings) json.string(type);
    json.end_array();
  }
  json.end_object();
}

void write_entry(base::JsonWriter& json, const Statement& s, Dialect dialect) {
  json.begin_object();
  json.field("query", s.query).field("normalized_template", s.normalized_template);
  if (dialect == Dialect::kMysql) {
    json.key("schema_name");
    if (s.schema_name) {
      json.string(*s.schema_name);
    } else {
      json.null();
    }
  }
  json.field("calls", s.calls).field_real("total_exec_time_ms", s.total_exec_time_ms);
  json.field_real("mean_exec_time_ms", s.mean_exec_time_ms);
  if (dialect == Dialect::kPostgres) {
    json.field("rows", s.rows).field("shared_blks_hit", s.shared_blks_hit).field("shared_blks_read", s.shared_blks_read);
  } else {
    json.field("rows_sent", s.rows_sent).field("rows_examined", s.rows_examined);
  }
  json.field_bool("seen_in_traces", s.seen_in_traces);
  write_facts(json, s);
  json.end_object();
}

// Counts whole, lists cut to the length of the rankings.
void write_coverage(base::JsonWriter& json, const StatementView& view) {
  const dbstat::TraceCoverage& coverage = *view.coverage;
  const std::size_t top_n = view.ranked.top_n;
  json.key("evidence").begin_object();
  json.field("in_both", coverage.in_both);
  json.field("database_only", coverage.database_only.size()).field("traces_only", coverage.traces_only.size());
  json.key("top_database_only").begin_array();
  for (std::size_t i = 0; i < std::min(top_n, coverage.database_only.size()); ++i)
    write_entry(json, view.statements.entries[coverage.database_only[i]], view.statements.dialect);
  json.end_array().key("first_traces_only").begin_array();
  for (std::size_t i = 0; i < std::min(top_n, coverage.traces_only.size()); ++i) json.string(coverage.traces_only[i]);
  json.end_array().end_object();
}

}  // namespace

void write_statements(base::JsonWriter& json, const StatementView& view) {
  const auto& [statements, ranked, coverage] = view;
  json.begin_object();
  json.field("total_entries", statements.entries.size()).field("top_n", ranked.top_n);
  json.key("rankings").begin_array();
  for (const dbstat::Ranking& ranking : ranked.rankings) {
    json.begin_object().field("label", ranking.label).key("entries").begin_array();
    for (const std::uint32_t index : ranking.entries) write_entry(json, statements.entries[index], statements.dialect);
    json.end_array().end_object();
  }
  json.end_array();
  if (coverage != nullptr) write_coverage(json, view);
  json.end_object();
}

std::string statement_json(const StatementView& view) {
  std::string out;
  base::JsonWriter json(out, base::JsonWriter::Style::kPretty);
  write_statements(json, view);
  out += '\n';
  return out;
}

}  // namespace sentinel::report
