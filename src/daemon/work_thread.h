// One thread for work that waits for the disk: pieces run one after another, in the order they were given. Under supervision: a
// piece that throws is let go of, and the next runs once the loop is started again. When the loop is given up, what waits is
// let go of and so is what comes later: who waits for a piece learns of it by its destruction, on any thread.
//
// Destroying it runs what was given and joins; what waits for a restart then is let go of.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string_view>

#include "net/task.h"
#include "telemetry/supervised.h"

namespace sentinel::daemon {

class WorkThread {
 public:
  explicit WorkThread(std::string_view component_id, telemetry::Supervision told = {}) : loop_(component_id, told) {}
  ~WorkThread();
  WorkThread(const WorkThread&) = delete;
  WorkThread& operator=(const WorkThread&) = delete;

  // From any thread. The thread starts with the first piece.
  void post(net::Task work);

 private:
  void run();
  void let_go();

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool started_ = false;
  bool given_up_ = false;
  std::deque<net::Task> work_;
  telemetry::Supervised loop_;
};

}  // namespace sentinel::daemon
