// Names of database engines (chapter 01 §8.5). Pure functions.
#pragma once

#include <string_view>

namespace sentinel::ingest {

// Alias -> canonical name, ignoring case; anything else as it is.
[[nodiscard]] std::string_view canonical_engine(std::string_view name);

// Engines whose spans are dropped, and those whose dd-trace resource counts as a statement. Case is ignored; names canonical.
[[nodiscard]] bool is_non_sql_engine(std::string_view canonical);
[[nodiscard]] bool is_known_sql_engine(std::string_view canonical);

}  // namespace sentinel::ingest
