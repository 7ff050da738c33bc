#include "daemon/engine_thread.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "telemetry/exposition.h"

namespace sentinel::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What became of the deliveries of a test.
struct Outcomes {
  std::atomic<int> taken{0};
  std::atomic<int> malformed{0};
  std::atomic<int> queue_full{0};
  std::atomic<int> stopping{0};
  std::atomic<int> given_up{0};
  [[nodiscard]] int all() const { return taken + malformed + queue_full + stopping + given_up; }
};

// `size` bytes: one native event, and blanks.
std::string event(int number, std::size_t size = 0) {
  std::string text =
      R"([{"timestamp":"2025-07-10T14:32:01.020Z","trace_id":"t)" + std::to_string(number) +
      R"(","span_id":"s","service":"cart","type":"sql","operation":"SELECT","target":"SELECT 1","duration_us":5,)"
      R"("source":{"endpoint":"GET /","method":"m"}}])";
  if (text.size() < size) text.append(size - text.size(), ' ');
  return text;
}

constexpr std::size_t kLarge = EngineThread::kSmall + 1;  // goes through the queue

class TestDelivery final : public Delivery {
 public:
  TestDelivery(std::string bytes, Outcomes& outcomes) : bytes_(std::move(bytes)), outcomes_(outcomes) {}
  [[nodiscard]] Payload payload() const override { return Payload::kAnyJson; }
  [[nodiscard]] std::string_view bytes() const override { return bytes_; }
  void taken(const base::Status& status, std::uint64_t) override { ++(status ? outcomes_.taken : outcomes_.malformed); }
  void refused(Refusal refusal) override {
    if (refusal == Refusal::kGivenUp) {
      ++outcomes_.given_up;
    } else {
      ++(refusal == Refusal::kQueueFull ? outcomes_.queue_full : outcomes_.stopping);
    }
  }

 private:
  std::string bytes_;
  Outcomes& outcomes_;
};

class EngineThreadTest : public ::testing::Test {
 protected:
  EngineThreadTest() { config_.daemon.ingest_queue_capacity = 2; }

  void offer(EngineThread& thread, std::string bytes, std::optional<milliseconds> patience = EngineThread::kPatience) {
    thread.offer(std::make_unique<TestDelivery>(std::move(bytes), outcomes_), patience);
  }
  static bool soon(const std::function<bool()>& holds) {
    const auto until = std::chrono::steady_clock::now() + seconds(10);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(milliseconds(1));
    }
    return true;
  }
  // A thread that has the engine until the promise is kept.
  static std::jthread hold(EngineThread& thread, std::shared_future<void> release) {
    auto begun = std::make_shared<std::promise<void>>();
    std::future<void> has_it = begun->get_future();
    std::jthread holder([&thread, begun, release] {
      thread.ask([begun, release] {
        begun->set_value();
        release.wait();
      });
    });
    has_it.wait();
    return holder;
  }

  config::Config config_;
  telemetry::Registry registry_;
  DaemonMetrics metrics_{registry_};
  Engine engine_{config_, {metrics_, nullptr, nullptr, nullptr}};
  Outcomes outcomes_;
};

TEST_F(EngineThreadTest, small_and_large_deliveries_from_many_threads_all_arrive) {
  EngineThread thread(engine_, config_.daemon, metrics_);
  thread.start();
  std::vector<std::jthread> doors;
  for (int door = 0; door < 4; ++door) {
    doors.emplace_back([&, door] {
      for (int i = 0; i < 200; ++i) offer(thread, event(door * 1000 + i, i % 2 == 0 ? 0 : kLarge), std::nullopt);
    });
  }
  doors.clear();
  thread.stop();
  EXPECT_EQ(outcomes_.taken, 800);
  EXPECT_EQ(outcomes_.all(), 800);
  EXPECT_EQ(engine_.events_processed(), 800U);
  EXPECT_EQ(engine_.analysis().traces_analyzed(), 800U);
}

TEST_F(EngineThreadTest, malformed_ones_are_told_so) {
  EngineThread thread(engine_, config_.daemon, metrics_);
  thread.start();
  offer(thread, "{");
  offer(thread, "{" + std::string(kLarge, ' '));
  EXPECT_TRUE(soon([&] { return outcomes_.malformed == 2; }));
}

TEST_F(EngineThreadTest, past_the_capacity_a_delivery_waits_and_is_refused_when_its_patience_ends) {
  EngineThread thread(engine_, config_.daemon, metrics_);
  thread.start();
  std::promise<void> release;
  const std::jthread holder = hold(thread, release.get_future().share());
  for (int i = 0; i < 4; ++i) offer(thread, event(i), i == 3 ? std::optional<milliseconds>() : milliseconds(300));
  thread.refuse_late();
  EXPECT_EQ(outcomes_.queue_full, 0);
  std::this_thread::sleep_for(milliseconds(350));
  thread.refuse_late();
  EXPECT_EQ(outcomes_.queue_full, 1);  // two are in the queue, one is patient
  release.set_value();
  EXPECT_TRUE(soon([&] { return outcomes_.taken == 3; }));
}

