// Line charts in braille dots.
#include "tui/chart.h"

#include <gtest/gtest.h>

#include <limits>

namespace sentinel::tui {
namespace {

// A plot of 120 columns, so that each of the 240 slots has a column of dots of its own; the labels take the first two.
std::string plotted(std::vector<double> values, int rows = 3) {
  Screen screen(122, rows + 2);
  Chart chart;
  chart.top = 1.0;
  chart.top_label = "1";
  chart.oldest_label = "-4m";
  chart.series.push_back({std::move(values), {}, kPlain});
  draw_chart(screen, screen.area(), chart);
  return screen.text();
}

std::string end_of_row(const std::string& text, int row) {
  std::size_t at = 0;
  for (int i = 0; i < row; ++i) at = text.find('\n', at) + 1;
  const std::string line = text.substr(at, text.find('\n', at) - at);
  return line.size() < 3 ? line : line.substr(line.size() - 3);
}

TEST(DrawChart, TheNewestPointStandsAtTheRightEdge) {
  EXPECT_EQ(end_of_row(plotted({0.0, 0.0}), 2), "⣀");
  EXPECT_EQ(end_of_row(plotted({1.0, 1.0}), 0), "\xE2\xA0\x89") << "the two upper dots";
}

TEST(DrawChart, AStepIsDrawnWithoutAGap) {
  const std::string text = plotted({0.0, 1.0});
  for (const int row : {0, 1, 2}) EXPECT_EQ(end_of_row(text, row).substr(0, 2).find('\xE2'), 0U) << text;
}

TEST(DrawChart, WhatIsUnknownLeavesAGap) {
  const std::string text = plotted({1.0, std::numeric_limits<double>::quiet_NaN()});
  EXPECT_EQ(end_of_row(text, 0), "\xE2\xA0\x81") << "one dot in the left column";
}

TEST(DrawChart, MoreThanItsSlotsShowsTheLatest) {
  std::vector<double> values(kChartSlots + 60, 1.0);
  std::fill(values.end() - static_cast<long>(kChartSlots), values.end(), 0.0);
  const std::string text = plotted(values);
  EXPECT_EQ(text.find("\xE2\xA0\x89"), std::string::npos) << "the older ones stood at the top";
}

TEST(DrawChart, TimeStandsUnderTheAxis) {
  const std::string text = plotted({0.5});
  EXPECT_NE(text.find("-4m"), std::string::npos);
  EXPECT_NE(text.find("now"), std::string::npos);
}

TEST(DrawChart, AnAreaWithoutRoomStaysEmpty) {
  Screen screen(4, 2);
  draw_chart(screen, screen.area(), {.series = {}, .top = 1.0, .top_label = "1", .middle_label = {}, .oldest_label = {}});
  EXPECT_EQ(screen.text(), "\n\n");
}

}  // namespace
}  // namespace sentinel::tui
