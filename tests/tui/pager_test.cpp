#include "tui/pager.h"

#include <gtest/gtest.h>

namespace sentinel::tui {
namespace {

Lines numbered(int count) {
  Lines lines;
  for (int i = 1; i <= count; ++i) lines.emplace_back("line " + std::to_string(i));
  return lines;
}

// First and last line seen in a window of five rows.
std::string seen(Pager& pager, int width = 20) {
  Screen screen(width, 5);
  pager.draw(screen, screen.area());
  return screen.row_text(0) + " .. " + screen.row_text(4);
}

TEST(Pager, KeepsItsLastPageFull) {
  Pager pager;
  pager.show(numbered(8));
  EXPECT_EQ(seen(pager), "line 1 .. line 5");
  for (int i = 0; i < 20; ++i) pager.handle(Key::kDown);
  EXPECT_EQ(seen(pager), "line 4 .. line 8");
  pager.handle(Key::kUp);
  EXPECT_EQ(seen(pager), "line 3 .. line 7") << "keys pressed at the end are not remembered";
  pager.handle(Key::kHome);
  EXPECT_EQ(seen(pager), "line 1 .. line 5");
  pager.handle(Key::kPageDown);
  EXPECT_EQ(seen(pager), "line 4 .. line 8");
}

TEST(Pager, TextThatFitsDoesNotScroll) {
  Pager pager;
  pager.show(numbered(5));
  (void)seen(pager);
  pager.handle(Key::kEnd);
  EXPECT_EQ(seen(pager), "line 1 .. line 5");
}

TEST(Pager, TheEndIsThatOfTheFoldedText) {
  Pager pager;
  Lines lines = numbered(4);
  lines.emplace_back("alpha beta gamma delta");
  pager.show(lines);
  (void)seen(pager, 6);
  pager.handle(Key::kEnd);
  EXPECT_EQ(seen(pager, 6), "line 4 .. delta");
  EXPECT_EQ(pager.position().total, 8U);
}

TEST(Selection, StopsAtBothEnds) {
  Selection selection;
  selection.handle(Key::kUp, 3);
  EXPECT_EQ(selection.row(), 0U);
  for (int i = 0; i < 9; ++i) selection.handle(Key::kDown, 3);
  EXPECT_EQ(selection.row(), 2U);
  selection.handle(Key::kDown, 0);
  EXPECT_EQ(selection.row(), 0U);
}

TEST(Selection, TheWindowFollowsTheSelectedRow) {
  Selection selection;
  selection.select(7);
  Position at = selection.window(5, 10);
  EXPECT_EQ(at.first, 3U);
  EXPECT_EQ(at.shown, 5U);
  selection.select(0);
  EXPECT_EQ(selection.window(5, 10).first, 0U);
  selection.select(9);
  EXPECT_EQ(selection.window(5, 10).first, 5U);
  EXPECT_EQ(selection.window(5, 4).first, 0U) << "rows that went away";
}

TEST(Frame, SaysWhichPartIsSeen) {
  Screen screen(30, 6);
  draw_frame(screen, screen.area(), "Title", kPlain, {.first = 5, .shown = 4, .total = 20}, "lines");
  EXPECT_EQ(screen.row_text(0), "┌ Title ─────────────────────┐");
  EXPECT_EQ(screen.row_text(5), "└────────── lines 6-9 of 20 ─┘");
  Screen whole(30, 6);
  draw_frame(whole, whole.area(), "A title too long for the room it has", kPlain, {.first = 0, .shown = 4, .total = 4},
             "lines");
  EXPECT_EQ(whole.row_text(0), "┌ A title too long for the … ┐");
  EXPECT_EQ(whole.row_text(5), "└────────────────────────────┘");
}

}  // namespace
}  // namespace sentinel::tui
