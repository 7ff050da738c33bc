#include "daemon/work_thread.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace sentinel::daemon {
namespace {

TEST(WorkThread, runs_pieces_in_order_and_all_of_them_before_it_goes) {
  std::string order;
  {
    WorkThread thread("store/acks");
    for (const char c : {'a', 'b', 'c'}) thread.post([&order, c] { order += c; });
  }
  EXPECT_EQ(order, "abc");
}

TEST(WorkThread, a_piece_that_throws_is_let_go_of_and_the_next_runs_after_the_restart) {
  telemetry::Registry registry;
  telemetry::Meter meter(registry, {});
  telemetry::Health health;
  WorkThread thread("store/acks", {&meter, &health});
  const auto held = std::make_shared<int>(0);
  std::promise<long> ran;
  thread.post([held] { throw std::runtime_error("no"); });
  thread.post([&] { ran.set_value(held.use_count()); });
  std::future<long> result = ran.get_future();
  ASSERT_EQ(result.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(result.get(), 1) << "only the test has it";
  EXPECT_TRUE(health.down().empty());
}

TEST(WorkThread, when_it_is_given_up_what_waits_and_what_comes_is_let_go_of) {
  telemetry::Health health;
  WorkThread thread("store/acks", {nullptr, &health, std::chrono::milliseconds(1)});
  const auto held = std::make_shared<int>(0);
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  for (int i = 0; i < 6; ++i) {
    thread.post([released] {
      released.wait();
      throw std::runtime_error("no");
    });
  }
  for (int i = 0; i < 3; ++i) thread.post([held] { ++*held; });
  EXPECT_EQ(held.use_count(), 4);
  release.set_value();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (held.use_count() > 1 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(health.down(), std::vector<std::string>{"store/acks"});
  thread.post([held] { ++*held; });
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(*held, 0);
}

}  // namespace
}  // namespace sentinel::daemon
