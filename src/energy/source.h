// One source of readings, apart from the network: which addresses it wants, and what it makes of their answers (04 §13, §15).
//
// A source belongs to one thread. It keeps what it has to remember between two ticks and nothing else; what it finds out goes
// on the board.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/log.h"
#include "energy/board.h"
#include "energy/fetch.h"
#include "energy/operations.h"

namespace sentinel::energy {

class Source {
 public:
  virtual ~Source() = default;

  // What to ask on each tick.
  [[nodiscard]] virtual std::vector<std::string> urls() const = 0;

  // Makes readings of the answers, which stand in the order of urls(); to an answer that is not what it should be it adds the
  // problem. Gives the number of readings put on the board.
  virtual std::size_t observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) = 0;
};

// Speaks up once when something has been so on three ticks in a row, and not again before it was otherwise.
class Streak {
 public:
  static constexpr unsigned kTicks = 3;
  // True on the third tick in a row.
  [[nodiscard]] bool holds(bool so) {
    count_ = so ? count_ + 1 : 0;
    return count_ == kTicks;
  }
  void end() { count_ = 0; }

 private:
  unsigned count_ = 0;
};

inline constexpr double kJoulesPerKwh = 3'600'000;

}  // namespace sentinel::energy
