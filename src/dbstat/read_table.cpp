// Comma- and tab-separated exports.
#include <array>

#include "base/text.h"
#include "dbstat/delimited.h"
#include "dbstat/readers.h"

namespace sentinel::dbstat {
namespace {

constexpr int kAbsent = -1;

// Place in a record of each column of the table, kAbsent where the export lacks it.
using Places = std::array<int, kMaxColumns>;

base::Error at_line(std::size_t line, std::string what, std::string hint = {}) {
  return {.what = std::move(what), .where = "line " + std::to_string(line), .hint = std::move(hint)};
}

int place_of(std::string_view names, const std::vector<std::string_view>& header) {
  while (true) {
    const std::size_t end = names.find(' ');
    const std::string_view name = names.substr(0, end);
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (base::equals_ignoring_case(header[i], name)) return static_cast<int>(i);
    }
    if (end == std::string_view::npos) return kAbsent;
    names.remove_prefix(end + 1);
  }
}

base::Result<Places> find_columns(const Row& row, const std::vector<std::string_view>& header) {
  Places places;
  places.fill(kAbsent);
  for (std::size_t i = 0; i < row.columns().size(); ++i) {
    const Column& column = row.columns()[i];
    places[i] = place_of(column.names, header);
    if (places[i] == kAbsent && (column.need == Need::kRequired || column.need == Need::kNullable)) {
      return at_line(1, "missing required column '" + std::string(column.name()) + "'",
                     "the first line has to name the columns, divided by commas or tabs");
    }
  }
  return places;
}

// What is wrong with the record, or empty. Stops early at a row without a statement.
std::string fill(Row& row, const Places& places, const std::vector<std::string_view>& cells) {
  row.begin();
  for (std::size_t i = 0; i < row.columns().size(); ++i) {
    if (places[i] == kAbsent) continue;
    const auto place = static_cast<std::size_t>(places[i]);
    const Column& column = row.columns()[i];
    const bool text = column.need == Need::kExtra || !std::holds_alternative<std::uint64_t Statement::*>(column.target);
    if (place >= cells.size() && !text) {
      return "the row ends before column " + std::string(column.name());
    }
    if (std::string wrong = row.set_text(i, place < cells.size() ? cells[place] : std::string_view()); !wrong.empty())
      return wrong;
    if (column.need == Need::kNullable && !row.usable()) return {};
  }
  return {};
}

}  // namespace

base::Result<std::vector<Statement>> read_table(std::string_view text, Row& row, std::size_t max_rows) {
  DelimitedReader reader(text);
  std::vector<Statement> out;
  Places places{};
  while (reader.next()) {
    if (reader.line() == 1) {
      const auto found = find_columns(row, reader.cells());
      if (!found) return found.error();
      places = *found;
      continue;
    }
    if (out.size() == max_rows) {
      return at_line(reader.line(), "more than the maximum of " + std::to_string(max_rows) + " rows",
                     "export only the statements that matter, such as the first 10000 by total time");
    }
    if (std::string wrong = fill(row, places, reader.cells()); !wrong.empty()) return at_line(reader.line(), std::move(wrong));
    if (row.usable()) out.push_back(row.finish());
  }
  if (reader.unclosed()) return at_line(reader.line(), "a quoted field begins here and is never closed");
  if (out.empty()) return empty_input();
  return out;
}

}  // namespace sentinel::dbstat
