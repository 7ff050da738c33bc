#include "tui/panes.h"

#include <algorithm>
#include <cstdlib>

namespace sentinel::tui {
namespace {

constexpr int kWhole = 1000;
constexpr int kSmallest = 100;
constexpr int kTolerance = 1;

int part_of(int length, int thousandths) { return (length * thousandths + kWhole / 2) / kWhole; }
int thousandths_of(int part, int length) { return length > 0 ? (part * kWhole + length / 2) / length : 0; }
bool near(int a, int b) { return std::abs(a - b) <= kTolerance; }

}  // namespace

PanelRects Panes::rects(const Rect& area) const {
  const int first = part_of(area.width, traces_end_);
  const int second = part_of(area.width, findings_end_);
  const int top = part_of(area.height, detail_start_);
  return {.traces = {area.x, area.y, first, top},
          .findings = {area.x + first, area.y, second - first, top},
          .correlations = {area.x + second, area.y, area.width - second, top},
          .detail = {area.x, area.y + top, area.width, area.height - top}};
}

std::optional<Border> Panes::border_at(const Rect& area, int x, int y) const {
  if (!area.holds(x, y)) return std::nullopt;
  const PanelRects at = rects(area);
  const bool in_columns = y < at.detail.y;
  if (in_columns && near(x, at.findings.x)) return Border::kAfterTraces;
  if (in_columns && near(x, at.correlations.x)) return Border::kAfterFindings;
  if (near(y, at.detail.y)) return Border::kAboveDetail;
  return std::nullopt;
}

void Panes::drag(Border border, const Rect& area, int x, int y) {
  const int across = thousandths_of(x - area.x, area.width);
  switch (border) {
    case Border::kAfterTraces:
      traces_end_ = std::clamp(across, kSmallest, findings_end_ - kSmallest);
      return;
    case Border::kAfterFindings:
      findings_end_ = std::clamp(across, traces_end_ + kSmallest, kWhole - kSmallest);
      return;
    case Border::kAboveDetail:
      detail_start_ = std::clamp(thousandths_of(y - area.y, area.height), kSmallest, kWhole - kSmallest);
      return;
  }
}

}  // namespace sentinel::tui
