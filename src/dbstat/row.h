// One row of an export being filled, cell by cell, by either reader (chapter 02 §5.3, §5.4). One thread.
//
// A cell that cannot be used is an error text for the reader to put a place to; cells that are merely kept as facts never are.
#pragma once

#include <array>
#include <bitset>
#include <string>
#include <string_view>

#include "dbstat/columns.h"
#include "dbstat/statement.h"
#include "normalize/scratch.h"

namespace sentinel::dbstat {

// Empty, "null" in any case or "\N", white space at the ends apart.
[[nodiscard]] bool is_null_marker(std::string_view text);

// The SQL template of a statement's text, by the rules and the length that those of spans have.
[[nodiscard]] std::string template_of(std::string_view query, normalize::Scratch& scratch);

class Row {
 public:
  explicit Row(Dialect dialect) : dialect_(dialect), columns_(columns_of(dialect)) {}

  [[nodiscard]] Dialect dialect() const { return dialect_; }
  [[nodiscard]] std::span<const Column> columns() const { return columns_; }

  void begin();

  // Values of column `index`. A text for a column of numbers is read as one; the answer is what is wrong with it, or empty.
  [[nodiscard]] std::string set_text(std::size_t index, std::string_view text);
  void set_count(std::size_t index, std::uint64_t value);
  void set_real(std::size_t index, double value);

  // Whether begin() was followed by a value for the column.
  [[nodiscard]] bool has(std::size_t index) const { return set_[index]; }

  // False for the catch-all row of the performance schema, which has no statement.
  [[nodiscard]] bool usable() const { return dialect_ == Dialect::kPostgres || !is_null_marker(statement_.query); }

  // Makes the template and, where the export has none, the mean. The row is empty afterwards.
  [[nodiscard]] Statement finish();

 private:
  void set_fact(std::size_t index, std::string_view text);

  Dialect dialect_;
  std::span<const Column> columns_;
  Statement statement_;
  std::bitset<kMaxColumns> set_;
  std::array<Fact, kMaxColumns> facts_;
  normalize::Scratch scratch_;
};

}  // namespace sentinel::dbstat
