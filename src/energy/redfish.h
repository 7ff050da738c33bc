// Redfish: power of a whole chassis, shared by the services that run in it (chapter 04 §13.5).
#pragma once

#include "config/green_config.h"
#include "energy/source.h"

namespace sentinel::energy {

class Redfish final : public Source {
 public:
  explicit Redfish(const config::RedfishConfig& config);

  [[nodiscard]] std::vector<std::string> urls() const override;
  std::size_t observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) override;

 private:
  struct Chassis {
    config::RedfishEndpoint endpoint;
    std::vector<std::string> services;
  };

  const double period_s_;
  std::vector<Chassis> chassis_;
};

}  // namespace sentinel::energy
