#include "tui/panes.h"

#include <gtest/gtest.h>

namespace sentinel::tui {
namespace {

constexpr Rect kArea = {0, 1, 120, 38};

TEST(Panes, ThreeColumnsOverDetail) {
  const PanelRects at = Panes().rects(kArea);
  EXPECT_EQ(at.traces, (Rect{0, 1, 24, 19}));
  EXPECT_EQ(at.findings, (Rect{24, 1, 36, 19}));
  EXPECT_EQ(at.correlations, (Rect{60, 1, 60, 19}));
  EXPECT_EQ(at.detail, (Rect{0, 20, 120, 19}));
}

TEST(Panes, EveryCellBelongsToOnePanel) {
  for (int width = 100; width <= 210; width += 7) {
    const PanelRects at = Panes().rects({0, 1, width, 31});
    EXPECT_EQ(at.traces.width + at.findings.width + at.correlations.width, width);
    EXPECT_EQ(at.traces.height + at.detail.height, 31);
  }
}

TEST(Panes, ABorderIsHitWithinOneCell) {
  const Panes panes;
  EXPECT_EQ(panes.border_at(kArea, 22, 5), std::nullopt);
  EXPECT_EQ(panes.border_at(kArea, 23, 5), Border::kAfterTraces);
  EXPECT_EQ(panes.border_at(kArea, 25, 5), Border::kAfterTraces);
  EXPECT_EQ(panes.border_at(kArea, 26, 5), std::nullopt);
  EXPECT_EQ(panes.border_at(kArea, 60, 5), Border::kAfterFindings);
  EXPECT_EQ(panes.border_at(kArea, 90, 19), Border::kAboveDetail);
  EXPECT_EQ(panes.border_at(kArea, 90, 18), std::nullopt);
  EXPECT_EQ(panes.border_at(kArea, 24, 19), Border::kAfterTraces) << "columns win over the row";
  EXPECT_EQ(panes.border_at(kArea, 24, 0), std::nullopt) << "outside";
}

TEST(Panes, DraggingMovesOnlyTheTwoBeside) {
  Panes panes;
  panes.drag(Border::kAfterTraces, kArea, 36, 5);
  PanelRects at = panes.rects(kArea);
  EXPECT_EQ(at.traces.width, 36);
  EXPECT_EQ(at.correlations.x, 60);
  panes.drag(Border::kAboveDetail, kArea, 0, 1 + 30);
  at = panes.rects(kArea);
  EXPECT_EQ(at.detail.y, 31);
  EXPECT_EQ(at.traces.width, 36);
}

TEST(Panes, EachPanelKeepsATenth) {
  Panes panes;
  panes.drag(Border::kAfterTraces, kArea, 0, 5);
  EXPECT_EQ(panes.rects(kArea).traces.width, 12);
  panes.drag(Border::kAfterTraces, kArea, 119, 5);
  EXPECT_EQ(panes.rects(kArea).findings.width, 12);
  panes.drag(Border::kAfterFindings, kArea, 119, 5);
  EXPECT_EQ(panes.rects(kArea).correlations.width, 12);
  panes.drag(Border::kAboveDetail, kArea, 0, 38);
  EXPECT_EQ(panes.rects(kArea).detail.height, 4);
}

}  // namespace
}  // namespace sentinel::tui
