#include "daemon/stop_deadline.h"

#include <utility>

namespace sentinel::daemon {

StopDeadline::StopDeadline(std::chrono::milliseconds limit, std::function<void()> passed)
    : thread_([this, until = std::chrono::steady_clock::now() + limit, act = std::move(passed)] {
        std::unique_lock lock(mutex_);
        if (!ended_.wait_until(lock, until, [this] { return done_; })) act();
      }) {}

StopDeadline::~StopDeadline() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  ended_.notify_one();
  thread_.join();
}

}  // namespace sentinel::daemon
