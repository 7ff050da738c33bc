// A small TOML reader (TOML 1.0, and of 1.1 what chapter 06 §2.1 names), used for every TOML file the program reads.
//
// parse() turns a whole document into a tree that owns its texts; each value knows the line and column where it began. From
// 1.1: newlines, comments and a trailing comma in inline tables, \e and \xHH in basic strings, times without seconds. Nesting
// (brackets, dotted keys, table headers) deeper than kMaxNesting is an error, as are a lone carriage return and a C0 control
// character in a comment. A leading byte-order mark is skipped. The input must be UTF-8 (is_valid_utf8() first). Keys are kept
// sorted, so that walks are the same on every run. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace sentinel::config::toml {

inline constexpr unsigned kMaxNesting = 80;

struct Position {
  std::uint32_t line = 0;    // 1-based; 0: nowhere
  std::uint32_t column = 0;  // 1-based, in bytes
};

class Value;
using Array = std::vector<Value>;
using Table = std::map<std::string, Value, std::less<>>;

struct DateTime {
  std::string text;  // as written
};

class Value {
 public:
  using Content = std::variant<std::string, std::int64_t, double, bool, DateTime, Array, Table>;

  Value() = default;
  Value(Content content, Position where) : content_(std::move(content)), where_(where) {}

  [[nodiscard]] const Content& content() const { return content_; }
  [[nodiscard]] Content& content() { return content_; }
  [[nodiscard]] Position where() const { return where_; }

  // nullptr when the value is of another type.
  template <class T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&content_);
  }
  template <class T>
  [[nodiscard]] T* as() {
    return std::get_if<T>(&content_);
  }

  // Entry of a table; nullptr when this is no table or has no such key.
  [[nodiscard]] const Value* find(std::string_view key) const;

  // "a string", "an integer", …, for messages.
  [[nodiscard]] std::string_view type_name() const;

  // Free for the user: which of several documents the value came from.
  std::uint32_t document = 0;

 private:
  Content content_;
  Position where_;
};

// The root table. Error: where = "line L, column C".
[[nodiscard]] base::Result<Value> parse(std::string_view text);

}  // namespace sentinel::config::toml
