// When a loop should let work come together for a moment before it looks for it again.
//
// Small pieces of work that come one by one cost a waking each, several times what is done for them. A loop that has been woken
// so a few times in a row, each soon after the last, pauses before it waits, as long as a pause brings more than that. Where
// much has come at once, what comes while it is worked on is enough, and no pause is made. Where a pause brings nothing (a
// client or two that wait for each answer), it is tried half as often from then on, until work comes together again: such
// clients are next to never kept waiting. A plain value, for the loop's thread.
#pragma once

#include <algorithm>
#include <chrono>

namespace sentinel::net {

class Pace {
 public:
  static constexpr std::chrono::microseconds kPause{100};
  static constexpr std::chrono::microseconds kSoon{200};
  static constexpr int kFew = 2;     // events: up to here they come one by one
  static constexpr int kEnough = 4;  // … and from one more on they come together by themselves
  static constexpr unsigned kRushedTurns = 4;
  static constexpr unsigned kMostRushedTurns = 1024;  // after pauses that brought nothing

  // The loop should let kPause pass before it waits.
  [[nodiscard]] bool pauses() const { return rushed() && events_ <= kEnough; }

  // The loop has been woken for so many events, so long after the waking before.
  void woken(int events, std::chrono::nanoseconds since) {
    if (events > kFew) {
      rushed_ = rushed() ? kRushedTurns : 0;
      patience_ = kRushedTurns;
    } else if (pauses()) {
      rushed_ = 0;
      patience_ = std::min(patience_ * 2, kMostRushedTurns);
    } else {
      rushed_ = since < kSoon ? rushed_ + 1 : 0;
    }
    events_ = events;
  }

 private:
  [[nodiscard]] bool rushed() const { return rushed_ >= patience_; }

  int events_ = 0;       // of the last turn
  unsigned rushed_ = 0;  // turns in a row
  unsigned patience_ = kRushedTurns;
};

}  // namespace sentinel::net
