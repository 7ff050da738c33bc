// Kepler: joules that a container or a process has used, as a counter that rises (chapter 04 §13.4).
//
// Energy and operations of a coefficient are always of the same time: from the last answer that held the label to this one,
// however many ticks went wrong in between.
#pragma once

#include "config/green_config.h"
#include "energy/source.h"

namespace sentinel::energy {

class Kepler final : public Source {
 public:
  explicit Kepler(const config::KeplerConfig& config) : config_(config) {}

  [[nodiscard]] std::vector<std::string> urls() const override { return {*config_.endpoint}; }
  std::size_t observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) override;

 private:
  struct Seen {
    double joules = 0.0;
    std::uint64_t ops = 0;
  };

  const config::KeplerConfig config_;
  std::map<std::string, Seen, std::less<>> seen_;  // by service
  Streak without_samples_;
  Streak without_services_;
  Streak standing_still_;
};

}  // namespace sentinel::energy
