// One piece of work of a receiver, as its component counts it: from the complete body to the verdict (chapter 11 §1). Work that
// is let go of without one met a fault of the daemon.
#pragma once

#include <chrono>
#include <cstdint>

#include "telemetry/component.h"

namespace sentinel::daemon {

class ReceiverWork {
 public:
  explicit ReceiverWork(telemetry::Component& receiver) : receiver_(receiver) {}
  ~ReceiverWork() {
    if (ended_) return;
    receiver_.error(telemetry::ErrorKind::kPanic);
    end();
  }
  ReceiverWork(const ReceiverWork&) = delete;
  ReceiverWork& operator=(const ReceiverWork&) = delete;

  // The engine has taken or refused it; `spans` joined the window.
  void finish(bool taken, std::uint64_t spans) {
    if (taken) {
      receiver_.emissions(static_cast<std::int64_t>(spans));
    } else {
      receiver_.error(telemetry::ErrorKind::kParse);
    }
    end();
  }

  // There was no room for it.
  void refused() {
    receiver_.error(telemetry::ErrorKind::kDownstream);
    end();
  }

 private:
  void end() {
    ended_ = true;
    receiver_.activity();
    receiver_.latency(std::chrono::duration<double>(Clock::now() - begun_).count());
  }

  using Clock = std::chrono::steady_clock;
  telemetry::Component& receiver_;
  const Clock::time_point begun_ = Clock::now();
  bool ended_ = false;
};

}  // namespace sentinel::daemon
