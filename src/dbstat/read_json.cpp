// JSON exports: an array of objects, an object that wraps one array, or one object after another.
#include <algorithm>
#include <optional>

#include "base/json_reader.h"
#include "base/text.h"
#include "dbstat/readers.h"

namespace sentinel::dbstat {
namespace {

// Members that nobody reads may nest; this is as deep as the reader goes.
constexpr unsigned kMaxDepth = 128;

base::Error json_error(std::string_view text, std::size_t offset, std::string what, std::string hint = {}) {
  const base::TextPosition at = base::position_of(text, offset);
  return {.what = "invalid JSON: " + std::move(what),
          .where = "line " + std::to_string(at.line) + " column " + std::to_string(at.column),
          .hint = std::move(hint)};
}

// The performance schema's columns come all upper or all lower, depending on the client; others exactly as in the table.
int column_of(const Row& row, std::string_view key) {
  if (row.dialect() == Dialect::kPostgres) return column_named(row.columns(), key);
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (std::ranges::any_of(key, is_lower) && std::ranges::any_of(key, is_upper)) return -1;
  return column_named(row.columns(), base::ascii_lower(key));
}

class JsonRows {
 public:
  JsonRows(std::string_view text, Row& row, std::size_t max_rows)
      : text_(text), row_(row), max_rows_(max_rows), reader_(text, scratch_, kMaxDepth) {}

  base::Result<std::vector<Statement>> read() {
    const auto wrapped = wrapped_array();
    if (wrapped) reader_.go_back(*wrapped);
    if (reader_.peek() == '[') {
      for (bool more = reader_.enter_array(); more; more = reader_.next_item()) add_row();
      if (!wrapped && !reader_.failed() && !reader_.at_end())
        reader_.fail(base::JsonFault::kSyntax, "text after the end of the array");
    } else {
      while (!failed() && !reader_.at_end()) add_row();
    }
    if (error_) return *error_;
    if (reader_.failed()) return json_error(text_, reader_.error().offset, reader_.error().what);
    if (out_.empty()) return rows_ == 0 ? empty_input() : no_statement();
    return std::move(out_);
  }

 private:
  // Where the array begins, if the whole text is an object with exactly one array and no member of a row.
  std::optional<std::size_t> wrapped_array() {
    base::Arena scratch;
    base::JsonReader look(text_, scratch, kMaxDepth);
    if (look.peek() != '{') return std::nullopt;
    std::optional<std::size_t> array;
    for (bool more = look.enter_object(); more; more = look.next_member()) {
      // The member "rows" of a statement is a number.
      if (look.peek() == '[') {
        if (array) return std::nullopt;
        array = look.offset();
      } else if (column_of(row_, look.key()) >= 0) {
        return std::nullopt;
      }
      look.skip();
    }
    if (look.failed() || !look.at_end()) return std::nullopt;
    return array;
  }

  [[nodiscard]] bool failed() const { return error_ || reader_.failed(); }

  void add_row() {
    if (failed()) return reader_.skip();
    scratch_.rewind();
    if (++rows_ > max_rows_) {
      return fail_here("more than the maximum of " + std::to_string(max_rows_) + " rows",
                       "export only the statements that matter, such as the first 10000 by total time");
    }
    if (reader_.peek() != '{') return reader_.fail(base::JsonFault::kType, "expected an object, one a statement");
    row_.begin();
    std::bitset<kMaxColumns> met;
    for (bool more = reader_.enter_object(); more; more = reader_.next_member()) {
      const int index = column_of(row_, reader_.key());
      if (index < 0) {
        reader_.skip();
      } else {
        read_member(static_cast<std::size_t>(index), met);
      }
    }
    if (failed()) return;
    for (std::size_t i = 0; i < row_.columns().size(); ++i) {
      if (row_.columns()[i].need == Need::kRequired && !met[i])
        return fail_here("the object that ends here lacks the member '" + json_name(i) + "'");
    }
    if (row_.usable()) out_.push_back(row_.finish());
  }

  void read_member(std::size_t index, std::bitset<kMaxColumns>& met) {
    const Column& column = row_.columns()[index];
    if (column.need == Need::kExtra) return read_fact(index, column);
    if (met[index]) return fail_here("the member '" + json_name(index) + "' comes twice");
    met.set(index);
    const bool nullable = column.need == Need::kNullable || column.need == Need::kSchema;
    if (nullable && reader_.read_null()) return;
    if (std::holds_alternative<std::uint64_t Statement::*>(column.target)) {
      std::uint64_t value = 0;
      if (reader_.read_u64(&value)) row_.set_count(index, value);
    } else if (std::holds_alternative<double Statement::*>(column.target)) {
      double value = 0.0;
      if (reader_.read_double(&value)) row_.set_real(index, value);
    } else {
      std::string_view value;
      if (reader_.read_string(&value)) (void)row_.set_text(index, value);  // any text will do
    }
  }

  // Any form of value; what is not a text or number stays unread. Of two names for one fact the preferred one counts.
  void read_fact(std::size_t index, const Column& column) {
    const bool preferred = base::equals_ignoring_case(reader_.key(), column.name());
    const bool wanted = preferred || !row_.has(index);
    const char first = reader_.peek();
    std::string_view value;
    if (first == '"' && wanted) {
      if (reader_.read_string(&value)) (void)row_.set_text(index, value);
    } else if (reader_.read_raw(&value) && wanted && (first == '-' || base::is_digit(first))) {
      (void)row_.set_text(index, value);
    }
  }

  [[nodiscard]] std::string json_name(std::size_t index) const {
    std::string name(row_.columns()[index].name());
    if (row_.dialect() == Dialect::kMysql) {
      for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
    return name;
  }

  base::Error no_statement() const {
    return json_error(text_, text_.size(), "no row has a usable DIGEST_TEXT",
                      "are the columns named as in the table, and is any digest not NULL?");
  }

  void fail_here(std::string what, std::string hint = {}) {
    if (!failed()) error_ = json_error(text_, reader_.offset(), std::move(what), std::move(hint));
    reader_.fail(base::JsonFault::kType, "");  // stops the loops above
  }

  std::string_view text_;
  Row& row_;
  std::size_t max_rows_;
  base::Arena scratch_;
  base::JsonReader reader_;
  std::vector<Statement> out_;
  std::size_t rows_ = 0;
  std::optional<base::Error> error_;
};

}  // namespace

base::Result<std::vector<Statement>> read_json(std::string_view text, Row& row, std::size_t max_rows) {
  return JsonRows(text, row, max_rows).read();
}

}  // namespace sentinel::dbstat
