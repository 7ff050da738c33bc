// Supervision of event loops (net/loop.h) that share their work and so their component: each is started again by itself, and
// when one of them is given up, so is the component (chapter 11 §2).
//
// Outlives the threads that its runner is given to. end_restarts() from any thread.
#pragma once

#include <deque>
#include <functional>
#include <string_view>

#include "net/loop.h"
#include "telemetry/supervised.h"

namespace sentinel::daemon {

class SupervisedLoops {
 public:
  SupervisedLoops(std::string_view component_id, unsigned count, telemetry::Supervision told) {
    for (unsigned i = 0; i < count; ++i) loops_.emplace_back(component_id, told);
  }

  // For as many loops as there are here.
  [[nodiscard]] net::LoopRunner runner() {
    return [this](unsigned loop, const std::function<void()>& run) { loops_[loop].run_here(run); };
  }
  // A loop that fails from now on, or waits for its restart, ends.
  void end_restarts() {
    for (telemetry::Supervised& loop : loops_) loop.end_restarts();
  }

 private:
  std::deque<telemetry::Supervised> loops_;
};

}  // namespace sentinel::daemon
