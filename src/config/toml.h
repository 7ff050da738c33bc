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
#include <type_traits>
#include <utility>
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

// One value of any type. The members stand side by side rather than in a variant: documents are small.
class Value {
 public:
  Value() = default;
  template <class T>
  Value(T content, Position where) : where_(where) {
    set(std::move(content));
  }

  [[nodiscard]] Position where() const { return where_; }

  // Type T is one of std::string, std::int64_t, double, bool, DateTime, Array, Table; nullptr when the value is another.
  template <class T>
  [[nodiscard]] const T* as() const {
    return kind_ == kind_of<T>() ? &const_cast<Value*>(this)->member<T>() : nullptr;
  }
  template <class T>
  [[nodiscard]] T* as() {
    return kind_ == kind_of<T>() ? &member<T>() : nullptr;
  }

  template <class T>
  void set(T content) {
    kind_ = kind_of<T>();
    member<T>() = std::move(content);
  }

  // Entry of a table; nullptr when this is no table or has no such key.
  [[nodiscard]] const Value* find(std::string_view key) const;

  // "a string", "an integer", …, for messages.
  [[nodiscard]] std::string_view type_name() const;

  // Free for the user: which of several documents the value came from.
  std::uint32_t document = 0;

 private:
  friend class Parser;
  enum class Kind : std::uint8_t { kString, kInteger, kFloat, kBoolean, kDateTime, kArray, kTable };
  // How a table or array came to be, which decides whether later lines may add to it.
  enum class Shape : std::uint8_t { kClosed, kImplicit, kHeader, kDotted, kTables };

  template <class T>
  static constexpr Kind kind_of() {
    if constexpr (std::is_same_v<T, std::string>) return Kind::kString;
    if constexpr (std::is_same_v<T, std::int64_t>) return Kind::kInteger;
    if constexpr (std::is_same_v<T, double>) return Kind::kFloat;
    if constexpr (std::is_same_v<T, bool>) return Kind::kBoolean;
    if constexpr (std::is_same_v<T, DateTime>) return Kind::kDateTime;
    if constexpr (std::is_same_v<T, Array>) return Kind::kArray;
    if constexpr (std::is_same_v<T, Table>) return Kind::kTable;
  }
  template <class T>
  T& member() {
    if constexpr (std::is_same_v<T, std::string>) return text_;
    if constexpr (std::is_same_v<T, std::int64_t>) return integer_;
    if constexpr (std::is_same_v<T, double>) return real_;
    if constexpr (std::is_same_v<T, bool>) return boolean_;
    if constexpr (std::is_same_v<T, DateTime>) return date_;
    if constexpr (std::is_same_v<T, Array>) return items_;
    if constexpr (std::is_same_v<T, Table>) return entries_;
  }

  Kind kind_ = Kind::kString;
  Shape shape_ = Shape::kClosed;
  bool boolean_ = false;
  Position where_;
  std::int64_t integer_ = 0;
  double real_ = 0.0;
  std::string text_;
  DateTime date_;
  Array items_;
  Table entries_;
};

// The root table. Error: where = "line L, column C".
[[nodiscard]] base::Result<Value> parse(std::string_view text);

}  // namespace sentinel::config::toml
