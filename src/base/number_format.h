// Numbers as text under the rules of chapter 07 §1. Pure functions, any thread, independent of the locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace sentinel::base {

// JSON float: shortest digits that read back; fixed notation with at least one decimal for 1e-5 <= |v| < 1e16, else
// d[.ddd]e-X or e+X; "0.0", "-0.0"; NaN and infinities "null".
void append_json_float(std::string& out, double value);

void append_unsigned(std::string& out, std::uint64_t value);
void append_signed(std::string& out, std::int64_t value);

// The same into memory that has kLongestNumber bytes; gives the end.
inline constexpr std::size_t kLongestNumber = 32;
[[nodiscard]] char* write_json_float(char* at, double value);
[[nodiscard]] char* write_unsigned(char* at, std::uint64_t value);
[[nodiscard]] char* write_signed(char* at, std::int64_t value);

// `decimals` digits after the point, exact value, ties to even (as C printf).
[[nodiscard]] std::string text_fixed(double value, int decimals);

// Shortest decimal, never an exponent, no trailing ".0".
[[nodiscard]] std::string text_plain(double value);

// 0 and values >= 1e-5 with 6 decimals, smaller ones as d.ddde-N; -0 is 0.
[[nodiscard]] std::string text_tiny(double value);

}  // namespace sentinel::base
