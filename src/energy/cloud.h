// Cloud instances: CPU use from a Prometheus server, turned into power by what an instance of that type draws (04 §13.7).
#pragma once

#include "config/green_config.h"
#include "energy/instances.h"
#include "energy/source.h"

namespace sentinel::energy {

class Cloud final : public Source {
 public:
  explicit Cloud(const config::CloudConfig& config);

  [[nodiscard]] std::vector<std::string> urls() const override;
  std::size_t observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) override;

 private:
  struct Instance {
    std::string service;
    std::string url;
    Power power;
    bool warned_of_series = false;
  };

  const double period_s_;
  std::vector<Instance> instances_;
};

}  // namespace sentinel::energy
