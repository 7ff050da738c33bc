#include "cli/remote/expires.h"

#include <cmath>
#include <cstdint>
#include <optional>

#include "base/number_parse.h"
#include "base/text.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

using disclosure::Instant;

constexpr double kNanosecond = 1e-9;
constexpr double kDay = 86'400.0;

struct Unit {
  std::string_view names;  // blank-separated
  double seconds;
};
constexpr Unit kUnits[] = {
    {"ns nsec nanos nanosecond nanoseconds", kNanosecond},
    {"us usec micros microsecond microseconds", 1e-6},
    {"ms msec millis millisecond milliseconds", 1e-3},
    {"s sec secs second seconds", 1},
    {"m min mins minute minutes", 60},
    {"h hr hrs hour hours", 3600},
    {"d day days", kDay},
    {"w wk wks week weeks", 7 * kDay},
    {"M month months", 30.44 * kDay},
    {"y yr yrs year years", 365.25 * kDay},
};

bool names(const Unit& unit, std::string_view word) {
  std::string_view list = unit.names;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (list.substr(0, end) == word) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

std::optional<double> seconds_of(std::string_view word) {
  for (const Unit& unit : kUnits) {
    if (names(unit, word)) return unit.seconds;
  }
  return std::nullopt;
}

// Parts of a number and a unit; blanks may stand between any two.
std::optional<double> parse_duration(std::string_view text) {
  double total = 0;
  std::string_view rest = base::trim(text);
  if (rest.empty()) return std::nullopt;
  while (!rest.empty()) {
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789."), rest.size());
    const auto number = base::parse_real(rest.substr(0, digits));
    if (digits == 0 || !number || rest.front() == '.') return std::nullopt;
    rest = base::trim_left(rest.substr(digits));
    std::size_t letters = 0;
    while (letters < rest.size() && base::is_alpha(rest[letters])) ++letters;
    const auto unit = seconds_of(rest.substr(0, letters));
    if (!unit) return std::nullopt;
    total += *number * *unit;
    rest = base::trim_left(rest.substr(letters));
  }
  return total;
}

// The last second of the year 9999: later ones have no RFC 3339 text.
constexpr std::int64_t kLastSecond = 253'402'300'799;

}  // namespace

base::Result<Instant> parse_expires(std::string_view text, Instant now) {
  if (const auto instant = disclosure::parse_instant(text)) return *instant;
  const std::optional<double> duration = parse_duration(text);
  if (duration && *duration < static_cast<double>(kLastSecond - now.seconds)) {
    const double whole = std::floor(*duration);
    Instant until = {now.seconds + static_cast<std::int64_t>(whole),
                     now.nanoseconds + static_cast<std::uint32_t>(std::lround((*duration - whole) / kNanosecond))};
    if (until.nanoseconds >= 1'000'000'000) {
      ++until.seconds;
      until.nanoseconds -= 1'000'000'000;
    }
    return until;
  }
  return base::Error{concat({"--expires '", text, "' is neither a time nor a duration"}),
                     {},
                     "write an RFC 3339 date and time such as 2026-12-31T00:00:00Z, or a duration such as 7d, 24h or 1h 30m"};
}

std::string time_left(Instant until, Instant now) {
  const std::int64_t seconds = until.seconds - now.seconds - (until.nanoseconds < now.nanoseconds ? 1 : 0);
  if (seconds < 0 || until <= now) return "expired";
  if (seconds >= 2 * 86'400) return concat({"in ", std::to_string(seconds / 86'400), " days"});
  if (seconds >= 86'400) return "in 1 day";
  if (seconds >= 3600) return concat({"in ", std::to_string(seconds / 3600), "h"});
  if (seconds >= 60) return concat({"in ", std::to_string(seconds / 60), "min"});
  return "in less than a minute";
}

}  // namespace sentinel::cli
