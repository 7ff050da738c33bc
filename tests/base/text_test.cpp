#include "base/text.h"

#include <gtest/gtest.h>

#include <string>

#include "base/vectors.h"

namespace sentinel::base {
namespace {

using namespace std::string_literals;

TEST(Utf8, AcceptsWhatUnicodeTable37AllowsAndNothingElse) {
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8("plain"));
  for (const char* good : {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_valid_utf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2g", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82",
                          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x28\xA1"}) {
    EXPECT_FALSE(is_valid_utf8(bad)) << bad;
  }
}

TEST(Utf8, FindsABadByteAtEveryPositionOfEveryLength) {
  for (std::size_t size = 1; size <= 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      text[at] = '\xFF';
      ASSERT_FALSE(is_valid_utf8(text)) << size << ' ' << at;
      text[at] = 'b';
      if (at + 1 < size) text.replace(at, 2, "é");
      ASSERT_TRUE(is_valid_utf8(text)) << size << ' ' << at;
    }
  }
}

TEST(Utf8, TruncatesAtTheLastBoundaryWithinTheLimit) {
  EXPECT_EQ(truncate_utf8("abc", 3), "abc");
  EXPECT_EQ(truncate_utf8("abcd", 3), "abc");
  EXPECT_EQ(truncate_utf8("aé", 3), "aé");
  EXPECT_EQ(truncate_utf8("aé", 2), "a");
  EXPECT_EQ(truncate_utf8("😀", 3), "");
  EXPECT_EQ(truncate_utf8("x😀", 4), "x");
  EXPECT_EQ(truncate_utf8("x😀y", 5), "x😀");
  EXPECT_EQ(truncate_utf8("abc", 0), "");
}

TEST(Trim, RemovesUnicodeWhiteSpaceAtBothEnds) {
  EXPECT_EQ(trim(" \t\n\v\f\r\u0085\u00A0\u1680\u2000\u200A\u2028\u2029\u202F\u205F\u3000x y\u3000 "), "x y");
  EXPECT_EQ(trim("\u200Bx"), "\u200Bx") << "zero width space is no white space";
  EXPECT_EQ(trim("é "), "é");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim("\x80 \x80"), "\x80 \x80") << "stray bytes stay";
  EXPECT_EQ(trim_left(" x "), "x ");
  EXPECT_TRUE(is_blank(" \u2003"));
  EXPECT_FALSE(is_blank(" .") || is_blank("\u200B"));
}

TEST(Case, IgnoresAsciiCaseOnly) {
  EXPECT_EQ(ascii_lower("SeLeCT É"), "select É");
  EXPECT_TRUE(equals_ignoring_case("Host", "hOST"));
  EXPECT_FALSE(equals_ignoring_case("É", "é"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
  EXPECT_TRUE(contains_ignoring_case("com.Example.JPA.repo", "jpa"));
  EXPECT_TRUE(contains_ignoring_case("x", ""));
  EXPECT_FALSE(contains_ignoring_case("jp", "jpa"));
}

TEST(Controls, AreFoundAtEveryPositionOfEveryLength) {
  for (std::size_t size = 1; size <= 70; ++size) {
    std::string text(size, 'a');
    ASSERT_FALSE(has_control(text));
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'\0', '\x1F', '\x7F'}) {
        text[at] = c;
        ASSERT_TRUE(has_control(text)) << size << ' ' << at;
      }
      text[at] = 'a';
      if (at + 1 == size) continue;
      std::string wide = text;
      wide.replace(at, 2, "\xC2\x80");
      ASSERT_TRUE(has_control(wide)) << size << ' ' << at;
      wide.replace(at, 2, "\xC2\xA0");
      ASSERT_FALSE(has_control(wide)) << size << ' ' << at;
    }
  }
}

TEST(Controls, StopAtTheirBounds) {
  EXPECT_FALSE(has_control(""));
  EXPECT_FALSE(has_control(" ~"));
  EXPECT_FALSE(has_control("ÿ\u0100\u2028"));
  EXPECT_TRUE(has_control("\u0080"));
  EXPECT_TRUE(has_control("\u009F"));
  EXPECT_FALSE(has_control("\u00A0"));
}

TEST(Terminal, MatchesTheRecordedVectors) {
  const auto vectors = testing_vectors("text_vectors.json");
  ASSERT_FALSE(vectors["for_terminal"].empty());
  for (const auto& v : vectors["for_terminal"]) {
    EXPECT_EQ(for_terminal(v["input"].get<std::string>()), v["output"].get<std::string>()) << v.dump();
  }
  for (const auto& v : vectors["safe_url"]) {
    EXPECT_EQ(is_safe_url(v["input"].get<std::string>()), v["accepted"].get<bool>()) << v.dump();
  }
}

TEST(Terminal, StripsInvisibleCharactersButKeepsControlsOnRequest) {
  EXPECT_EQ(strip_invisible("a\u202Eb\nc\u2065"), "ab\nc\u2065");
  EXPECT_EQ(strip_code_ticks("use `IN` here``"), "use IN here");
}

TEST(RegionId, HoldsOneTo64PlainBytes) {
  EXPECT_TRUE(is_region_id("eu-west_3A"));
  EXPECT_TRUE(is_region_id(std::string(64, 'a')));
  EXPECT_FALSE(is_region_id(std::string(65, 'a')));
  EXPECT_FALSE(is_region_id(""));
  EXPECT_FALSE(is_region_id("eu west"));
  EXPECT_FALSE(is_region_id("é"));
}

}  // namespace
}  // namespace sentinel::base
