#include "base/number_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace sentinel::base {
namespace {

// The shortest decimal that reads back: 0.d1d2d3… × 10^point.
struct Decimal {
  std::array<char, 20> digits;
  std::size_t count = 0;
  int point = 0;
  [[nodiscard]] std::string_view view() const { return {digits.data(), count}; }
};

// `value` must be finite, positive and not zero.
Decimal shortest(double value) {
  std::array<char, 32> text;
  const char* end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific).ptr;
  Decimal out;
  const char* at = text.data();
  for (; at != end && *at != 'e'; ++at) {
    if (*at != '.') out.digits[out.count++] = *at;
  }
  int exponent = 0;
  at += at[1] == '+' ? 2 : 1;
  std::from_chars(at, end, exponent);
  out.point = exponent + 1;
  return out;
}

// Digits with the point where it belongs; zeros fill the gaps. Ends without a point when there is no fraction.
void append_positional(std::string& out, const Decimal& d) {
  const auto count = static_cast<int>(d.count);
  if (d.point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-d.point), '0');
    out += d.view();
  } else if (d.point >= count) {
    out += d.view();
    out.append(static_cast<std::size_t>(d.point - count), '0');
  } else {
    const auto whole = static_cast<std::size_t>(d.point);
    out += d.view().substr(0, whole);
    out += '.';
    out += d.view().substr(whole);
  }
}

std::string with_format(double value, std::chars_format format, int decimals) {
  std::array<char, 512> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value, format, decimals);
  return {text.data(), error == std::errc{} ? end : text.data()};
}

char* write(char* at, std::string_view text) { return std::copy(text.begin(), text.end(), at); }

}  // namespace

// A double between the exponents has at most 17 digits, so that at most 23 characters are written: 0.0000 and the digits.
char* write_json_float(char* at, double value) {
  if (!std::isfinite(value)) return write(at, "null");
  if (std::signbit(value)) *at++ = '-';
  value = std::fabs(value);
  if (value == 0.0) return write(at, "0.0");
  const Decimal d = shortest(value);
  const auto count = static_cast<int>(d.count);
  if (value < 1e-5 || value >= 1e16) {
    *at++ = d.digits[0];
    if (count > 1) at = write(write(at, "."), d.view().substr(1));
    *at++ = 'e';
    if (d.point - 1 >= 0) *at++ = '+';
    return write_signed(at, d.point - 1);
  }
  if (d.point <= 0) return write(std::fill_n(write(at, "0."), -d.point, '0'), d.view());
  if (d.point >= count) return write(std::fill_n(write(at, d.view()), d.point - count, '0'), ".0");
  const auto whole = static_cast<std::size_t>(d.point);
  return write(write(write(at, d.view().substr(0, whole)), "."), d.view().substr(whole));
}

char* write_unsigned(char* at, std::uint64_t value) { return std::to_chars(at, at + kLongestNumber, value).ptr; }
char* write_signed(char* at, std::int64_t value) { return std::to_chars(at, at + kLongestNumber, value).ptr; }

void append_json_float(std::string& out, double value) {
  std::array<char, kLongestNumber> text;
  out.append(text.data(), write_json_float(text.data(), value));
}

void append_unsigned(std::string& out, std::uint64_t value) {
  std::array<char, kLongestNumber> text;
  out.append(text.data(), write_unsigned(text.data(), value));
}

void append_signed(std::string& out, std::int64_t value) {
  std::array<char, kLongestNumber> text;
  out.append(text.data(), write_signed(text.data(), value));
}

std::string text_fixed(double value, int decimals) {
  if (std::isnan(value)) return "NaN";
  return with_format(value, std::chars_format::fixed, decimals);
}

std::string text_plain(double value) {
  if (std::isnan(value)) return "NaN";
  std::string out(std::signbit(value) ? "-" : "");
  value = std::fabs(value);
  if (std::isinf(value)) return out + "inf";
  if (value == 0.0) return out + "0";
  append_positional(out, shortest(value));
  return out;
}

std::string text_tiny(double value) {
  if (value == 0.0) return "0.000000";
  if (!std::isfinite(value) || std::fabs(value) >= 1e-5) return text_fixed(value, 6);
  const std::string padded = with_format(value, std::chars_format::scientific, 3);  // "4.321e-07"
  const std::size_t digits = padded.find('e') + 2;
  const std::size_t first = padded.find_first_not_of('0', digits);
  return padded.substr(0, digits) + padded.substr(first);
}

}  // namespace sentinel::base
