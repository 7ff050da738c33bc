#include "telemetry/supervised.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>

#include "telemetry/exposition.h"

namespace sentinel::telemetry {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Clock = RestartPolicy::Clock;

TEST(RestartPolicy, waits_twice_as_long_each_time_and_gives_up_after_five_within_ten_minutes) {
  RestartPolicy policy;
  const Clock::time_point begin;
  for (const int wait : {1, 2, 4, 8, 16}) EXPECT_EQ(policy.after_failure(begin + minutes(1)), seconds(wait));
  EXPECT_EQ(policy.after_failure(begin + minutes(2)), std::nullopt);
  EXPECT_EQ(policy.after_failure(begin + minutes(11) - seconds(1)), std::nullopt);
  EXPECT_EQ(policy.after_failure(begin + minutes(11)), seconds(1));  // the others are ten minutes old
}

TEST(RestartPolicy, never_waits_longer_than_a_minute) {
  RestartPolicy policy;
  Clock::time_point at;
  std::chrono::milliseconds longest(0);
  for (int i = 0; i < 20; ++i) {
    at += minutes(3);  // so that there are always some within ten minutes, but never five
    longest = std::max(longest, policy.after_failure(at).value());
  }
  EXPECT_EQ(longest, seconds(60));
}

struct Bench {
  [[nodiscard]] std::string metrics() {
    Snapshot snapshot = registry.snapshot();
    meter.append(snapshot);
    return expose(std::move(snapshot), Exposition::kPlain);
  }
  Registry registry;
  Meter meter{registry, {"test", "1", "", "", ""}};
  Health health;
};

TEST(Supervised, a_loop_that_throws_is_started_again_and_counted) {
  Bench bench;
  std::atomic<int> runs{0};
  Supervised loop("json_socket/main", {&bench.meter, &bench.health});
  loop.start([&] {
    if (++runs == 1) throw std::runtime_error("out of luck");
  });
  const auto until = Clock::now() + seconds(10);
  while (runs < 2 && Clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  loop.stop();
  EXPECT_EQ(runs, 2);
  EXPECT_TRUE(bench.health.down().empty());
  const std::string metrics = bench.metrics();
  EXPECT_NE(metrics.find("perf_sentinel_receiver_errors_total{component_id=\"json_socket/main\",kind=\"panic\"} 1\n"),
            std::string::npos)
      << metrics;
  EXPECT_NE(metrics.find("perf_sentinel_component_restart_count_per_hour{component_id=\"json_socket/main\"} 1\n"),
            std::string::npos)
      << metrics;
}

TEST(Supervised, a_loop_on_its_owners_thread_ends_when_it_may_not_be_restarted) {
  Bench bench;
  Supervised loop("event_loop/ingest", {&bench.meter, &bench.health});
  std::atomic<int> runs{0};
  std::thread owner([&] {
    loop.run_here([&] {
      ++runs;
      throw std::runtime_error("out of luck");
    });
  });
  while (bench.meter.degraded().empty()) std::this_thread::yield();
  EXPECT_EQ(bench.meter.degraded(), std::vector<std::string>{"event_loop/ingest"});
  loop.end_restarts();
  owner.join();
  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(bench.health.down().empty()) << "it was told to end";
}

TEST(Health, names_what_is_down_once) {
  Health health;
  for (const char* id : {"event_loop/ingest", "archive/main", "event_loop/ingest"}) health.add_down(id);
  EXPECT_EQ(health.down(), (std::vector<std::string>{"event_loop/ingest", "archive/main"}));
}

TEST(Supervised, the_sixth_failure_gives_the_loop_up_and_tells_its_owner_once) {
  Bench bench;
  Supervised loop("store/acks", {&bench.meter, &bench.health, std::chrono::milliseconds(1)});
  std::atomic<int> runs{0};
  std::atomic<int> told{0};
  loop.start(
      [&] {
        ++runs;
        throw std::runtime_error("out of luck");
      },
      [&] { ++told; });
  const auto until = Clock::now() + seconds(10);
  while (told == 0 && Clock::now() < until) std::this_thread::yield();
  loop.stop();
  EXPECT_EQ(runs, 6);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(bench.health.down(), std::vector<std::string>{"store/acks"});
}

TEST(Supervised, a_stop_does_not_wait_for_a_restart) {
  std::atomic<int> runs{0};
  bool told = false;
  Supervised loop("archive/main");
  const auto begin = Clock::now();
  loop.start(
      [&] {
        ++runs;
        throw 1;
      },
      [&] { told = true; });
  while (runs == 0) std::this_thread::yield();
  loop.stop();
  EXPECT_EQ(runs, 1);
  EXPECT_FALSE(told) << "it was not given up";
  EXPECT_LT(Clock::now() - begin, std::chrono::milliseconds(900));
}

}  // namespace
}  // namespace sentinel::telemetry
