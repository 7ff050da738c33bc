#include "tui/preview_period.h"

#include <algorithm>

#include "base/time.h"

namespace sentinel::tui {
namespace {

constexpr int kMonthsAYear = 12;

std::int64_t month_number(Days date) {
  const base::CivilDate civil = base::civil_from_days(date);
  return static_cast<std::int64_t>(civil.year) * kMonthsAYear + static_cast<std::int64_t>(civil.month) - 1;
}

Days first_of(std::int64_t month) {
  const std::int64_t in_year = (month % kMonthsAYear + kMonthsAYear) % kMonthsAYear;
  return base::days_from_civil((month - in_year) / kMonthsAYear, static_cast<unsigned>(in_year) + 1, 1);
}

}  // namespace

Days add_months(Days date, int months) {
  const std::int64_t month = month_number(date) + months;
  const Days last = first_of(month + 1) - 1;
  return std::min(first_of(month) + (date - first_of(month_number(date))), last);
}

int PreviewPeriod::months() const {
  constexpr int kMonths[] = {1, 3, kMonthsAYear, 0};
  return kMonths[static_cast<std::size_t>(granularity_)];
}

disclosure::PeriodType PreviewPeriod::type() const {
  using enum disclosure::PeriodType;
  constexpr disclosure::PeriodType kTypes[] = {kCalendarMonth, kCalendarQuarter, kCalendarYear, kCustom};
  return kTypes[static_cast<std::size_t>(granularity_)];
}

Days PreviewPeriod::from() const {
  if (granularity_ == Granularity::kCustom) return custom_from_;
  const std::int64_t month = month_number(anchor_);
  return first_of(month - month % months());
}

Days PreviewPeriod::to() const {
  if (granularity_ == Granularity::kCustom) return custom_to_;
  return first_of(month_number(from()) + months()) - 1;
}

void PreviewPeriod::next_granularity() {
  granularity_ = static_cast<Granularity>((static_cast<unsigned>(granularity_) + 1) % 4);
}

void PreviewPeriod::step(int direction) {
  if (granularity_ == Granularity::kCustom) {
    move_edge((edge_ == Edge::kFrom ? custom_from_ : custom_to_) + direction);
  } else {
    anchor_ = add_months(anchor_, direction * months());
  }
}

void PreviewPeriod::step_months(int direction) {
  if (granularity_ != Granularity::kCustom) return;
  move_edge(add_months(edge_ == Edge::kFrom ? custom_from_ : custom_to_, direction));
}

void PreviewPeriod::switch_edge() {
  if (granularity_ == Granularity::kCustom) edge_ = edge_ == Edge::kFrom ? Edge::kTo : Edge::kFrom;
}

// Moving an edge past the other takes that along.
void PreviewPeriod::move_edge(Days to) {
  if (edge_ == Edge::kFrom) {
    custom_from_ = to;
    custom_to_ = std::max(custom_to_, to);
  } else {
    custom_to_ = to;
    custom_from_ = std::min(custom_from_, to);
  }
}

}  // namespace sentinel::tui
