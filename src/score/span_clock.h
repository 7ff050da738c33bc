// UTC hour and month of spans, as far as their timestamps give them (chapter 04 §4.3).
//
// Canonical timestamps are read from their value, others from their text. Remembers the last day, since neighbouring spans
// share it. One thread.
#pragma once

#include <cstdint>
#include <limits>

#include "base/text.h"
#include "base/time.h"
#include "model/symbols.h"

namespace sentinel::score {

struct UtcHour {
  int hour = -1;   // 0-23; -1 unknown
  int month = -1;  // 0-11; -1 unknown
};

class SpanClock {
 public:
  explicit SpanClock(const model::Symbols& symbols) : symbols_(symbols) {}

  [[nodiscard]] UtcHour hour_of(const model::SpanRecord& span) {
    if (span.extra != 0 && model::has_odd_timestamp(symbols_, span)) return hour_of_text(span);
    const std::uint64_t day = span.start_us / kDayUs;
    if (day != day_) {
      day_ = day;
      month_ = static_cast<int>(base::civil_from_days(static_cast<std::int64_t>(day)).month) - 1;
    }
    return {static_cast<int>((span.start_us - day * kDayUs) / kHourUs), month_};
  }

 private:
  static constexpr std::uint64_t kHourUs = 3'600'000'000;
  static constexpr std::uint64_t kDayUs = 24 * kHourUs;

  [[nodiscard]] UtcHour hour_of_text(const model::SpanRecord& span) const {
    const std::string_view text = symbols_.text(symbols_.extra(span.extra).timestamp_text);
    UtcHour when;
    if (const auto hour = base::utc_hour(text)) when.hour = static_cast<int>(*hour);
    // Two digits: "+7" is a number, but no month here.
    const auto month = base::utc_month(text);
    if (month && base::is_digit(text[5]) && base::is_digit(text[6])) when.month = static_cast<int>(*month);
    return when;
  }

  const model::Symbols& symbols_;
  std::uint64_t day_ = std::numeric_limits<std::uint64_t>::max();
  int month_ = -1;
};

}  // namespace sentinel::score
