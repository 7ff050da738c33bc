// One TOML value into one field; each function answers "" or what was expected and found. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>

#include "config/toml.h"

namespace sentinel::config {

[[nodiscard]] inline std::string mismatch(std::string_view expected, const toml::Value& value) {
  return "expected " + std::string(expected) + ", got " + std::string(value.type_name());
}

[[nodiscard]] inline std::string read_value(const toml::Value& value, std::string& out) {
  const std::string* text = value.as<std::string>();
  if (text == nullptr) return mismatch("a string", value);
  out = *text;
  return {};
}

[[nodiscard]] inline std::string read_value(const toml::Value& value, bool& out) {
  const bool* truth = value.as<bool>();
  if (truth == nullptr) return mismatch("true or false", value);
  out = *truth;
  return {};
}

// A whole number stands for a float; not the other way round.
[[nodiscard]] inline std::string read_value(const toml::Value& value, double& out) {
  if (const std::int64_t* whole = value.as<std::int64_t>()) {
    out = static_cast<double>(*whole);
  } else if (const double* real = value.as<double>()) {
    out = *real;
  } else {
    return mismatch("a number", value);
  }
  return {};
}

template <class Unsigned>
requires(std::is_unsigned_v<Unsigned> && !std::is_same_v<Unsigned, bool>) [[nodiscard]] std::string
    read_value(const toml::Value& value, Unsigned& out) {
  constexpr std::uint64_t kWidest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  constexpr std::uint64_t kMax = std::min<std::uint64_t>(std::numeric_limits<Unsigned>::max(), kWidest);
  const std::int64_t* whole = value.as<std::int64_t>();
  if (whole == nullptr) return mismatch("a whole number", value);
  if (*whole < 0 || static_cast<std::uint64_t>(*whole) > kMax)
    return "expected a whole number from 0 to " + std::to_string(kMax) + ", got " + std::to_string(*whole);
  out = static_cast<Unsigned>(*whole);
  return {};
}

template <class T>
[[nodiscard]] std::string read_value(const toml::Value& value, std::optional<T>& out) {
  T inner{};
  std::string problem = read_value(value, inner);
  if (problem.empty()) out = std::move(inner);
  return problem;
}

}  // namespace sentinel::config
