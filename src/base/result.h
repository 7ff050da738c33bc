// Errors are values: Result<T> holds a T or an Error; nothing in the project throws across a folder.
//
// An Error says what failed, where in the input, and what to do about it. text() joins them into the one line that a
// person reads. Plain values, no ownership beyond their strings, safe to move between threads.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace sentinel::base {

struct Error {
  std::string what;   // what failed, e.g. "invalid JSON: expected ',' or ']'"
  std::string where;  // file, line, byte or key; empty when there is no such place
  std::string hint;   // what to do; empty when nothing helps

  // "<where>: <what> (<hint>)", leaving out what is empty.
  [[nodiscard]] std::string text() const {
    std::string out = where.empty() ? what : where + ": " + what;
    if (!hint.empty()) out += " (" + hint + ")";
    return out;
  }
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Precondition: ok().
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

  // Precondition: !ok().
  [[nodiscard]] const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

// A step that gives nothing back but may fail.
using Status = Result<std::monostate>;
inline Status success() { return std::monostate{}; }

}  // namespace sentinel::base
