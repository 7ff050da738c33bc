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
  work_.push_back(std::move(work));
  if (!std::exchange(started_, true)) loop_.start([this] { run(); });
  wake_.notify_one();
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
