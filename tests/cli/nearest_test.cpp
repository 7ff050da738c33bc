#include "cli/nearest.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sentinel::cli {
namespace {

constexpr std::array<std::string_view, 4> kWords = {"analyze", "input", "input-format", "ci"};

TEST(Nearest, FindsMisspellings) {
  EXPECT_EQ(nearest("analyse", kWords), "analyze");
  EXPECT_EQ(nearest("anlayze", kWords), "analyze") << "a swap is one step";
  EXPECT_EQ(nearest("ANALYZE", kWords), "analyze");
  EXPECT_EQ(nearest("inputs", kWords), "input");
}

TEST(Nearest, FindsBeginnings) {
  EXPECT_EQ(nearest("inp", kWords), "input");
  EXPECT_EQ(nearest("input-", kWords), "input-format");
}

TEST(Nearest, StopsAtAThirdOfTheLength) {
  EXPECT_EQ(nearest("xnxlyze", kWords), "analyze");
  EXPECT_EQ(nearest("xnxlyxe", kWords), "");
  EXPECT_EQ(nearest("c", kWords), "ci");
  EXPECT_EQ(nearest("xy", kWords), "") << "nothing is left of the word";
  EXPECT_EQ(nearest("", kWords), "");
  EXPECT_EQ(nearest(std::string(65, 'a'), kWords), "");
}

}  // namespace
}  // namespace sentinel::cli
