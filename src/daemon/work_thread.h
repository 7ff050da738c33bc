// One thread for work that waits for the disk: pieces run one after another, in the order they were given.
//
// Destroying it runs what was given and joins.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "net/task.h"

namespace sentinel::daemon {

class WorkThread {
 public:
  WorkThread() = default;
  ~WorkThread();
  WorkThread(const WorkThread&) = delete;
  WorkThread& operator=(const WorkThread&) = delete;

  // From any thread. The thread starts with the first piece.
  void post(net::Task work);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::deque<net::Task> work_;
  std::thread thread_;
};

}  // namespace sentinel::daemon
