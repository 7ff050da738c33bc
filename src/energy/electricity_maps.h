// Electricity Maps: carbon intensity of a grid zone as it is now (chapter 04 §15).
#pragma once

#include "config/green_config.h"
#include "energy/source.h"

namespace sentinel::energy {

class ElectricityMaps final : public Source {
 public:
  explicit ElectricityMaps(const config::ElectricityMapsConfig& config);

  // One a zone, in byte order.
  [[nodiscard]] std::vector<std::string> urls() const override;
  std::size_t observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) override;

 private:
  const config::ElectricityMapsConfig config_;
  std::map<std::string, std::vector<std::string>> regions_;  // by zone
};

}  // namespace sentinel::energy
