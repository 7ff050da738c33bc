// Event loops: order, threads and timers.
#include "net/loop.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/echo.h"

namespace sentinel::net::testing {
namespace {

using std::chrono::milliseconds;

// Waits until everything given to the loop so far has run.
void settle(Loop& loop) {
  std::promise<void> reached;
  loop.post([&] { reached.set_value(); });
  ASSERT_EQ(reached.get_future().wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST(Loop, RunsPostedWorkInOrderOnItsOwnThread) {
  LoopThreads loops(2);
  std::string order;
  bool own = true;
  for (char c = 'a'; c <= 'e'; ++c)
    loops[1].post([&, c] {
      order += c;
      own = own && loops[1].is_current() && !loops[0].is_current();
    });
  ASSERT_TRUE(loops.start());
  settle(loops[1]);
  EXPECT_EQ(order, "abcde");
  EXPECT_TRUE(own);
  EXPECT_FALSE(loops[1].is_current());
}

TEST(Loop, WorkPostedByWorkRunsAfterwards) {
  LoopThreads loops(1);
  ASSERT_TRUE(loops.start());
  std::string order;
  loops[0].post([&] {
    loops[0].post([&] { order += 'b'; });
    order += 'a';
  });
  settle(loops[0]);
  settle(loops[0]);
  EXPECT_EQ(order, "ab");
}

TEST(Loop, TakesWorkFromManyThreads) {
  LoopThreads loops(1);
  ASSERT_TRUE(loops.start());
  int sum = 0;  // the loop's thread only
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) loops[0].post([&] { ++sum; });
    });
  for (std::thread& thread : threads) thread.join();
  settle(loops[0]);
  EXPECT_EQ(sum, 4000);
}

// How often the calling thread has let go of the processor of its own accord.
long rests() {
  rusage used{};
  getrusage(RUSAGE_THREAD, &used);
  return used.ru_nvcsw;
}

// Work that is there again as soon as it is done, so that its loop never has to wait; ends after so many rests or turns.
struct Errand {
  Loop& loop;
  const long wanted_rests;
  const int most_turns;
  long begin = 0;
  long rested = 0;
  int turns = 0;
  std::promise<void> done{};

  void run() {
    if (turns == 0) begin = rests();
    rested = rests() - begin;
    if (rested >= wanted_rests || ++turns >= most_turns) return done.set_value();
    loop.post([this] { run(); });
  }
};

TEST(Loop, RestsWhenWorkComesPieceByPieceLessAndLessOften) {
  LoopThreads loops(1);
  ASSERT_TRUE(loops.start());
  // Four quick turns make a rest, then eight, and so on: 508 make the seventh. A machine that is busy elsewhere does not make
  // all of so many turns slow ones.
  Errand errand{loops[0], 7, 200'000};
  loops[0].post([&] { errand.run(); });
  ASSERT_EQ(errand.done.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_GE(errand.rested, 7);
  EXPECT_GE(errand.turns, 508 / 4);
}

TEST(Loop, TimersRunInTheOrderOfTheirTimes) {
  LoopThreads loops(1);
  ASSERT_TRUE(loops.start());
  std::string order;
  loops[0].after(milliseconds(60), [&] { order += 'c'; });
  loops[0].after(milliseconds(20), [&] { order += 'a'; });
  loops[0].after(milliseconds(40), [&] { order += 'b'; });
  std::this_thread::sleep_for(milliseconds(120));
  settle(loops[0]);
  EXPECT_EQ(order, "abc");
}

TEST(Loop, ARepeatedTimerRunsUntilItCancelsItself) {
  LoopThreads loops(1);
  ASSERT_TRUE(loops.start());
  std::atomic<int> runs{0};
  TimerId id = 0;
  loops[0].post([&] {
    id = loops[0].every(milliseconds(5), [&] {
      if (++runs == 3) loops[0].cancel(id);
    });
  });
  EXPECT_TRUE(eventually([&] { return runs == 3; }));
  std::this_thread::sleep_for(milliseconds(50));
  settle(loops[0]);
  EXPECT_EQ(runs, 3);
}

TEST(Loop, ACancelledTimerDoesNotRunWhoeverCancels) {
  LoopThreads loops(1);
  ASSERT_TRUE(loops.start());
  std::atomic<int> runs{0};
  const TimerId from_outside = loops[0].after(milliseconds(50), [&] { ++runs; });
  loops[0].cancel(from_outside);
  loops[0].post([&] { loops[0].cancel(loops[0].after(milliseconds(1), [&] { ++runs; })); });
  std::this_thread::sleep_for(milliseconds(100));
  settle(loops[0]);
  EXPECT_EQ(runs, 0);
}

TEST(Loop, StopDropsWhatWaitsAndWhatComesLater) {
  const auto token = std::make_shared<int>(0);
  std::atomic<int> runs{0};
  LoopThreads loops(1);
  ASSERT_TRUE(loops.start());
  loops[0].after(std::chrono::hours(1), [&, token] { ++runs; });
  settle(loops[0]);
  loops.stop();
  loops[0].post([&, token] { ++runs; });
  EXPECT_EQ(token.use_count(), 1);
  EXPECT_EQ(runs, 0);
  EXPECT_FALSE(loops.running());
}

}  // namespace
}  // namespace sentinel::net::testing
