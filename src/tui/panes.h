// Where the panels of Inspect stand, and moving their borders with the mouse (chapter 06 §9.2, §9.3).
//
// Shares are kept in thousandths, so that a change of the window's size keeps them. Plain values.
#pragma once

#include <cstdint>
#include <optional>

#include "tui/screen.h"

namespace sentinel::tui {

enum class Panel : std::uint8_t { kTraces, kFindings, kDetail, kCorrelations };
inline constexpr unsigned kPanels = 4;
[[nodiscard]] constexpr Panel neighbour(Panel panel, unsigned steps) {
  return static_cast<Panel>((static_cast<unsigned>(panel) + steps) % kPanels);
}

// Below this width there is one panel a screen.
inline constexpr int kAllPanelsColumns = 100;

struct PanelRects {
  Rect traces;
  Rect findings;
  Rect correlations;
  Rect detail;
};

// The borders that can be dragged, in the order in which they are looked for.
enum class Border : std::uint8_t { kAfterTraces, kAfterFindings, kAboveDetail };

class Panes {
 public:
  [[nodiscard]] PanelRects rects(const Rect& area) const;

  // The border within one cell of a point.
  [[nodiscard]] std::optional<Border> border_at(const Rect& area, int x, int y) const;

  // Moves a border to a point: only the two panels beside it change, and each keeps at least a tenth.
  void drag(Border border, const Rect& area, int x, int y);

 private:
  int traces_end_ = 200;    // thousandths of the width
  int findings_end_ = 500;  // of the width
  int detail_start_ = 500;  // of the height
};

}  // namespace sentinel::tui
