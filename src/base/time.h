// UTC time as text and numbers (chapter 01 §3, chapter 03 §1.4). Any thread; wall_now_ms() alone reads a clock.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sentinel::base {

// Milliseconds since 1970 of an ISO 8601 UTC text under the rules of 03 §1.4; nullopt when it does not parse, when the
// year is 584 556 019 or later, or when a fraction is cut inside a character.
[[nodiscard]] std::optional<std::uint64_t> parse_iso_ms(std::string_view text);

// Milliseconds since 1970 of the system's clock.
[[nodiscard]] std::uint64_t wall_now_ms();

// "YYYY-MM-DDTHH:MM:SS.mmmZ" (24 bytes) for years up to 9999.
struct IsoText {
  std::array<char, 24> chars;
  [[nodiscard]] std::string_view view() const { return {chars.data(), chars.size()}; }
};
[[nodiscard]] IsoText format_iso_ms(std::uint64_t ms);

// The same for many instants of few days: the date written last is kept. One thread.
class IsoWriter {
 public:
  [[nodiscard]] IsoText format(std::uint64_t ms);

 private:
  std::uint64_t day_ = static_cast<std::uint64_t>(-1);
  IsoText text_{};
};

// True, with the milliseconds in *ms, when `text` is exactly what format_iso_ms() writes for some instant: 24 bytes, every
// field in range, the day existing. Such texts order by value as they order bytewise. The fast path of every decoder.
[[nodiscard]] bool parse_canonical_iso(std::string_view text, std::uint64_t* ms);

// UTC hour 0-23 and month 0-11 of a raw timestamp text (01 §3, 04 §4.3); nullopt when undefined.
[[nodiscard]] std::optional<unsigned> utc_hour(std::string_view timestamp);
[[nodiscard]] std::optional<unsigned> utc_month(std::string_view timestamp);

// Days since 1970-01-01 of a civil date (month 1-12), and back.
[[nodiscard]] std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day);
struct CivilDate {
  std::int64_t year;
  unsigned month;  // 1-12
  unsigned day;    // 1-31
};
[[nodiscard]] CivilDate civil_from_days(std::int64_t days);

}  // namespace sentinel::base
