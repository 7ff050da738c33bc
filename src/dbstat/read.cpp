#include "dbstat/read.h"

#include <algorithm>

#include "base/text.h"
#include "dbstat/readers.h"

namespace sentinel::dbstat {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

base::Error empty_input() {
  return {.what = "empty input", .where = {}, .hint = "the export has no statement; was it made with its header and rows?"};
}

base::Result<Statements> read_statements(std::string_view bytes, Dialect dialect, std::size_t max_rows) {
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  const auto first = std::ranges::find_if(bytes, [](char c) { return !base::is_ascii_space(c); });
  if (first == bytes.end()) return empty_input();
  if (!base::is_valid_utf8(bytes)) {
    return base::Error{
        .what = "CSV error: the text is not UTF-8", .where = "line 0", .hint = "export it with client encoding UTF8"};
  }
  Row row(dialect);
  auto entries = *first == '[' || *first == '{' ? read_json(bytes, row, max_rows) : read_table(bytes, row, max_rows);
  if (!entries) return entries.error();
  return Statements{.dialect = dialect, .entries = std::move(*entries)};
}

}  // namespace sentinel::dbstat
