#include "net/pace.h"

#include <gtest/gtest.h>

namespace sentinel::net {
namespace {

using std::chrono::microseconds;

// A loop's pace after wakings for so many events each, all of them soon after one another.
void wake(Pace& pace, int events, unsigned times = 1, microseconds since = microseconds(50)) {
  for (unsigned i = 0; i < times; ++i) pace.woken(events, since);
}

// Wakings for single events until the loop pauses.
unsigned turns_until_pause(Pace& pace) {
  unsigned turns = 0;
  for (; !pace.pauses() && turns < 10'000; ++turns) wake(pace, 1);
  return turns;
}

TEST(Pace, PausesAfterFourWakingsForLittleInARow) {
  Pace pace;
  EXPECT_FALSE(pace.pauses());
  wake(pace, Pace::kFew, Pace::kRushedTurns - 1);
  EXPECT_FALSE(pace.pauses());
  wake(pace, Pace::kFew);
  EXPECT_TRUE(pace.pauses());
}

TEST(Pace, DoesNotPauseBetweenWakingsThatAreFarApart) {
  Pace pace;
  wake(pace, 1, 3);
  wake(pace, 1, 1, Pace::kSoon);
  EXPECT_FALSE(pace.pauses());
  wake(pace, 1, 3);
  EXPECT_FALSE(pace.pauses());
  wake(pace, 1, 1, Pace::kSoon - microseconds(1));
  EXPECT_TRUE(pace.pauses());
}

TEST(Pace, DoesNotPauseWhereWorkComesTogetherByItself) {
  Pace pace;
  for (int i = 0; i < 100; ++i) {
    wake(pace, 1, Pace::kRushedTurns - 1);
    wake(pace, Pace::kFew + 1);
    ASSERT_FALSE(pace.pauses());
  }
}

TEST(Pace, GoesOnPausingWhileThatBringsMoreAndNotTooMuch) {
  Pace pace;
  turns_until_pause(pace);
  wake(pace, Pace::kFew + 1, 100);
  EXPECT_TRUE(pace.pauses());
  wake(pace, Pace::kEnough);
  EXPECT_TRUE(pace.pauses());
  wake(pace, Pace::kEnough + 1);
  EXPECT_FALSE(pace.pauses());
  wake(pace, 1);  // no longer enough by itself
  EXPECT_TRUE(pace.pauses());
}

TEST(Pace, TriesHalfAsOftenAfterEachPauseThatBroughtNothing) {
  Pace pace;
  for (unsigned expected = Pace::kRushedTurns; expected < Pace::kMostRushedTurns; expected *= 2) {
    EXPECT_EQ(turns_until_pause(pace), expected);
    wake(pace, Pace::kFew);
    EXPECT_FALSE(pace.pauses());
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(turns_until_pause(pace), Pace::kMostRushedTurns);
    wake(pace, 1);
  }
}

TEST(Pace, TriesAgainSoonOnceWorkHasComeTogether) {
  Pace pace;
  for (int i = 0; i < 6; ++i) {
    turns_until_pause(pace);
    wake(pace, 1);
  }
  wake(pace, Pace::kFew + 1);
  EXPECT_FALSE(pace.pauses());
  EXPECT_EQ(turns_until_pause(pace), Pace::kRushedTurns);
}

}  // namespace
}  // namespace sentinel::net
