// An event loop: one thread that waits for sockets, timers and work given to it from other threads.
//
// A Loop belongs to a LoopThreads, which starts one thread for each of its loops and joins them in stop(). post(), after(),
// every() and cancel() may be called from any thread, also before start(); what they were given runs on the loop's own thread,
// in the order of the calls, and never after stop() has returned: work still waiting then, or given later, is destroyed and not
// run. Work must be short: while it runs, every connection of that loop waits. A loop without work makes no system call.
// Errors: none but the system's refusal to create a loop, which start() reports. Work that throws leaves its loop by way of the
// LoopRunner, which may run the loop again: what was waiting behind that work is then done, timers go on, and a connection
// whose work it was is closed. A loop that its runner gives up closes its connections and drops its timers, old and new; what
// is posted is still run, on the same thread, until stop().
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "net/task.h"

namespace sentinel::net {

using TimerId = std::uint64_t;  // 0 names no timer

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void post(Task task);

  // Runs `task` once after `delay`, or first after `period` and then every `period` (a late run delays the next ones, none is
  // made up for). Resolution 1 ms.
  TimerId after(std::chrono::milliseconds delay, Task task);
  TimerId every(std::chrono::milliseconds period, Task task);
  // On the loop's thread the timer will not run any more once this returns; from another thread it may run once more.
  void cancel(TimerId timer);

  // True on the thread that runs this loop.
  [[nodiscard]] bool is_current() const;

  class Core;  // the room's own use
  [[nodiscard]] Core& core() { return *core_; }

 private:
  std::unique_ptr<Core> core_;
};

// Called on the thread of each loop, with its number and what runs it until it is told to stop. One that returns before gives
// the loop up.
using LoopRunner = std::function<void(unsigned loop, const std::function<void()>& run)>;

class LoopThreads {
 public:
  // `count` is raised to 1. `name` is that of the threads (at most 12 bytes count; a number is added).
  explicit LoopThreads(unsigned count, const char* name = "net");
  // Stops.
  ~LoopThreads();
  LoopThreads(const LoopThreads&) = delete;
  LoopThreads& operator=(const LoopThreads&) = delete;

  // Starts the threads; a second call does nothing. Without a runner a loop runs once, and what is thrown ends the process.
  base::Status start(LoopRunner runner = {});
  // Ends and joins them. Not from a loop's own thread. Servers are stopped first.
  void stop();
  [[nodiscard]] bool running() const;

  [[nodiscard]] unsigned size() const { return static_cast<unsigned>(loops_.size()); }
  [[nodiscard]] Loop& operator[](unsigned i) { return *loops_[i]; }
  // For who may outlive the threads: a loop that has ended takes work and drops it.
  [[nodiscard]] const std::vector<std::shared_ptr<Loop>>& shared() const { return loops_; }

 private:
  struct Threads;
  std::vector<std::shared_ptr<Loop>> loops_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace sentinel::net
