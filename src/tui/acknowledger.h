// Accepting and revoking findings of a running daemon, as a view asks for it (chapter 06 §9.4).
//
// One change at a time; it goes on by itself while the view draws. Whoever implements this takes what a change did to the
// daemon's acknowledgments into the view's Source before poll() tells of it. Called from the view's thread.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace sentinel::tui {

struct AckChange {
  bool revoke = false;
  std::string signature;
  std::string reason;
  std::string expires;  // as typed: a moment or a duration; empty: never
  std::string by;
};

class Acknowledger {
 public:
  Acknowledger() = default;
  Acknowledger(const Acknowledger&) = delete;
  Acknowledger& operator=(const Acknowledger&) = delete;
  virtual ~Acknowledger() = default;

  // An Error says what is wrong with the change itself: nothing was asked then.
  [[nodiscard]] virtual base::Status start(const AckChange& change) = 0;

  // How the started change went; nullopt while it is under way, or when there is none.
  [[nodiscard]] virtual std::optional<base::Status> poll() = 0;

  // The started change goes on, and nobody waits for it.
  virtual void drop() = 0;
};

}  // namespace sentinel::tui