TEST_F(EngineThreadTest, what_was_offered_before_a_stop_is_analysed_and_what_comes_after_is_refused) {
  EngineThread thread(engine_, config_.daemon, metrics_);
  thread.start();
  std::promise<void> release;
  const std::jthread holder = hold(thread, release.get_future().share());
  for (int i = 0; i < 5; ++i) offer(thread, event(i));
  std::jthread stopper([&] { thread.stop(); });
  EXPECT_TRUE(soon([&] {
    offer(thread, event(99));
    return outcomes_.stopping > 0;
  }));
  const int offered_in_time = 5;
  release.set_value();
  stopper.join();
  EXPECT_GE(outcomes_.taken, offered_in_time);
  EXPECT_EQ(engine_.active_traces(), 0U);
  EXPECT_EQ(engine_.analysis().spans_analyzed(), engine_.events_processed());
}

TEST_F(EngineThreadTest, questions_are_answered_also_after_a_stop) {
  EngineThread thread(engine_, config_.daemon, metrics_);
  thread.start();
  std::atomic<int> answers{0};
  thread.ask([&] { ++answers; });
  EXPECT_TRUE(soon([&] { return answers == 1; }));
  thread.stop();
  thread.ask([&] { ++answers; });
  EXPECT_EQ(answers, 2);
}

