// Alumet: joules of its last poll interval, summed by a label; also those of the database and the broker (chapter 04 §13.3).
#pragma once

#include "config/green_config.h"
#include "energy/prometheus_text.h"
#include "energy/source.h"

namespace sentinel::energy {

class Alumet final : public Source {
 public:
  explicit Alumet(const config::AlumetConfig& config) : config_(config) {}

  [[nodiscard]] std::vector<std::string> urls() const override { return {*config_.endpoint}; }
  std::size_t observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) override;

 private:
  // kWh of a scrape period at the power of the reading; nullopt when that label has none.
  [[nodiscard]] std::optional<double> kwh(const SumByLabel& joules, const std::string& label) const;
  void watch(const SumByLabel& joules);

  const config::AlumetConfig config_;
  Streak without_samples_;
  Streak without_services_;
  Streak without_database_;
  Streak without_broker_;
};

}  // namespace sentinel::energy
