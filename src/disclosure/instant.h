// Points in time to the nanosecond and calendar dates, as archives and disclosures write them (chapter 08 §4, §6, §8.1).
//
// Instants are UTC; a leap second is the 59th with a thousand million nanoseconds or more. Dates are days since 1970-01-01.
// Pure functions, any thread; nothing reads a clock.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sentinel::disclosure {

struct Instant {
  std::int64_t seconds = 0;       // since 1970
  std::uint32_t nanoseconds = 0;  // below 2 000 000 000

  friend auto operator<=>(const Instant&, const Instant&) = default;
};

// The system's clock.
[[nodiscard]] Instant wall_now();

// RFC 3339 with any offset (its minus may be U+2212): separator T, t or a blank, seconds up to 60, fraction digits past the
// ninth dropped. A year may have a sign and six digits, as instant_text() writes those outside 0 to 9999.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);
// "YYYY-MM-DDTHH:MM:SS[.mmm[uuu[nnn]]]Z", the shortest exact of these; `zone` stands for the Z.
[[nodiscard]] std::string instant_text(Instant instant, std::string_view zone = "Z");

using Days = std::int64_t;
inline constexpr std::int64_t kSecondsADay = 86'400;

// "YYYY-MM-DD"; one-digit months and days pass, dates that do not exist do not.
[[nodiscard]] std::optional<Days> parse_date(std::string_view text);
[[nodiscard]] std::string date_text(Days date);
[[nodiscard]] Days date_of(Instant instant);

}  // namespace sentinel::disclosure
