// Ends the process when stopping takes longer than it may (chapter 05 §1.4, [daemon] shutdown_timeout_ms): what is stuck, a
// disk or a reader of standard output that does not read, cannot be waited out, and the supervisor's kill would say nothing.
//
// Runs from its construction to its destruction, on a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace sentinel::daemon {

class StopDeadline {
 public:
  // `passed` is called once, on another thread, when the time is up.
  StopDeadline(std::chrono::milliseconds limit, std::function<void()> passed);
  ~StopDeadline();
  StopDeadline(const StopDeadline&) = delete;
  StopDeadline& operator=(const StopDeadline&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace sentinel::daemon
