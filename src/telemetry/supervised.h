// Keeps the loop of a component running (chapter 11 §2): the process does not go down for one component.
//
// A loop that throws is started again, after a second the first time and twice as long each time after that, at most a minute.
// Each restart is logged and counted (kind "panic", perf_sentinel_component_restart_count_per_hour), and the component is
// degraded until the loop runs again. After five restarts within ten minutes it is given up: it stays down, degraded, the
// Health given says so, and its owner is told. A loop that returns has ended as it should. It gets a thread of its own by
// start(), or is run by run_here() on a thread that its owner has. start() and stop() are called from one thread, stop() by the
// destructor at the latest; end_restarts() from any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "telemetry/component.h"

namespace sentinel::telemetry {

// Which components are down for good. Any thread.
class Health {
 public:
  void add_down(std::string_view component_id);
  // In the order in which they went down, each once.
  [[nodiscard]] std::vector<std::string> down() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> down_;
};

// When a loop that failed is started again. Plain values, one thread.
class RestartPolicy {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kFirstWait{1};
  static constexpr std::chrono::seconds kLongestWait{60};
  static constexpr std::size_t kMostRestarts = 5;
  static constexpr std::chrono::minutes kWindow{10};

  explicit RestartPolicy(std::chrono::milliseconds first_wait = kFirstWait) : first_wait_(first_wait) {}

  // The time to wait before the restart; nothing when there have been too many.
  [[nodiscard]] std::optional<std::chrono::milliseconds> after_failure(Clock::time_point now);

 private:
  std::chrono::milliseconds first_wait_;
  std::chrono::milliseconds wait_{};
  std::deque<Clock::time_point> restarts_;  // of the last kWindow
};

// Who hears of restarts; both may be null.
struct Supervision {
  Meter* meter = nullptr;
  Health* health = nullptr;
  std::chrono::milliseconds first_wait = RestartPolicy::kFirstWait;  // tests make it short
};

class Supervised {
 public:
  explicit Supervised(std::string_view component_id, Supervision told = {});
  ~Supervised();
  Supervised(const Supervised&) = delete;
  Supervised& operator=(const Supervised&) = delete;

  // Runs `loop` on a thread of its own. Once. When the loop is given up, `given_up` is called there, which does not throw.
  void start(std::function<void()> loop, std::function<void()> given_up = {});
  // Runs it on the calling thread; comes back when it has ended or is given up.
  void run_here(const std::function<void()>& loop, const std::function<void()>& given_up = {});
  // A loop that fails from now on, or waits for its restart, ends.
  void end_restarts();
  // end_restarts(), and waits for the loop of start() to return. The loop is told to end by its owner, before.
  void stop();

 private:
  enum class Next : std::uint8_t { kRestart, kEnd, kGiveUp };
  Next after_failure(std::string_view what);

  const Supervision told_;
  Component component_;
  RestartPolicy policy_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sentinel::telemetry
