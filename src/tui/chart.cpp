#include "tui/chart.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

constexpr int kDotsAcross = 2;
constexpr int kDotsDown = 4;
constexpr char32_t kBraille = 0x2800;
// The bit of the dot in column x, row y of a cell.
constexpr std::uint8_t kDot[kDotsDown][kDotsAcross] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

// Dots of one series over the cells of the plot.
class Dots {
 public:
  Dots(int columns, int rows)
      : columns_(columns), rows_(rows), cells_(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows)) {}

  void set(int x, int y) {
    if (x < 0 || y < 0 || x >= columns_ * kDotsAcross || y >= rows_ * kDotsDown) return;
    cells_[static_cast<std::size_t>(y / kDotsDown * columns_ + x / kDotsAcross)] |= kDot[y % kDotsDown][x % kDotsAcross];
  }

  // From one point to the next, without gaps.
  void line(int x0, int y0, int x1, int y1) {
    const int steps = std::max({std::abs(x1 - x0), std::abs(y1 - y0), 1});
    for (int i = 0; i <= steps; ++i) set(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps);
  }

  void put(Screen& screen, int left, int upper, Style style) const {
    for (int y = 0; y < rows_; ++y) {
      for (int x = 0; x < columns_; ++x) {
        const std::uint8_t dots = cells_[static_cast<std::size_t>(y * columns_ + x)];
        if (dots == 0) continue;
        std::string glyph;
        append_utf8(glyph, kBraille + dots);
        screen.put(left + x, upper + y, glyph, style, 1);
      }
    }
  }

 private:
  int columns_;
  int rows_;
  std::vector<std::uint8_t> cells_;
};

void draw_series(Screen& screen, const Rect& plot, const Series& series, double top) {
  Dots dots(plot.width, plot.height);
  const int across = plot.width * kDotsAcross - 1;
  const int down = plot.height * kDotsDown - 1;
  const std::size_t count = std::min(series.values.size(), kChartSlots);
  const std::size_t skipped = series.values.size() - count;
  int last_x = -1;
  int last_y = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double value = series.values[skipped + i];
    if (std::isnan(value)) {
      last_x = -1;
      continue;
    }
    const std::size_t slot = kChartSlots - count + i;
    const int x = static_cast<int>(std::lround(static_cast<double>(across) * static_cast<double>(slot) / (kChartSlots - 1)));
    const double share = top > 0 ? std::clamp(value / top, 0.0, 1.0) : 0.0;
    const int y = down - static_cast<int>(std::lround(down * share));
    if (last_x < 0) {
      dots.set(x, y);
    } else {
      dots.line(last_x, last_y, x, y);
    }
    last_x = x;
    last_y = y;
  }
  dots.put(screen, plot.x, plot.y, series.style);
}

// The names of the series in the upper left corner, over whatever is drawn there: what is now stands at the right.
void draw_legends(Screen& screen, const Rect& plot, const std::vector<Series>& series) {
  std::size_t widest = 0;
  for (const Series& s : series) widest = std::max(widest, columns_of(s.legend) + 2);
  const int width = std::min(static_cast<int>(widest), plot.width - 1);
  for (std::size_t i = 0; i < series.size() && static_cast<int>(i) < plot.height; ++i) {
    const int x = plot.x + 1;
    const int y = plot.y + static_cast<int>(i);
    screen.fill({x, y, width, 1});
    const int used = screen.put(x, y, "● ", series[i].style, width);
    screen.put(x + used, y, series[i].legend, kPlain, width - used);
  }
}

}  // namespace

void draw_chart(Screen& screen, const Rect& area, const Chart& chart) {
  const int labels = static_cast<int>(std::max({columns_of(chart.top_label), columns_of(chart.middle_label), std::size_t{1}}));
  const Rect plot = {area.x + labels + 1, area.y, area.width - labels - 1, area.height - 2};
  if (plot.width < 4 || plot.height < 1) return;
  const int bottom = plot.y + plot.height;
  for (int y = plot.y; y < bottom; ++y) screen.put(plot.x - 1, y, "│", kDim, 1);
  screen.put(plot.x - 1, bottom, "└", kDim, 1);
  for (int x = plot.x; x < plot.x + plot.width; ++x) screen.put(x, bottom, "─", kDim, 1);
  screen.put(area.x, plot.y, chart.top_label, kDim, labels);
  if (!chart.middle_label.empty() && plot.height >= 3)
    screen.put(area.x, plot.y + plot.height / 2, chart.middle_label, kDim, labels);
  if (plot.height >= 2) screen.put(area.x, bottom - 1, "0", kDim, labels);
  screen.put(plot.x, bottom + 1, chart.oldest_label, kDim, plot.width);
  screen.put(plot.x + plot.width - 3, bottom + 1, "now", kDim, 3);
  for (const Series& series : chart.series) draw_series(screen, plot, series, chart.top);
  draw_legends(screen, plot, chart.series);
}

}  // namespace sentinel::tui
