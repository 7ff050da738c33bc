#include "base/time.h"

#include <charconv>
#include <chrono>
#include <cstring>
#include <limits>

#include "base/text.h"

namespace sentinel::base {
namespace {

constexpr std::uint64_t kDayMs = 86'400'000;
constexpr std::uint64_t kFirstRefusedYear = 584'556'019;    // milliseconds would leave 64 bits (03 §1.4, rule 6)
constexpr std::uint64_t kLastTextMs = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z

constexpr bool is_leap(unsigned year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr unsigned month_days(unsigned year, unsigned month) {
  constexpr unsigned char kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

// Optional '+', then digits only, within 64 bits.
bool integer(std::string_view text, std::uint64_t* value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc{} && end == text.data() + text.size();
}

struct Three {
  std::uint64_t a = 0, b = 0, c = 0;
};

// Exactly three integers around `separator`.
bool three(std::string_view text, char separator, Three* out) {
  const std::size_t first = text.find(separator);
  if (first == std::string_view::npos) return false;
  const std::size_t second = text.find(separator, first + 1);
  if (second == std::string_view::npos) return false;
  return integer(text.substr(0, first), &out->a) && integer(text.substr(first + 1, second - first - 1), &out->b) &&
         integer(text.substr(second + 1), &out->c);
}

// The first three bytes of a fraction as milliseconds; a '+' counts as a byte.
bool fraction_ms(std::string_view fraction, std::uint64_t* ms) {
  fraction = fraction.substr(0, 3);
  if (!integer(fraction, ms)) return false;
  for (std::size_t i = fraction.size(); i < 3; ++i) *ms *= 10;
  return true;
}

// 03 §1.4, rules 3 to 6, on a trimmed text.
std::optional<std::uint64_t> parse_general(std::string_view text) {
  if (!text.ends_with('Z')) return std::nullopt;
  text.remove_suffix(1);
  std::size_t split = text.find('T');
  if (split == std::string_view::npos) split = text.find(' ');
  if (split == std::string_view::npos) return std::nullopt;
  std::string_view clock = text.substr(split + 1);
  std::uint64_t ms = 0;
  if (const std::size_t dot = clock.find('.'); dot != std::string_view::npos) {
    if (!fraction_ms(clock.substr(dot + 1), &ms)) return std::nullopt;
    clock = clock.substr(0, dot);
  }
  Three date, time;
  if (!three(text.substr(0, split), '-', &date) || !three(clock, ':', &time)) return std::nullopt;
  if (date.a < 1970 || date.a >= kFirstRefusedYear || date.b < 1 || date.b > 12 || date.c < 1 || date.c > 31)
    return std::nullopt;
  if (time.a >= 24 || time.b >= 60 || time.c >= 60) return std::nullopt;
  const std::int64_t days =
      days_from_civil(static_cast<std::int64_t>(date.a), static_cast<unsigned>(date.b), static_cast<unsigned>(date.c));
  return static_cast<std::uint64_t>(days) * kDayMs + (time.a * 3600 + time.b * 60 + time.c) * 1000 + ms;
}

constexpr char kShape[] = "0000-00-00T00:00:00.000Z";

// "00" to "99", one behind the other.
constexpr std::array<char, 200> digit_pairs() {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}
constexpr std::array<char, 200> kPairs = digit_pairs();

// What to add to a byte XORed with the shape so that its top bit says "wrong": 0x76 carries a value past 9, 0x7F any but 0.
constexpr std::array<std::uint64_t, 3> slack_of_shape() {
  std::array<std::uint64_t, 3> slack{};
  for (std::size_t i = 0; i < 24; ++i) {
    const std::uint64_t one = kShape[i] == '0' ? 0x76 : 0x7F;
    slack[i / 8] |= one << (8 * (i % 8));
  }
  return slack;
}
constexpr std::array<std::uint64_t, 3> kSlack = slack_of_shape();

// True when the 24 bytes are digits where the shape has '0' and equal to it elsewhere; the digits' values go to `values`.
bool match_shape(const char* text, std::array<unsigned char, 24>& values) {
  constexpr std::uint64_t kTop = 0x8080808080808080ULL;
  std::uint64_t bad = 0;
  for (std::size_t word = 0; word < 3; ++word) {
    std::uint64_t bytes = 0, shape = 0;
    std::memcpy(&bytes, text + word * 8, 8);
    std::memcpy(&shape, kShape + word * 8, 8);
    bytes ^= shape;
    bad |= bytes | ((bytes & ~kTop) + kSlack[word]);
    std::memcpy(values.data() + word * 8, &bytes, 8);
  }
  return (bad & kTop) == 0;
}

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace

std::optional<std::uint64_t> parse_iso_ms(std::string_view text) {
  std::uint64_t ms = 0;
  if (parse_canonical_iso(text, &ms)) return ms;
  return parse_general(trim(text));
}

std::uint64_t wall_now_ms() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

IsoText format_iso_ms(std::uint64_t ms) { return IsoWriter().format(ms); }

IsoText IsoWriter::format(std::uint64_t ms) {
  if (ms > kLastTextMs) ms = kLastTextMs;
  const auto put = [&](std::size_t at, unsigned value) { std::memcpy(text_.chars.data() + at, &kPairs[value * 2], 2); };
  if (const std::uint64_t day = ms / kDayMs; day != day_) {
    day_ = day;
    std::memcpy(text_.chars.data(), kShape, 24);
    const CivilDate date = civil_from_days(static_cast<std::int64_t>(day));
    const auto year = static_cast<unsigned>(date.year);
    put(0, year / 100);
    put(2, year % 100);
    put(5, date.month);
    put(8, date.day);
  }
  const auto in_day = static_cast<unsigned>(ms - day_ * kDayMs);
  const unsigned second = in_day / 1000;
  const unsigned minute = second / 60;
  const unsigned ms_of_second = in_day - second * 1000;
  put(11, minute / 60);
  put(14, minute % 60);
  put(17, second % 60);
  text_.chars[20] = static_cast<char>('0' + ms_of_second / 100);
  put(21, ms_of_second % 100);
  return text_;
}

bool parse_canonical_iso(std::string_view text, std::uint64_t* ms) {
  std::array<unsigned char, 24> v;
  if (text.size() != 24 || !match_shape(text.data(), v)) return false;
  const auto two = [&](std::size_t at) { return v[at] * 10u + v[at + 1]; };
  const unsigned year = two(0) * 100 + two(2);
  const unsigned month = two(5), day = two(8), hour = two(11), minute = two(14), second = two(17);
  if (year < 1970 || month - 1 > 11 || hour > 23 || minute > 59 || second > 59) return false;
  if (day < 1 || day > month_days(year, month)) return false;
  const auto days = static_cast<std::uint64_t>(days_from_civil(year, month, day));
  const unsigned in_day = (hour * 3600 + minute * 60 + second) * 1000 + v[20] * 100u + two(21);
  *ms = days * kDayMs + in_day;
  return true;
}

std::optional<unsigned> utc_hour(std::string_view timestamp) {
  if (timestamp.size() < 13 || !timestamp.ends_with('Z') || !is_ascii(timestamp)) return std::nullopt;
  if (timestamp[10] != 'T' && timestamp[10] != ' ') return std::nullopt;
  if (!is_digit(timestamp[11]) || !is_digit(timestamp[12])) return std::nullopt;
  const auto hour = static_cast<unsigned>((timestamp[11] - '0') * 10 + (timestamp[12] - '0'));
  if (hour >= 24) return std::nullopt;
  return hour;
}

std::optional<unsigned> utc_month(std::string_view timestamp) {
  if (timestamp.size() < 7 || !timestamp.ends_with('Z') || !is_ascii(timestamp) || timestamp[4] != '-') return std::nullopt;
  std::uint64_t month = 0;
  if (!integer(timestamp.substr(5, 2), &month) || month < 1 || month > 12) return std::nullopt;
  return static_cast<unsigned>(month) - 1;
}

// Both after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March, eras have 400 years.
std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

CivilDate civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * day_of_year + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1};
}

}  // namespace sentinel::base
