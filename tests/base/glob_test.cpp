// '*' stands for any run of characters; everything else for itself.
#include "base/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace sentinel::base {
namespace {

TEST(Glob, WithoutAStarTheWholeTextMustBeEqual) {
  EXPECT_TRUE(matches_glob("GET /a", "GET /a"));
  EXPECT_FALSE(matches_glob("GET /a", "GET /ab"));
  EXPECT_FALSE(matches_glob("GET /a", "get /a")) << "case counts";
  EXPECT_TRUE(matches_glob("", ""));
  EXPECT_FALSE(matches_glob("", "a"));
}

TEST(Glob, AStarTakesAnythingAndNothing) {
  for (const char* text : {"", "a", "a/b c"}) EXPECT_TRUE(matches_glob("*", text));
  EXPECT_TRUE(matches_glob("GET *", "GET "));
  EXPECT_TRUE(matches_glob("GET /a/*/c", "GET /a/b/b/c"));
  EXPECT_FALSE(matches_glob("GET /a/*/c", "GET /a/c"));
  EXPECT_TRUE(matches_glob("*b*", "abc"));
  EXPECT_FALSE(matches_glob("*b", "abc"));
  EXPECT_TRUE(matches_glob("**a**", "a"));
  EXPECT_TRUE(matches_glob("a*ab", "aab")) << "the star gives back what it took";
  EXPECT_TRUE(matches_glob("*ab*abc", "ababxabc"));
}

TEST(Glob, EverythingElseIsLiteral) {
  EXPECT_TRUE(matches_glob("SELECT ? [x] {id}", "SELECT ? [x] {id}"));
  EXPECT_FALSE(matches_glob("id = ?", "id = 1"));
}

TEST(Glob, ManyStarsOverALongTextEndSoon) {
  const std::string text(20'000, 'a');
  EXPECT_FALSE(matches_glob("*a*a*a*a*a*a*a*a*a*a*b", text));
}

}  // namespace
}  // namespace sentinel::base
