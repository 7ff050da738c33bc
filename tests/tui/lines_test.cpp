#include "tui/lines.h"

#include <gtest/gtest.h>

namespace sentinel::tui {
namespace {

// The folded lines joined by "/".
std::string folded(const Line& line, int width) {
  std::string out;
  for (const Line& row : fold(Lines{line}, width)) out += (out.empty() ? "" : "/") + text_of(row);
  return out;
}

TEST(Fold, BreaksAtBlanksAndDropsThem) {
  EXPECT_EQ(folded(Line("one two three"), 7), "one two/three");
  EXPECT_EQ(folded(Line("one two three"), 8), "one two/three");
  EXPECT_EQ(folded(Line("one two three"), 13), "one two three");
  EXPECT_EQ(folded(Line("one two three"), 12), "one two/three");
}

TEST(Fold, AWordLongerThanALineIsCut) {
  EXPECT_EQ(folded(Line("abcdefgh"), 3), "abc/def/gh");
  EXPECT_EQ(folded(Line("ab cdefgh"), 3), "ab/cde/fgh");
}

TEST(Fold, AnIndentIsNoPlaceToBreakAt) { EXPECT_EQ(folded(Line("    abcdef"), 7), "    abc/def"); }

TEST(Fold, ContinuationsBeginWithWhatTheLineSays) {
  Line line("├─ one two three");
  line.continue_with("│  ");
  EXPECT_EQ(folded(line, 10), "├─ one two/│  three");
  EXPECT_EQ(folded(line, 5), "├─/one/two/three") << "an indent that leaves no room is given up";
}

TEST(Fold, WideCharactersAreNotHalved) { EXPECT_EQ(folded(Line("日本語"), 5), "日本/語"); }

TEST(Fold, AnEmptyLineStaysALine) { EXPECT_EQ(fold(Lines{Line()}, 10).size(), 1U); }

TEST(Fold, EveryWidthKeepsAllText) {
  const Line line("a bb ccc dddd eeeee");
  for (int width = 1; width < 25; ++width) {
    std::string kept;
    for (const Line& row : fold(Lines{line}, width)) {
      for (const char c : text_of(row)) kept += c == ' ' ? "" : std::string(1, c);
    }
    EXPECT_EQ(kept, "abbcccddddeeeee") << width;
  }
}

TEST(Labelled, ValuesStandInOneColumnAndFoldUnderTheirBeginning) {
  EXPECT_EQ(folded(labelled("Service", 10, "cart"), 40), "Service:  cart");
  EXPECT_EQ(folded(labelled("A label that is long", 10, "x"), 40), "A label that is long: x");
  EXPECT_EQ(folded(labelled("Advice", 10, "do this and that"), 20), "Advice:   do this/          and that");
}

}  // namespace
}  // namespace sentinel::tui
