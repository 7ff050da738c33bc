// Critical path and corrected times of traces as pictures (docs/impact.md). Each test has its calculation beside it.
#include "analysis/impact/span_graph.h"

#include <gtest/gtest.h>

#include "analysis/impact/graph_words.h"

namespace sentinel::analysis {
namespace {

using testing::Picture;

TEST(SpanGraph, SerialChildrenAreAllOnTheCriticalPath) {
  // root |----------------------------------------| 0-100
  //        a |------| 10-40      b |--------| 50-90
  const Picture p("root 0-100  a<root 10-40  b<root 50-90");
  EXPECT_EQ(p.trace(), 100U);
  EXPECT_EQ(p.path(), "root a b");
  EXPECT_EQ(p.critical("a"), 30U);
  EXPECT_EQ(p.critical("a b"), 70U);
}

TEST(SpanGraph, OfParallelChildrenOnlyTheLastToFinishIsOnThePath) {
  // root |------------------------------| 0-100
  //        a |------------| 10-60
  //        b |--------------------| 10-90
  const Picture p("root 0-100  a<root 10-60  b<root 10-90");
  EXPECT_EQ(p.path(), "root b");
  EXPECT_EQ(p.critical("a"), 0U);
  EXPECT_EQ(p.critical("b"), 80U);
}

TEST(SpanGraph, ThePathGoesDownIntoTheChildrenOfItsSpans) {
  // root |------------------------------------------| 0-100
  //        a |------------------| 10-60    b |----| 70-90
  //            c |--| 20-30  d |----| 40-55
  //        e |----| 10-50     f |-| 42-45 (below e, which is overlapped by a)
  const Picture p("root 0-100  a<root 10-60  b<root 70-90  c<a 20-30  d<a 40-55  e<root 10-50  f<e 42-45");
  EXPECT_EQ(p.path(), "root a b c d");
  EXPECT_EQ(p.critical("c d"), 25U);
  EXPECT_EQ(p.critical("e f"), 0U);
}

TEST(SpanGraph, TimeInsideASpanAndInsideOneBelowItCountsOnce) {
  // a 10-60 with d 40-55 below it: 50, not 65
  const Picture p("root 0-100  a<root 10-60  d<a 40-55");
  EXPECT_EQ(p.critical("a d"), 50U);
  EXPECT_EQ(p.critical("d a"), 50U);
}

TEST(SpanGraph, ASiblingThatOverlapsTheNextOneIsLeftOut) {
  // a 0-50, b 40-100: before b began, at 40, no sibling had ended
  const Picture p("root 0-100  a<root 0-50  b<root 40-100");
  EXPECT_EQ(p.path(), "root b");
}

TEST(SpanGraph, OfSpansThatEndTogetherTheLongestIsOnThePath) {
  const Picture p("root 0-100  a<root 30-80  b<root 10-80  c<root 80-80");
  EXPECT_EQ(p.path(), "root b");
  EXPECT_EQ(p.critical("b"), 70U);
}

TEST(SpanGraph, SpansWithoutTheirParentHangFromTheTrace) {
  // two roots with a pause: the trace lasts from the first start to the last end
  // a |-----| 0-40    b |-----| 60-100
  const Picture p("a 0-40  b 60-100");
  EXPECT_EQ(p.trace(), 100U);
  EXPECT_EQ(p.path(), "a b");
}

TEST(SpanGraph, AChildThatOutlivesItsParentByMoreThanTheClockGrainIsDetached) {
  // root 0-5000; job starts inside and ends 1001 us after it, report 1000 us after it
  const Picture p("root 0-5000  job<root 4000-6001  sql<job 4100-4900  report<root 3000-6000");
  EXPECT_EQ(p.trace(), 5000U);
  EXPECT_EQ(p.times("job"), "4000-6001 detached");
  EXPECT_EQ(p.times("sql"), "4100-4900 detached");
  EXPECT_EQ(p.times("report"), "3000-5000");
  EXPECT_EQ(p.path(), "root report");
  EXPECT_EQ(p.critical("job sql"), 0U);
}

TEST(SpanGraph, AChildOfAnotherServiceThatSticksOutIsMovedInsideByTheLeastAmount) {
  // call 1000-2000; the callee's clock is 400 us ahead: 1500-2400 becomes 1100-2000, and its query moves with it
  const Picture ahead("root 0-9000  call<root 1000-2000  serve<call@b 1500-2400  sql<serve@b 1600-2300");
  EXPECT_EQ(ahead.times("serve"), "1100-2000");
  EXPECT_EQ(ahead.times("sql"), "1200-1900");
  EXPECT_EQ(ahead.path(), "root call serve sql");
  // and behind: 300-900 becomes 1000-1600
  const Picture behind("root 0-9000  call<root 1000-2000  serve<call@b 300-900");
  EXPECT_EQ(behind.times("serve"), "1000-1600");
  // a second ahead, wholly outside
  const Picture far("root 0-9000  call<root 1000-2000  serve<call@b 1001000-1001700");
  EXPECT_EQ(far.times("serve"), "1300-2000");
}

TEST(SpanGraph, AChildOfAnotherServiceThatIsLongerThanItsParentWasNotWaitedFor) {
  const Picture p("root 0-9000  call<root 1000-2000  serve<call@b 1200-4000");
  EXPECT_EQ(p.times("serve"), "1200-4000 detached");
}

TEST(SpanGraph, AConsumerIsNeverMoved) {
  const Picture p("root 0-9000  send<root 1000-2000  !handle<send@b 5000-5500");
  EXPECT_EQ(p.times("handle"), "5000-5500 detached");
}

TEST(SpanGraph, AChildOfTheSameServiceThatStartsEarlyIsCut) {
  const Picture p("first 0-10  root 1000-9000  a<root 900-2000");
  EXPECT_EQ(p.times("a"), "1000-2000");
}

TEST(SpanGraph, OneMicrosecondTooMuchIsRounding) {
  const Picture p("root 0-100  a<root@b 50-101");
  EXPECT_EQ(p.times("a"), "50-100");
}

TEST(SpanGraph, SpansOfUnknownStartTakeNoPart) {
  const Picture p("root 0-100  x<root ?  y<x 10-20");
  EXPECT_EQ(p.trace(), 100U);
  EXPECT_EQ(p.times("x"), "0-0 detached");
  EXPECT_EQ(p.times("y"), "10-20");  // hangs from the trace
}

TEST(SpanGraph, ACircleIsOpenedAtItsFirstSpan) {
  const Picture p("a<b 0-100  b<a 10-90  self<self 100-120");
  EXPECT_EQ(p.trace(), 120U);
  EXPECT_EQ(p.graph().parent(0), p.graph().root());
  EXPECT_EQ(p.graph().parent(1), 0U);
  EXPECT_EQ(p.graph().parent(2), p.graph().root());
}

TEST(SpanGraph, NoSpansNoTime) {
  SpanGraph graph;
  graph.build({});
  EXPECT_EQ(graph.end_to_end_us(), 0U);
}

TEST(SpanGraph, TimesAtTheEndOfTheirRangeDoNotOverflow) {
  SpanGraph graph;
  const std::vector<GraphSpan> spans = {{.start_us = 0, .duration_us = UINT64_MAX},
                                        {.start_us = UINT64_MAX, .duration_us = UINT64_MAX, .parent = 0, .service = 1},
                                        {.start_us = UINT64_MAX, .duration_us = 1}};
  graph.build(spans);
  EXPECT_EQ(graph.end_to_end_us(), (std::uint64_t{1} << 60) + 1);
}

}  // namespace
}  // namespace sentinel::analysis
