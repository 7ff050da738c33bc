// A line chart in braille dots, two by four to a cell (chapter 06 §10, tab Trends). Pure functions.
#pragma once

#include <string>
#include <vector>

#include "tui/screen.h"

namespace sentinel::tui {

// Points that a chart has room for, the newest at the right edge.
inline constexpr std::size_t kChartSlots = 240;

struct Series {
  std::vector<double> values;  // oldest first, at most kChartSlots; NaN = no point
  std::string legend;
  Style style;
};

struct Chart {
  std::vector<Series> series;
  double top = 1.0;  // the value at the upper edge; the lower one is 0
  std::string top_label;
  std::string middle_label;  // empty: none
  std::string oldest_label;  // under the left edge
};

void draw_chart(Screen& screen, const Rect& area, const Chart& chart);

}  // namespace sentinel::tui
