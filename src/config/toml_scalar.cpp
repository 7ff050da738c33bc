#include "config/toml_scalar.h"

#include <charconv>
#include <limits>

#include "base/text.h"

namespace sentinel::config::toml {
namespace {

using base::is_digit;

constexpr std::string_view kOk;
constexpr std::string_view kNotAValue = "expected a value (texts need quotes)";
constexpr std::string_view kBadNumber = "malformed number";
constexpr std::string_view kLeadingZero = "a number may not start with 0";
constexpr std::string_view kTooLarge = "whole number beyond 64 bits";
constexpr std::string_view kBadDate = "malformed date or time";

bool is_scalar_char(char c) { return base::is_alnum(c) || c == '+' || c == '-' || c == '_' || c == '.' || c == ':'; }

bool is_base_digit(char c, int radix) {
  if (radix == 16) return is_digit(c) || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'f');
  return c >= '0' && c < static_cast<char>('0' + radix);
}

// Digits of `radix` without their underscores; false unless each underscore stands between two digits.
bool take_digits(std::string_view text, int radix, std::string& out) {
  bool after_digit = false;
  for (const char c : text) {
    if (c == '_') {
      if (!after_digit) return false;
      after_digit = false;
    } else {
      if (!is_base_digit(c, radix)) return false;
      out += c;
      after_digit = true;
    }
  }
  return after_digit;
}

std::string_view parse_prefixed(std::string_view token, int radix, Value& out) {
  std::string digits;
  if (!take_digits(token.substr(2), radix, digits)) return kBadNumber;
  std::int64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value, radix).ec != std::errc()) return kTooLarge;
  out.set(value);
  return kOk;
}

std::string_view parse_float(std::string_view sign, std::string_view number, Value& out) {
  const std::size_t exponent = number.find_first_of("eE");
  const std::string_view mantissa = number.substr(0, exponent);
  const std::size_t point = mantissa.find('.');
  const std::string_view whole = mantissa.substr(0, point);
  std::string plain(sign == "-" ? "-" : "");
  if (!take_digits(whole, 10, plain)) return kBadNumber;
  if (whole.size() > 1 && whole.front() == '0') return kLeadingZero;
  if (point != std::string_view::npos) {
    plain += '.';
    if (!take_digits(mantissa.substr(point + 1), 10, plain)) return kBadNumber;
  }
  bool small = false;
  if (exponent != std::string_view::npos) {
    std::string_view digits = number.substr(exponent + 1);
    small = digits.starts_with('-');
    plain += small ? "e-" : "e";
    if (small || digits.starts_with('+')) digits.remove_prefix(1);
    if (!take_digits(digits, 10, plain)) return kBadNumber;
  }
  double value = 0.0;
  if (std::from_chars(plain.data(), plain.data() + plain.size(), value).ec == std::errc::result_out_of_range) {
    value = small ? 0.0 : std::numeric_limits<double>::infinity();
    if (sign == "-") value = -value;
  }
  out.set(value);
  return kOk;
}

std::string_view parse_decimal(std::string_view token, Value& out) {
  const std::string_view sign = token.starts_with('+') || token.starts_with('-') ? token.substr(0, 1) : std::string_view();
  const std::string_view number = token.substr(sign.size());
  if (number == "inf" || number == "nan") {
    const double value = number == "inf" ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    out.set(sign == "-" ? -value : value);
    return kOk;
  }
  if (number.empty() || !is_digit(number.front())) return sign.empty() ? kNotAValue : kBadNumber;
  if (number.find_first_of(".eE") != std::string_view::npos) return parse_float(sign, number, out);
  std::string digits(sign == "-" ? "-" : "");
  if (!take_digits(number, 10, digits)) return kBadNumber;
  if (number.size() > 1 && number.front() == '0') return kLeadingZero;
  std::int64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc()) return kTooLarge;
  out.set(value);
  return kOk;
}

// -- dates and times

// Reads `count` digits at the front as a number in [low, high].
bool take_number(std::string_view& text, std::size_t count, unsigned low, unsigned high, unsigned* out = nullptr) {
  if (text.size() < count) return false;
  unsigned value = 0;
  for (const char c : text.substr(0, count)) {
    if (!is_digit(c)) return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  text.remove_prefix(count);
  if (out != nullptr) *out = value;
  return value >= low && value <= high;
}

bool take_char(std::string_view& text, std::string_view allowed) {
  if (text.empty() || allowed.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text) {
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (!take_number(text, 4, 0, 9999, &year) || !take_char(text, "-") || !take_number(text, 2, 1, 12, &month) ||
      !take_char(text, "-") || !take_number(text, 2, 1, 31, &day))
    return false;
  constexpr unsigned kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

// Seconds may be missing (TOML 1.1), then so may the fraction.
bool take_time(std::string_view& text) {
  if (!take_number(text, 2, 0, 23) || !take_char(text, ":") || !take_number(text, 2, 0, 59)) return false;
  if (!take_char(text, ":")) return true;
  if (!take_number(text, 2, 0, 60)) return false;
  if (!take_char(text, ".")) return true;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  return digits > 0;
}

bool take_offset(std::string_view& text) {
  if (text.empty() || take_char(text, "Zz")) return true;
  return take_char(text, "+-") && take_number(text, 2, 0, 23) && take_char(text, ":") && take_number(text, 2, 0, 59);
}

bool is_date_time(std::string_view text) {
  if (text.size() > 2 && text[2] == ':') return take_time(text) && text.empty();
  if (!take_date(text)) return false;
  if (text.empty()) return true;
  return take_char(text, "Tt ") && take_time(text) && take_offset(text) && text.empty();
}

bool looks_like_date(std::string_view token) {
  if (token.size() < 3 || !is_digit(token[0]) || !is_digit(token[1])) return false;
  return token[2] == ':' || (token.size() > 4 && is_digit(token[2]) && is_digit(token[3]) && token[4] == '-');
}

}  // namespace

std::size_t scalar_length(std::string_view text) {
  const auto run = [text](std::size_t from) {
    while (from < text.size() && is_scalar_char(text[from])) ++from;
    return from;
  };
  std::size_t end = run(0);
  constexpr std::size_t kDateLength = 10;
  if (end == kDateLength && looks_like_date(text) && text.size() > end + 1 && text[end] == ' ' && is_digit(text[end + 1]))
    end = run(end + 1);
  return end;
}

std::string_view parse_scalar(std::string_view token, Value& out) {
  if (token == "true" || token == "false") {
    out.set(token == "true");
    return kOk;
  }
  if (token.starts_with("0x")) return parse_prefixed(token, 16, out);
  if (token.starts_with("0o")) return parse_prefixed(token, 8, out);
  if (token.starts_with("0b")) return parse_prefixed(token, 2, out);
  if (looks_like_date(token)) {
    if (!is_date_time(token)) return kBadDate;
    out.set(DateTime{std::string(token)});
    return kOk;
  }
  return parse_decimal(token, out);
}

}  // namespace sentinel::config::toml
