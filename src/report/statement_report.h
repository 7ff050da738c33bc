// Ranked database statements as text and as JSON (chapter 02 §5.7, chapter 07 §6). Pure functions, any thread.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "dbstat/rankings.h"
#include "dbstat/statement.h"
#include "dbstat/trace_match.h"

namespace sentinel::report {

struct StatementView {
  const dbstat::Statements& statements;
  const dbstat::Ranked& ranked;
  const dbstat::TraceCoverage* coverage = nullptr;  // null: not compared with traces
};

// Statement texts and schema names are made safe for a terminal.
[[nodiscard]] std::string statement_text(const StatementView& view, bool colors);

// {total_entries, top_n, rankings:[{label, entries}]}. What an export says beyond the columns of an entry, and the findings
// about it, stand in the entry's member "evidence"; the comparison with traces in that of the whole.
[[nodiscard]] std::string statement_json(const StatementView& view);

// The same object as a value inside another document.
void write_statements(base::JsonWriter& json, const StatementView& view);

}  // namespace sentinel::report
