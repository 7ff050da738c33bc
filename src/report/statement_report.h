// Ranked database statements as text and as JSON (chapter 02 §5.7, chapter 07 §6). Pure functions, any thread.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "dbstat/rankings.h"
#include "dbstat/statement.h"

namespace sentinel::report {

// Statement texts and schema names are made safe for a terminal.
[[nodiscard]] std::string statement_text(const dbstat::Statements& statements, const dbstat::Ranked& ranked, bool colors);

// {total_entries, top_n, rankings:[{label, entries}]}. What an export says beyond the columns of an entry stands in the entry's
// member "evidence".
[[nodiscard]] std::string statement_json(const dbstat::Statements& statements, const dbstat::Ranked& ranked);

// The same object as a value inside another document.
void write_statements(base::JsonWriter& json, const dbstat::Statements& statements, const dbstat::Ranked& ranked);

}  // namespace sentinel::report
