// UTC hour and month of spans, as far as their timestamps give them (chapter 04 §4.3).
//
// Canonical timestamps are read from their value, others from their text. Remembers the last hour, since neighbouring
// spans share it. One thread.
#pragma once

#include <cstdint>

#include "base/text.h"
#include "base/time.h"
#include "model/symbols.h"

namespace sentinel::score {

struct UtcHour {
  static constexpr std::uint8_t kUnknownHour = 24;
  static constexpr std::uint8_t kUnknownMonth = 12;

  std::uint8_t hour = kUnknownHour;    // 0-23
  std::uint8_t month = kUnknownMonth;  // 0-11

  [[nodiscard]] bool known() const { return hour != kUnknownHour; }
};

class SpanClock {
 public:
  explicit SpanClock(const model::Symbols& symbols) : symbols_(symbols) {}

  [[nodiscard]] UtcHour hour_of(const model::SpanRecord& span) {
    if (span.extra != 0 && model::has_odd_timestamp(symbols_, span)) return hour_of_text(span);
    if (span.start_us - hour_start_us_ >= kHourUs) move_to(span.start_us);
    return hour_;
  }

  // The same for an instant, in microseconds since 1970.
  [[nodiscard]] static UtcHour hour_at(std::uint64_t us) {
    const std::uint64_t hours = us / kHourUs;
    const base::CivilDate date = base::civil_from_days(static_cast<std::int64_t>(hours / 24));
    return {static_cast<std::uint8_t>(hours % 24), static_cast<std::uint8_t>(date.month - 1)};
  }

  static constexpr std::uint64_t kHourUs = 3'600'000'000;

 private:
  void move_to(std::uint64_t us) {
    hour_start_us_ = us / kHourUs * kHourUs;
    hour_ = hour_at(us);
  }

  [[nodiscard]] UtcHour hour_of_text(const model::SpanRecord& span) const {
    const std::string_view text = symbols_.text(symbols_.extra(span.extra).timestamp_text);
    UtcHour when;
    if (const auto hour = base::utc_hour(text)) when.hour = static_cast<std::uint8_t>(*hour);
    // Two digits: "+7" is a number, but no month here.
    const auto month = base::utc_month(text);
    if (month && base::is_digit(text[5]) && base::is_digit(text[6])) when.month = static_cast<std::uint8_t>(*month);
    return when;
  }

  const model::Symbols& symbols_;
  std::uint64_t hour_start_us_ = 0;
  UtcHour hour_{0, 0};  // of hour_start_us_
};

}  // namespace sentinel::score
