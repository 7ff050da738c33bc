// Scaphandre: power of each process of a host, by executable and command line (chapter 04 §13.2).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/green_config.h"
#include "energy/source.h"

namespace sentinel::energy {

struct ProcessPower {
  std::string exe;
  std::string cmdline;  // arguments without blanks between them
  double microwatts = 0.0;
};

// Every reading with an executable, in the order of the text.
[[nodiscard]] std::vector<ProcessPower> read_scaphandre(std::string_view text);

class Scaphandre final : public Source {
 public:
  explicit Scaphandre(const config::ScaphandreConfig& config) : config_(config) {}

  [[nodiscard]] std::vector<std::string> urls() const override { return {*config_.endpoint}; }
  std::size_t observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) override;

 private:
  // The one process of a service; null when there is none or more than one.
  const ProcessPower* find(const std::string& service, const config::ProcessMatcher& matcher,
                           std::span<const ProcessPower> readings);

  const config::ScaphandreConfig config_;
  Streak without_readings_;
  Streak without_power_;
  std::map<std::string, bool, std::less<>> ambiguous_;  // services that were told to be
};

}  // namespace sentinel::energy
