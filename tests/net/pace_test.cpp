// When a loop pauses to let work come together, in turns of so many events and microseconds.
#include "net/pace.h"

#include <gtest/gtest.h>

namespace sentinel::net::testing {
namespace {

using std::chrono::microseconds;

// A loop whose turns are told: how many events each had and how long after the one before it came.
struct Turns {
  Pace pace;
  Pace::Time now{std::chrono::hours(1)};

  // Whether a pause is due after the last of them.
  bool after(unsigned turns, int events, microseconds gap) {
    for (unsigned i = 0; i < turns; ++i) pace.note(events, now += gap);
    return pace.rushed();
  }
};

constexpr microseconds kQuick{10};

Turns rushed() {
  Turns turns;
  turns.after(1, 1, microseconds(1'000'000));
  EXPECT_TRUE(turns.after(16, 1, kQuick));
  return turns;
}

TEST(Pace, SixteenQuickTurnsInARowMakeAPauseDue) {
  Turns turns;
  EXPECT_FALSE(turns.after(1, 1, microseconds(1'000'000)));
  EXPECT_FALSE(turns.after(15, 1, kQuick));
  EXPECT_TRUE(turns.after(1, 1, kQuick));
}

TEST(Pace, ATurnIsQuickBelowAHundredMicroseconds) {
  EXPECT_TRUE(Turns().after(17, 1, microseconds(99)));
  EXPECT_FALSE(Turns().after(1'000, 1, microseconds(100)));
  EXPECT_FALSE(Turns().after(1'000, 1, microseconds(101)));
}

TEST(Pace, TurnsOfMoreThanTwoEventsAreWorthTheirWaking) {
  EXPECT_TRUE(Turns().after(17, 1, kQuick));
  EXPECT_TRUE(Turns().after(17, 2, kQuick));
  EXPECT_FALSE(Turns().after(1'000, 3, kQuick));
}

TEST(Pace, OneSlowOrFullTurnBeginsTheCountAnew) {
  for (const auto& [events, gap] : {std::pair{1, microseconds(100)}, std::pair{3, kQuick}}) {
    Turns turns;
    EXPECT_FALSE(turns.after(16, 1, kQuick));
    EXPECT_FALSE(turns.after(1, events, gap));
    EXPECT_FALSE(turns.after(15, 1, kQuick));
    EXPECT_TRUE(turns.after(1, 1, kQuick));
  }
}

TEST(Pace, PausesGoOnAsLongAsEachBringsMore) {
  Turns turns = rushed();
  EXPECT_TRUE(turns.after(1'000, 2, microseconds(60)));
  EXPECT_TRUE(turns.after(1'000, 64, microseconds(60)));
  EXPECT_TRUE(turns.after(1'000, 2, microseconds(5'000)));
  EXPECT_FALSE(turns.after(1, 1, kQuick));
}

TEST(Pace, APauseThatBringsNothingMoreIsTheLastUntilTheLoopIsRushedAgain) {
  for (const int brought : {0, 1}) {
    Turns turns = rushed();
    EXPECT_FALSE(turns.after(1, brought, kQuick));
    EXPECT_FALSE(turns.after(15, 1, kQuick));
    EXPECT_TRUE(turns.after(1, 1, kQuick));
  }
}

}  // namespace
}  // namespace sentinel::net::testing
