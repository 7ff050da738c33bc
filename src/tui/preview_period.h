// The period that the disclosure preview shows: a month, quarter or year around a day, or two days of one's own (chapter 08
// §15). Plain values; no clock is read.
#pragma once

#include <cstdint>

#include "disclosure/document.h"

namespace sentinel::tui {

using disclosure::Days;

// `months` later or earlier; a day that the month does not have becomes its last.
[[nodiscard]] Days add_months(Days date, int months);

class PreviewPeriod {
 public:
  enum class Granularity : std::uint8_t { kMonth, kQuarter, kYear, kCustom };
  enum class Edge : std::uint8_t { kFrom, kTo };

  // Begins with the month of `anchor`; the custom period begins as the days from `first` to `last`.
  PreviewPeriod(Days anchor, Days first, Days last) : anchor_(anchor), custom_from_(first), custom_to_(last) {}

  [[nodiscard]] Granularity granularity() const { return granularity_; }
  [[nodiscard]] Edge edge() const { return edge_; }
  [[nodiscard]] disclosure::PeriodType type() const;
  [[nodiscard]] Days from() const;
  [[nodiscard]] Days to() const;  // inclusive, never before from()
  [[nodiscard]] Days days() const { return to() - from() + 1; }

  void next_granularity();
  void step(int direction);         // one period, or one day of the custom edge
  void step_months(int direction);  // the custom edge only
  void switch_edge();               // custom only

 private:
  [[nodiscard]] int months() const;
  void move_edge(Days to);

  Granularity granularity_ = Granularity::kMonth;
  Edge edge_ = Edge::kFrom;
  Days anchor_;
  Days custom_from_;
  Days custom_to_;
};

}  // namespace sentinel::tui
