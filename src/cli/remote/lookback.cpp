#include "cli/remote/lookback.h"

#include <charconv>

#include "base/text.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

base::Error wrong(std::string what) {
  return {.what = std::move(what), .where = {}, .hint = "write hours, minutes and seconds, such as 2h30m"};
}

// Seconds of a unit; 0 when it is none.
std::uint64_t seconds_of(char unit) { return unit == 'h' ? 3600 : unit == 'm' ? 60 : unit == 's' ? 1 : 0; }

}  // namespace

base::Result<std::uint64_t> parse_lookback(std::string_view text) {
  std::string_view rest = base::trim(text);
  if (rest.empty()) return wrong("it is empty");
  std::uint64_t total = 0;
  while (!rest.empty()) {
    const std::size_t digits = rest.find_first_not_of("0123456789");
    if (digits == 0) {
      const std::string_view character = rest.substr(0, base::first_character(rest).length);
      return wrong(concat({"unexpected character '", character, "'"}));
    }
    std::uint64_t number = 0;
    const std::string_view amount = rest.substr(0, digits);
    const bool too_large = std::from_chars(amount.data(), amount.data() + amount.size(), number).ec != std::errc();
    if (digits == std::string_view::npos) return wrong(concat({"the number ", amount, " has no unit"}));
    if (too_large) return wrong(concat({"invalid number ", amount}));
    rest.remove_prefix(digits);
    const std::string_view unit = rest.substr(0, base::first_character(rest).length);
    const std::uint64_t seconds = seconds_of(unit.front());
    if (seconds == 0) return wrong(concat({"unknown unit '", unit, "', expected h, m or s"}));
    rest.remove_prefix(unit.size());
    std::uint64_t part = 0;
    if (__builtin_mul_overflow(number, seconds, &part) || __builtin_add_overflow(total, part, &total)) {
      return wrong("overflow: it does not fit into 64 bits of seconds");
    }
  }
  if (total == 0) return wrong("it must be greater than zero");
  return total;
}

}  // namespace sentinel::cli
