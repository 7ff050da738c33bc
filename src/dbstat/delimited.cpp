#include "dbstat/delimited.h"

#include <algorithm>

#include "base/text.h"

namespace sentinel::dbstat {
namespace {

char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'v':
      return '\v';
    case '0':
      return '\0';
    default:
      return c;
  }
}

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

DelimitedReader::DelimitedReader(std::string_view text) : rest_(text) {
  const std::string_view header = text.substr(0, text.find('\n'));
  if (header.find('\t') != std::string_view::npos && header.find(',') == std::string_view::npos) separator_ = '\t';
}

// Where the record ends that begins at rest_: at a line end outside quotes, or the end of the text.
std::size_t DelimitedReader::record_end(bool& quoted) {
  std::size_t from = 0;
  bool inside = false;
  while (true) {
    const std::size_t line_end = std::min(rest_.find('\n', from), rest_.size());
    if (separator_ == ',') {
      const auto quotes = std::count(rest_.begin() + static_cast<std::ptrdiff_t>(from),
                                     rest_.begin() + static_cast<std::ptrdiff_t>(line_end), '"');
      quoted = quoted || quotes > 0;
      inside ^= quotes % 2 != 0;  // a doubled quote leaves and enters again
    }
    if (!inside) return line_end;
    if (line_end == rest_.size()) {
      unclosed_ = true;
      return line_end;
    }
    from = line_end + 1;
    ++next_line_;
  }
}

bool DelimitedReader::next() {
  while (!rest_.empty() && !unclosed_) {
    line_ = next_line_;
    bool quoted = false;
    const std::size_t end = record_end(quoted);
    if (unclosed_) return false;
    std::string_view record = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++next_line_;
    record = without_return(record);
    const bool header = line_ == 1;
    if (!header) {
      // The tabs at the ends of a tab-separated record are empty fields.
      if (base::is_blank(record)) continue;
      if (separator_ == ',') record = base::trim(record);
    }
    split(record, quoted);
    return true;
  }
  return false;
}

void DelimitedReader::split(std::string_view record, bool quoted) {
  cells_.clear();
  scratch_.rewind();
  if (quoted) return split_quoted(record);
  while (true) {
    const std::size_t end = record.find(separator_);
    const std::string_view cell = record.substr(0, end);
    cells_.push_back(separator_ == '\t' ? unescape(cell) : cell);
    if (end == std::string_view::npos) return;
    record.remove_prefix(end + 1);
  }
}

void DelimitedReader::split_quoted(std::string_view record) {
  char* out = scratch_.allocate(record.size() + 1);
  const char* cell = out;
  bool inside = false;
  const auto end_cell = [&] { cells_.emplace_back(cell, static_cast<std::size_t>(out - cell)); };
  for (std::size_t i = 0; i < record.size(); ++i) {
    const char c = record[i];
    if (c == '"') {
      const bool doubled = inside && i + 1 < record.size() && record[i + 1] == '"';
      if (doubled) {
        *out++ = '"';
        ++i;
      } else {
        inside = !inside;
      }
    } else if (c == ',' && !inside) {
      end_cell();
      cell = out;
    } else {
      *out++ = c;
    }
  }
  end_cell();
}

// "\N" stays as it is: the mark for NULL.
std::string_view DelimitedReader::unescape(std::string_view cell) {
  if (cell == "\\N" || cell.find('\\') == std::string_view::npos) return cell;
  char* const text = scratch_.allocate(cell.size());
  char* out = text;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const bool escape = cell[i] == '\\' && i + 1 < cell.size();
    *out++ = escape ? unescaped(cell[++i]) : cell[i];
  }
  return {text, static_cast<std::size_t>(out - text)};
}

}  // namespace sentinel::dbstat
