// Predictions of the replay on traces as pictures, against the calculation by hand that stands in each test (docs/impact.md).
// Times in microseconds.
#include "analysis/impact/what_if.h"

#include <gtest/gtest.h>

#include <random>

#include "analysis/impact/graph_words.h"

namespace sentinel::analysis {
namespace {

using testing::Picture;

TEST(WhatIf, SerialTheTimeSavedMovesWhatFollows) {
  // root |----------------------------------| 0-100     own work: 10 before a, 10 between, 10 after b
  //        a |------| 10-40   b |--------| 50-90
  // a = 5:   10-15, b 25-65, root ends 75
  Picture p("root 0-100  a<root 10-40  b<root 50-90");
  EXPECT_EQ(p.with(""), 100U);
  EXPECT_EQ(p.with("a=5"), 75U);
  EXPECT_EQ(p.with("a=0 b=0"), 30U);  // the own work that is left
  EXPECT_EQ(p.with("a=60"), 130U);
}

TEST(WhatIf, ParallelOnlyTheLongerOneCounts) {
  // root |------------------------| 0-100
  //        a |--------| 10-60
  //        b |--------------| 10-90
  // b = 0: a decides, 60 + 10 = 70;  a = 0: nothing saved
  Picture p("root 0-100  a<root 10-60  b<root 10-90");
  EXPECT_EQ(p.with("b=0"), 70U);
  EXPECT_EQ(p.with("a=0"), 100U);
  EXPECT_EQ(p.with("a=0 b=0"), 20U);
}

TEST(WhatIf, NestedTheSavingGoesUpThroughAllLevels) {
  // root |------------------------------------| 0-200
  //        a |--------------------------| 20-180
  //            b |----------------| 40-160
  //                c |--------| 60-140
  // c = 10: b 40-90, a 20-110, root 0-130
  Picture p("root 0-200  a<root 20-180  b<a 40-160  c<b 60-140");
  EXPECT_EQ(p.with("c=10"), 130U);
  EXPECT_EQ(p.with("b=0"), 80U);
}

TEST(WhatIf, OverlappingSiblingsDoNotPushEachOther) {
  // root |------------------------------| 0-100
  //      a |----------| 0-50
  //           b |---------------| 40-100
  // a = 10: b did not wait for it and stays at 40; b = 20: 40-60, then nothing after it: root ends with b
  Picture p("root 0-100  a<root 0-50  b<root 40-100");
  EXPECT_EQ(p.with("a=10"), 100U);
  EXPECT_EQ(p.with("b=20"), 60U);
  EXPECT_EQ(p.with("b=5"), 50U);  // now a ends last
}

TEST(WhatIf, ASpanWaitsForAllThatHadEndedBeforeIt) {
  // a |--------| 0-50
  // b |-------| 0-48
  //             c |----| 55-80     5 after a
  // a = 10: c waits for b still: 48 + 5 = 53, ends 78
  Picture p("root 0-80  a<root 0-50  b<root 0-48  c<root 55-80");
  EXPECT_EQ(p.with("a=10"), 78U);
  EXPECT_EQ(p.with("a=10 b=20"), 50U);
}

TEST(WhatIf, DetachedWorkChangesNothing) {
  // root 0-5000; job 1000-9000 is not waited for
  Picture p("root 0-5000  a<root 100-400  job<root 1000-9000  sql<job 2000-8000");
  EXPECT_EQ(p.with("job=0"), 5000U);
  EXPECT_EQ(p.with("sql=0"), 5000U);
  EXPECT_EQ(p.with("a=0 sql=0"), 4700U);
}

TEST(WhatIf, ASkewedCalleeIsReplayedWhereItBelongs) {
  // call 1000-2000, serve@b recorded 1500-2400 -> 1100-2000, its sql 1600-2300 -> 1200-1900; root ends 4000 after call
  // sql = 100: 1200-1300, serve 1100-1400, call 1000-1400, root 0-3400
  Picture p("root 0-4000  call<root 1000-2000  serve<call@b 1500-2400  sql<serve@b 1600-2300");
  EXPECT_EQ(p.with("sql=100"), 3400U);
}

TEST(WhatIf, RedundantCallsVanishButTheWorkAroundThemStays) {
  // root |------------------------------------------------| 0-110
  //       q1 |----| 10-30   q2 |----| 40-60   q3 |----| 70-90     own work 10, 10, 10, 20
  // q2 = q3 = 0: 10 + 20 + 10 + 0 + 10 + 0 + 20 = 70
  Picture p("root 0-110  q1<root 10-30  q2<root 40-60  q3<root 70-90");
  EXPECT_EQ(p.with("q2=0 q3=0"), 70U);
}

TEST(WhatIf, NPlusOneOnThePathIsBatchedIntoItsLongestCall) {
  // root |------------------------------------------------------| 0-130
  //  list |--| 10-20   i1 |--| 30-45  i2 |--| 50-62  i3 |--| 67-90   end |-| 100-120
  // one call as long as i3 (23) at i1's place: 30-53; gaps 5, 5 (own work of the loop) stay: 63; then 10, end 73-93, 10: 103
  Picture p("root 0-130  list<root 10-20  i1<root 30-45  i2<root 50-62  i3<root 67-90  end<root 100-120");
  EXPECT_EQ(p.with("i1=23 i2=0 i3=0"), 103U);
}

TEST(WhatIf, NPlusOneOffThePathSavesNothing) {
  // i1..i3 run beside report 10-190, which decides
  Picture p("root 0-200  report<root 10-190  w<root 10-100  i1<w 20-40  i2<w 45-65  i3<w 70-90");
  EXPECT_EQ(p.critical("i1 i2 i3"), 0U);
  EXPECT_EQ(p.with("i1=20 i2=0 i3=0"), 200U);
}

TEST(WhatIf, NPlusOnePartlyOverlappedSavesWhatTheOtherCallLeaves) {
  // root |--------------------------------------------| 0-100
  //        i1 |----| 10-30  i2 |----| 35-55  i3 |----| 60-80
  //        other |------------------| 10-60
  //                                              end |--| 85-95
  // batched: i1 10-30, then two gaps of 5: i2 at 35, i3: 5 after i2 and after `other`, which ended as i3 began: 60-60
  // end waits 5 after that: 65-75; root 5 later: 80
  Picture p("root 0-100  i1<root 10-30  i2<root 35-55  i3<root 60-80  other<root 10-60  end<root 85-95");
  EXPECT_EQ(p.with("i1=20 i2=0 i3=0"), 80U);
}

TEST(WhatIf, SerialisedCallsInParallelTakeAsLongAsTheLongest) {
  // a |----| 0-40  b |--------| 40-120  c |--| 120-150   without own work between: 80
  Picture p("root 0-150  a<root 0-40  b<root 40-120  c<root 120-150");
  EXPECT_EQ(p.parallel("a b c"), 80U);
}

TEST(WhatIf, OwnWorkBetweenSerialisedCallsStillComesOneAfterTheOther) {
  // root |-------------------------------------------------| 0-360
  //       a |--------| 10-110  b |--------| 115-215  c |--------| 225-325    own work 10, 5, 10, 35
  // a 10-110, b 15-115, c 25-125, then 35: 160
  Picture p("root 0-360  a<root 10-110  b<root 115-215  c<root 225-325");
  EXPECT_EQ(p.parallel("a b c"), 160U);
}

TEST(WhatIf, ParallelCallsStillWaitForOthers) {
  // a |---| 0-10   b |--------| 10-110   c |--| 110-120
  //                q |--| 10-60    not in the chain, begins when a has ended
  // a 0-10; b issued at 0: 0-100; q waits for a: 10-60; c waits for q alone: 60-70; b ends last
  Picture p("root 0-120  a<root 0-10  b<root 10-110  c<root 110-120  q<root 10-60");
  EXPECT_EQ(p.parallel("a b c"), 100U);
}

TEST(WhatIf, ZeroDurationsHoldTheirPlace) {
  // two events at the same instant between a and b, and one at the very end
  // a |---| 10-40   e1 e2 40-40   b |----| 50-90   e3 100-100
  Picture p("root 0-100  a<root 10-40  e1<root 40-40  e2<root 40-40  b<root 50-90  e3<root 100-100");
  EXPECT_EQ(p.with(""), 100U);
  EXPECT_EQ(p.with("a=10"), 80U);
  EXPECT_EQ(p.with("e1=7"), 107U);
  EXPECT_EQ(p.with("b=0"), 60U);
}

TEST(WhatIf, TwoRootsKeepThePauseBetweenThem) {
  // a |-----| 0-40     b |-----| 60-100      a = 10: b 30-70
  Picture p("a 0-40  b 60-100  x<a 10-30");
  EXPECT_EQ(p.with("a=10"), 70U);
  EXPECT_EQ(p.with("x=0"), 80U);
}

TEST(WhatIf, AChangedSpanCoversTheChangesBelowIt) {
  Picture p("root 0-100  a<root 10-90  b<a 20-80");
  EXPECT_EQ(p.with("a=30 b=0"), 50U);
  EXPECT_EQ(p.with("b=0 a=30"), 50U);
}

TEST(WhatIf, WithoutChangesTheReplayGivesTheRecordedTimes) {
  // Random trees; each span set to its own length forces the whole graph to be computed again.
  std::mt19937 random(20251121);
  for (int round = 0; round < 300; ++round) {
    std::vector<GraphSpan> spans = {{.start_us = 1'000'000, .duration_us = 1000}};
    const auto below = [&](std::uint64_t n) { return std::uniform_int_distribution<std::uint64_t>(0, n)(random); };
    while (spans.size() < 40) {
      const auto parent = static_cast<std::uint32_t>(below(spans.size() - 1));
      const std::uint64_t offset = below(spans[parent].duration_us);
      const std::uint64_t length = below(spans[parent].duration_us - offset);
      spans.push_back({.start_us = spans[parent].start_us + offset, .duration_us = length, .parent = parent});
    }
    SpanGraph graph;
    graph.build(spans);
    ASSERT_EQ(graph.end_to_end_us(), 1000U);
    WhatIf what_if(graph);
    what_if.reset();
    for (std::uint32_t i = 0; i < spans.size(); ++i) {
      const WhatIf::Change same{i, graph.length(i)};
      ASSERT_EQ(what_if.end_to_end_us({&same, 1}), 1000U) << "round " << round << ", span " << i;
      // A shorter span never makes the trace longer, and saves at most what it gave up.
      const WhatIf::Change none{i, 0};
      const std::uint64_t without = what_if.end_to_end_us({&none, 1});
      ASSERT_LE(without, 1000U);
      ASSERT_GE(without + static_cast<std::uint64_t>(graph.length(i)), 1000U);
    }
  }
}

TEST(WhatIf, ReplaysPastTheCapAreNotExact) {
  Picture p("root 0-100  a<root 10-40  b<root 50-90");
  p.what_if().limit(4);  // two levels, a move and a cluster of one each
  EXPECT_EQ(p.with("a=5"), 75U);
  EXPECT_FALSE(p.what_if().exhausted());
  (void)p.with("a=5 b=5");
  EXPECT_TRUE(p.what_if().exhausted());
}

}  // namespace
}  // namespace sentinel::analysis
