#include "base/expiry_date.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "base/time.h"

namespace sentinel::base {
namespace {

constexpr std::int64_t kMinYear = -262'143;
constexpr std::int64_t kMaxYear = 262'142;

// Takes the number at the front of `rest`: at most `max_digits` digits, 0 = any number of them.
std::optional<std::int64_t> take_number(std::string_view& rest, std::size_t max_digits) {
  constexpr std::int64_t kEnough = 1'000'000;  // past every allowed year; keeps the sum from overflowing
  std::int64_t value = 0;
  std::size_t digits = 0;
  while (digits < rest.size() && is_digit(rest[digits]) && (max_digits == 0 || digits < max_digits)) {
    value = std::min(kEnough, value * 10 + (rest[digits] - '0'));
    ++digits;
  }
  rest.remove_prefix(digits);
  if (digits == 0) return std::nullopt;
  return value;
}

std::optional<std::int64_t> take_year(std::string_view& rest) {
  const char sign = rest.empty() ? '\0' : rest.front();
  if (sign != '-' && sign != '+') return take_number(rest, 4);
  rest.remove_prefix(1);
  const std::optional<std::int64_t> year = take_number(rest, 0);
  return year && sign == '-' ? -*year : year;
}

bool take_dash(std::string_view& rest) {
  if (!rest.starts_with('-')) return false;
  rest.remove_prefix(1);
  return true;
}

bool day_exists(std::int64_t year, std::int64_t month, std::int64_t day) {
  constexpr std::array<std::int64_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (leap && month == 2 ? 1 : 0);
}

}  // namespace

Result<std::int64_t> parse_expiry_date(std::string_view text) {
  std::string_view rest = trim_left(text);
  std::optional<std::int64_t> month;
  std::optional<std::int64_t> day;
  const std::optional<std::int64_t> year = take_year(rest);
  if (year && take_dash(rest)) {
    rest = trim_left(rest);
    month = take_number(rest, 2);
  }
  if (month && take_dash(rest)) {
    rest = trim_left(rest);
    day = take_number(rest, 2);
  }
  if (!day || !rest.empty()) return Error{"not a date of the form YYYY-MM-DD", "", "write it like \"2026-12-31\""};
  if (*year < kMinYear || *year > kMaxYear) return Error{"the year is out of range", "", ""};
  if (!day_exists(*year, *month, *day)) return Error{"there is no such day in the calendar", "", ""};
  return days_from_civil(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

}  // namespace sentinel::base
