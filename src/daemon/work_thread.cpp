#include "daemon/work_thread.h"

#include <utility>

namespace sentinel::daemon {

WorkThread::~WorkThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  loop_.stop();
}

void WorkThread::post(net::Task work) {
  const std::lock_guard lock(mutex_);
  if (given_up_) return;  // `work` is destroyed after the lock
  work_.push_back(std::move(work));
  if (!std::exchange(started_, true)) loop_.start([this] { run(); }, [this] { let_go(); });
  wake_.notify_one();
}

void WorkThread::let_go() {
  std::deque<net::Task> dropped;
  const std::lock_guard lock(mutex_);
  given_up_ = true;
  dropped.swap(work_);
}

void WorkThread::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stopping_ || !work_.empty(); });
    if (work_.empty()) return;
    net::Task work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    work();
    work = {};
    lock.lock();
  }
}

}  // namespace sentinel::daemon
