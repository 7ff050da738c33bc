#include "disclosure/instant.h"

#include <chrono>

#include "base/number_format.h"
#include "base/text.h"
#include "base/time.h"

namespace sentinel::disclosure {
namespace {

constexpr std::uint32_t kNanosecondsASecond = 1'000'000'000;

// Takes a text apart from the left.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // `least` to `most` digits.
  bool digits(std::size_t least, std::size_t most, unsigned* out) {
    std::size_t count = 0;
    while (count < most && count < rest_.size() && base::is_digit(rest_[count])) ++count;
    if (count < least) return false;
    *out = 0;
    for (const char c : rest_.substr(0, count)) *out = *out * 10 + static_cast<unsigned>(c - '0');
    rest_.remove_prefix(count);
    return true;
  }
  bool one_of(std::string_view chars, char* out = nullptr) {
    if (rest_.empty() || chars.find(rest_.front()) == std::string_view::npos) return false;
    if (out != nullptr) *out = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  bool word(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<Days> existing_date(std::int64_t year, unsigned month, unsigned day) {
  if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const Days days = base::days_from_civil(year, month, day);
  const base::CivilDate back = base::civil_from_days(days);
  if (back.month != month || back.day != day) return std::nullopt;
  return days;
}

// "YYYY", or with its sign what instant_text() writes of a year outside 0 to 9999: an offset may lead there.
bool year_of(Scanner& in, std::int64_t* out) {
  char sign = '+';
  const bool has_sign = in.one_of("+-", &sign);
  unsigned year = 0;
  if (!in.digits(4, has_sign ? 6 : 4, &year)) return false;
  *out = sign == '-' ? -static_cast<std::int64_t>(year) : year;
  return true;
}

// Digits after the point as nanoseconds.
bool fraction(Scanner& in, std::uint32_t* out) {
  unsigned digit = 0;
  if (!in.digits(1, 1, &digit)) return false;
  std::uint32_t weight = kNanosecondsASecond / 10;
  do {
    *out += digit * weight;
    weight /= 10;
  } while (in.digits(1, 1, &digit));
  return true;
}

// Seconds east of UTC.
bool offset(Scanner& in, std::int64_t* out) {
  constexpr std::string_view kMinusSign = "\xE2\x88\x92";  // U+2212, which ISO 8601 prefers to the hyphen
  char sign = '-';
  if (!in.word(kMinusSign) && !in.one_of("Zz+-", &sign)) return false;
  if (sign == 'Z' || sign == 'z') return true;
  unsigned hours = 0;
  unsigned minutes = 0;
  if (!in.digits(2, 2, &hours) || !in.one_of(":") || !in.digits(2, 2, &minutes) || hours > 23 || minutes > 59) return false;
  *out = static_cast<std::int64_t>(hours) * 3600 + static_cast<std::int64_t>(minutes) * 60;
  if (sign == '-') *out = -*out;
  return true;
}

void append_padded(std::string& out, std::uint64_t value, std::size_t width) {
  std::string digits;
  base::append_unsigned(digits, value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

void append_date(std::string& out, Days date) {
  const base::CivilDate civil = base::civil_from_days(date);
  if (civil.year < 0 || civil.year > 9999) out += civil.year < 0 ? '-' : '+';
  append_padded(out, static_cast<std::uint64_t>(civil.year < 0 ? -civil.year : civil.year), 4);
  out += '-';
  append_padded(out, civil.month, 2);
  out += '-';
  append_padded(out, civil.day, 2);
}

}  // namespace

Instant wall_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t ns = std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
  return {ns / kNanosecondsASecond, static_cast<std::uint32_t>(ns % kNanosecondsASecond)};
}

std::optional<Instant> parse_instant(std::string_view text) {
  Scanner in(text);
  std::int64_t year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool shaped = year_of(in, &year) && in.one_of("-") && in.digits(2, 2, &month) && in.one_of("-") &&
                      in.digits(2, 2, &day) && in.one_of("Tt ") && in.digits(2, 2, &hour) && in.one_of(":") &&
                      in.digits(2, 2, &minute) && in.one_of(":") && in.digits(2, 2, &second);
  if (!shaped || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const std::optional<Days> date = existing_date(year, month, day);
  if (!date) return std::nullopt;
  Instant instant;
  if (in.one_of(".") && !fraction(in, &instant.nanoseconds)) return std::nullopt;
  std::int64_t east = 0;
  if (!offset(in, &east) || !in.done()) return std::nullopt;
  if (second == 60) {
    second = 59;
    instant.nanoseconds += kNanosecondsASecond;
  }
  instant.seconds = *date * kSecondsADay + static_cast<std::int64_t>(hour * 3600 + minute * 60 + second) - east;
  return instant;
}

std::string instant_text(Instant instant, std::string_view zone) {
  const Days date = date_of(instant);
  const auto in_day = static_cast<std::uint64_t>(instant.seconds - date * kSecondsADay);
  const bool leap = instant.nanoseconds >= kNanosecondsASecond;
  const std::uint32_t nanoseconds = instant.nanoseconds - (leap ? kNanosecondsASecond : 0);
  std::string out;
  append_date(out, date);
  out += 'T';
  append_padded(out, in_day / 3600, 2);
  out += ':';
  append_padded(out, in_day / 60 % 60, 2);
  out += ':';
  append_padded(out, in_day % 60 + (leap ? 1 : 0), 2);
  if (nanoseconds != 0) {
    out += '.';
    if (nanoseconds % 1'000'000 == 0) {
      append_padded(out, nanoseconds / 1'000'000, 3);
    } else if (nanoseconds % 1'000 == 0) {
      append_padded(out, nanoseconds / 1'000, 6);
    } else {
      append_padded(out, nanoseconds, 9);
    }
  }
  out += zone;
  return out;
}

std::optional<Days> parse_date(std::string_view text) {
  Scanner in(text);
  unsigned year = 0, month = 0, day = 0;
  if (!in.digits(4, 4, &year) || !in.one_of("-") || !in.digits(1, 2, &month) || !in.one_of("-") || !in.digits(1, 2, &day) ||
      !in.done()) {
    return std::nullopt;
  }
  return existing_date(year, month, day);
}

std::string date_text(Days date) {
  std::string out;
  append_date(out, date);
  return out;
}

Days date_of(Instant instant) {
  const std::int64_t days = instant.seconds / kSecondsADay;
  return days - (instant.seconds % kSecondsADay < 0 ? 1 : 0);
}

}  // namespace sentinel::disclosure
