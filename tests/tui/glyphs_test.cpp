#include "tui/glyphs.h"

#include <gtest/gtest.h>

namespace sentinel::tui {
namespace {

// What a terminal is given for a text.
std::string shown(std::string_view text) {
  std::string out;
  GlyphReader reader(text);
  for (Glyph glyph; reader.next(glyph);) append_utf8(out, glyph.code);
  return out;
}

TEST(Glyphs, ControlCharactersBecomeQuestionMarks) {
  EXPECT_EQ(shown("a\x1b[31mb\tc\nd\x7f"
                  "e"),
            "a?[31mb?c?d?e");
  EXPECT_EQ(shown("a\xC2\x9B"
                  "31m"),
            "a?31m")
      << "the eight-bit control sequence introducer";
}

TEST(Glyphs, CharactersThatHideOrReorderTextAreLeftOut) {
  for (const char* text : {"ab\u202Ecd", "a\u200Bbcd", "abc\uFEFFd", "ab\u2066cd", "abc\u00ADd", "abc\u3164d", "abcd\uFE0F"}) {
    EXPECT_EQ(shown(text), "abcd");
  }
  EXPECT_EQ(shown("x\U000E0041y"), "xy") << "tag characters";
}

TEST(Glyphs, LineSeparatorsAndBytesThatAreNoTextAreReplaced) {
  EXPECT_EQ(shown("a\u2028b"), "a\uFFFDb");
  EXPECT_EQ(shown("a\xFF"
                  "b"),
            "a\uFFFDb");
  EXPECT_EQ(shown("a\xE2\x82"), "a\uFFFD\uFFFD") << "cut in the middle of a character";
  EXPECT_EQ(shown("\xC0\xAF"), "\uFFFD\uFFFD") << "an overlong slash";
  EXPECT_EQ(shown("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "half of a surrogate pair";
}

TEST(Glyphs, ColumnsFollowTheCharactersShown) {
  EXPECT_EQ(columns_of("plain"), 5U);
  EXPECT_EQ(columns_of("é\u0301"), 1U) << "a combining mark takes none";
  EXPECT_EQ(columns_of("日本"), 4U);
  EXPECT_EQ(columns_of("😀"), 2U);
  EXPECT_EQ(columns_of("±→µ₂"), 4U);
  EXPECT_EQ(columns_of("\x1b"), 1U);
}

TEST(Glyphs, EachEncodedLengthComesBackAsItWas) {
  for (const char* text : {"\x20", "~", "\u00A1", "\u07FF", "\u0800", "\uFFFD", "\U00010000", "\U0001F600"})
    EXPECT_EQ(shown(text), text);
}

TEST(Fit, CutsAtTheRoomAndSaysSo) {
  EXPECT_EQ(fit("abcd", 4), "abcd");
  EXPECT_EQ(fit("abcde", 4), "abc…");
  EXPECT_EQ(fit("日本語", 5), "日本…");
  EXPECT_EQ(fit("日本語", 4), "日…") << "a wide character is never halved";
  EXPECT_EQ(fit("ab", 1), "…");
  EXPECT_EQ(fit("ab", 0), "");
}

}  // namespace
}  // namespace sentinel::tui