TEST_F(EngineThreadTest, while_nobody_reads_the_findings_questions_are_answered_and_spans_wait) {
  int pipe[2] = {-1, -1};
  ASSERT_EQ(::pipe(pipe), 0);
  LineOutput output(pipe[1]);
  EngineThread thread(engine_, config_.daemon, metrics_, {}, &output);
  thread.start();
  const std::string findings(LineOutput::kCapacity + (1 << 20), 'x');
  std::atomic<bool> printed{false};
  thread.ask([&] {  // as the engine does it, by whoever has it
    output.write(findings);
    printed = true;
  });
  ASSERT_TRUE(soon([&] { return printed.load(); }));
  ASSERT_TRUE(output.full());
  for (int i = 0; i < 4; ++i) offer(thread, event(i), i == 0 ? std::optional<milliseconds>() : milliseconds(50));
  std::atomic<bool> answered{false};
  thread.ask([&] { answered = true; });
  EXPECT_TRUE(soon([&] { return answered.load(); }));
  std::this_thread::sleep_for(milliseconds(100));
  thread.refuse_late();
  thread.refuse_late();
  EXPECT_EQ(outcomes_.queue_full, 3);  // one is patient
  EXPECT_EQ(outcomes_.taken, 0);
  std::string got(findings.size(), ' ');
  for (std::size_t at = 0; at < got.size();) {
    const ssize_t more = ::read(pipe[0], got.data() + at, got.size() - at);
    ASSERT_GT(more, 0);
    at += static_cast<std::size_t>(more);
  }
  EXPECT_TRUE(soon([&] { return outcomes_.taken == 1; }));
  offer(thread, event(9));
  EXPECT_TRUE(soon([&] { return outcomes_.taken == 2; }));
  thread.stop();
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_F(EngineThreadTest, work_that_throws_on_the_thread_that_brings_it_leaves_the_engine_free) {
  EngineThread thread(engine_, config_.daemon, metrics_);
  thread.start();
  bool thrown = false;
  EXPECT_TRUE(soon([&] {  // as soon as the engine is free
    try {
      thread.ask([] { throw std::runtime_error("question"); });
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    return thrown;
  }));
  offer(thread, event(1));
  offer(thread, event(2, kLarge));
  EXPECT_TRUE(soon([&] { return outcomes_.taken == 2; }));
}

// Gives the engine's own thread a question that throws.
TEST_F(EngineThreadTest, the_thread_is_started_again_after_work_that_throws) {
  telemetry::Meter meter(registry_, {});
  telemetry::Health health;
  EngineThread thread(engine_, config_.daemon, metrics_, {&meter, &health, milliseconds(1)});
  thread.start();
  std::promise<void> release;
  {
    const std::jthread holder = hold(thread, release.get_future().share());
    thread.ask([] { throw std::runtime_error("question"); });
    offer(thread, event(1, kLarge), std::nullopt);
    release.set_value();
  }
  offer(thread, event(2));
  EXPECT_TRUE(soon([&] { return outcomes_.taken == 2; })) << "what waited is taken after the restart";
  EXPECT_TRUE(meter.degraded().empty());
  EXPECT_TRUE(health.down().empty());
  telemetry::Snapshot snapshot;
  meter.append(snapshot);
  const std::string metrics = telemetry::expose(std::move(snapshot), telemetry::Exposition::kPlain);
  EXPECT_NE(metrics.find("perf_sentinel_component_restart_count_per_hour{component_id=\"engine/main\"} 1\n"), std::string::npos)
      << metrics;
}

TEST_F(EngineThreadTest, when_it_is_given_up_spans_are_refused_and_questions_answered) {
  telemetry::Health health;
  EngineThread thread(engine_, config_.daemon, metrics_, {nullptr, &health, milliseconds(1)});
  thread.start();
  offer(thread, event(0));
  EXPECT_TRUE(soon([&] { return outcomes_.taken == 1; }));
  const auto waits = std::make_shared<int>(0);
  std::promise<void> release;
  {
    const std::jthread holder = hold(thread, release.get_future().share());
    for (int i = 0; i < 6; ++i) thread.ask([] { throw std::runtime_error("question"); });
    thread.ask([waits] { ++*waits; });
    for (int i = 1; i <= 3; ++i) offer(thread, event(i), std::nullopt);  // two in the queue, one waits for room
    release.set_value();
  }
  ASSERT_TRUE(soon([&] { return outcomes_.given_up == 3 && waits.use_count() == 1; })) << "what waited is let go of";
  EXPECT_EQ(*waits, 0);
  EXPECT_EQ(health.down(), std::vector<std::string>{"engine/main"});
  EXPECT_EQ(metrics_.ingest_queue_depth->value(), 0.0);
  offer(thread, event(4));
  offer(thread, event(5, kLarge));
  EXPECT_EQ(outcomes_.given_up, 5);

  std::promise<void> release_again;
  std::atomic<bool> answered{false};
  {
    const std::jthread holder = hold(thread, release_again.get_future().share());
    const std::jthread asker([&] { thread.ask([&] { answered = true; }); });
    EXPECT_FALSE(answered);
    release_again.set_value();
  }
  EXPECT_TRUE(answered) << "by the thread that brought it, when the engine was free";
  thread.stop();
  EXPECT_EQ(engine_.analysis().traces_analyzed(), 1U) << "what was taken is analysed";
}

TEST_F(EngineThreadTest, a_stop_before_the_restart_works_off_what_was_taken) {
  telemetry::Meter meter(registry_, {});
  EngineThread thread(engine_, config_.daemon, metrics_, {&meter, nullptr, std::chrono::hours(1)});
  thread.start();
  std::promise<void> release;
  {
    const std::jthread holder = hold(thread, release.get_future().share());
    thread.ask([] { throw std::runtime_error("question"); });
    offer(thread, event(1, kLarge), std::nullopt);
    release.set_value();
  }
  EXPECT_TRUE(soon([&] { return !meter.degraded().empty(); }));
  thread.stop();
  EXPECT_EQ(outcomes_.taken, 1);
  EXPECT_EQ(engine_.active_traces(), 0U);
  EXPECT_EQ(engine_.analysis().traces_analyzed(), 1U);
}

TEST_F(EngineThreadTest, an_analysis_that_throws_at_the_stop_does_not_hold_it_up) {
  Engine engine(config_, {metrics_, nullptr, nullptr, [](std::string_view) { throw std::runtime_error("print"); }});
  EngineThread thread(engine, config_.daemon, metrics_);
  thread.start();
  std::string events = "[";
  for (int i = 0; i < 6; ++i) {  // an N+1, so that there is something to print
    events += (i == 0 ? "" : ",") + std::string(R"({"timestamp":"2025-07-10T14:32:01.020Z","trace_id":"t","span_id":"s)") +
              std::to_string(i) +
              R"(","service":"cart","type":"sql","operation":"SELECT","target":"SELECT * FROM line WHERE id = )" +
              std::to_string(i) + R"(","duration_us":5,"source":{"endpoint":"GET /","method":"m"}})";
  }
  offer(thread, events + "]");
  EXPECT_TRUE(soon([&] { return outcomes_.taken == 1; }));
  thread.stop();
  EXPECT_EQ(engine.active_traces(), 0U);
  EXPECT_EQ(metrics_.events_abandoned->value(), 6U);
  bool answered = false;
  thread.ask([&] { answered = true; });
  EXPECT_TRUE(answered);
}

TEST_F(EngineThreadTest, traces_leave_by_themselves) {
  config_.daemon.trace_ttl_ms = 100;
  Engine engine(config_, {metrics_, nullptr, nullptr, nullptr});
  EngineThread thread(engine, config_.daemon, metrics_);
  thread.start();
  offer(thread, event(1));
  EXPECT_TRUE(soon([&] { return metrics_.traces_analyzed->value() == 1; }));
}

}  // namespace
}  // namespace sentinel::daemon
