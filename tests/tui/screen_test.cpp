#include "tui/screen.h"

#include <gtest/gtest.h>

#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

TEST(Screen, TextIsClippedToItsRoomAndToTheScreen) {
  Screen screen(6, 1);
  EXPECT_EQ(screen.put(0, 0, "abcdef", kPlain, 3), 3);
  EXPECT_EQ(screen.put(4, 0, "xyz", kPlain, 10), 2);
  EXPECT_EQ(screen.row_text(0), "abc xy");
  EXPECT_EQ(screen.put(0, 1, "below", kPlain, 5), 0);
  EXPECT_EQ(screen.put(-1, 0, "left", kPlain, 5), 0);
}

TEST(Screen, AWideCharacterAcrossAnEdgeBecomesABlank) {
  Screen screen(5, 1);
  screen.put(0, 0, "ab日本", kPlain, 5);
  EXPECT_EQ(screen.row_text(0), "ab日");
  EXPECT_EQ(columns_of(screen.row_text(0) + "."), 5U) << "the last cell is a blank";
}

TEST(Screen, WritingOverHalfOfAWideCharacterBlanksTheOther) {
  Screen screen(4, 1);
  screen.put(0, 0, "日本", kPlain, 4);
  screen.put(1, 0, "x", kPlain, 1);
  EXPECT_EQ(screen.row_text(0), " x本");
  screen.put(2, 0, "y", kPlain, 1);
  EXPECT_EQ(screen.row_text(0), " xy");
}

TEST(Screen, MarksJoinTheCharacterBeforeUpToALimit) {
  Screen screen(3, 1);
  EXPECT_EQ(screen.put(0, 0, "e\u0301\u0302\u0303\u0304x", kPlain, 3), 2);
  EXPECT_EQ(screen.row_text(0), "e\u0301\u0302\u0303x");
  EXPECT_EQ(screen.put(0, 0, "\u0301", kPlain, 3), 0) << "a mark with nothing before it";
}

TEST(Screen, ABoxNeedsRoomForTwoEdges) {
  Screen screen(4, 3);
  screen.box({0, 0, 1, 3}, kPlain);
  EXPECT_EQ(screen.text(), "\n\n\n");
  screen.box({0, 0, 4, 3}, kPlain);
  EXPECT_EQ(screen.text(), "┌──┐\n│  │\n└──┘\n");
}

}  // namespace
}  // namespace sentinel::tui
