// Records of comma- or tab-separated text (chapter 02 §5.2; RFC 4180).
//
// Commas: a quoted section may begin anywhere in a field, a doubled quote in it stands for one, and line ends in it are text;
// records after the first are trimmed at both ends. Tabs: no quotes, backslash escapes as `COPY` and `mysql --batch` write
// them. Blank records after the first are passed over. Views into the text, or valid until the next record. One thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace sentinel::dbstat {

class DelimitedReader {
 public:
  // Tabs are the separator when the first line holds one and no comma.
  explicit DelimitedReader(std::string_view text);

  // False at the end, or when a quote is never closed: then unclosed() says so and line() where it was opened.
  bool next();

  [[nodiscard]] const std::vector<std::string_view>& cells() const { return cells_; }
  // The physical line, from 1, on which the record begins.
  [[nodiscard]] std::size_t line() const { return line_; }
  [[nodiscard]] bool unclosed() const { return unclosed_; }

 private:
  [[nodiscard]] std::size_t record_end(bool& quoted);
  void split(std::string_view record, bool quoted);
  void split_quoted(std::string_view record);
  [[nodiscard]] std::string_view unescape(std::string_view cell);

  std::string_view rest_;
  base::Arena scratch_;
  std::vector<std::string_view> cells_;
  std::size_t line_ = 0;
  std::size_t next_line_ = 1;
  char separator_ = ',';
  bool unclosed_ = false;
};

}  // namespace sentinel::dbstat
