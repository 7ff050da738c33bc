// When a loop should wait a moment before it looks for work again.
//
// Small pieces of work that come one by one cost a waking each, several times what is done for them. A loop that is woken so
// for many turns, each soon after the last, lets more come together first, as long as that brings more: a pause that has
// brought nothing more was the last one, until the loop is rushed again. Only counts and compares; one thread.
#pragma once

#include <algorithm>
#include <chrono>

namespace sentinel::net {

class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr unsigned kRushedTurns = 16;
  static constexpr int kFewEvents = 2;
  static constexpr std::chrono::microseconds kSoon{100};

  // The loop was woken at `now` for so many events; if rushed() was true it had paused before.
  void note(int events, Time now) {
    const bool quick = rushed() ? events >= kFewEvents : events <= kFewEvents && now - woken_ < kSoon;
    quick_turns_ = quick ? std::min(quick_turns_ + 1, kRushedTurns) : 0;
    woken_ = now;
  }

  // A pause is due.
  [[nodiscard]] bool rushed() const { return quick_turns_ >= kRushedTurns; }

 private:
  Time woken_;
  unsigned quick_turns_ = 0;  // in a row
};

}  // namespace sentinel::net
