// Whether a body still comes fast enough: bytes of the last window against the least rate. Plain values, one thread.
#pragma once

#include <cstddef>

#include "net/limits.h"
#include "net/loop_core.h"

namespace sentinel::net {

class BodyRate {
 public:
  void start(Millis now) {
    window_ = now;
    bytes_ = 0;
  }
  void add(std::size_t bytes) { bytes_ += bytes; }
  // True: the window that ended brought too little.
  bool too_slow(Millis now, const Limits& limits) {
    const Millis length = limits.body_window.count();
    if (now - window_ < length) return false;
    const bool slow = bytes_ * 1000 < limits.body_rate * static_cast<std::size_t>(length);
    start(now);
    return slow;
  }

 private:
  Millis window_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace sentinel::net
