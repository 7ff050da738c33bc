#include "energy/electricity_maps.h"

#include "energy/json_answer.h"
#include "net/url.h"

namespace sentinel::energy {

ElectricityMaps::ElectricityMaps(const config::ElectricityMapsConfig& config) : config_(config) {
  for (const auto& [region, zone] : config.region_map) regions_[zone].push_back(region);
}

std::vector<std::string> ElectricityMaps::urls() const {
  std::vector<std::string> all;
  for (const auto& [zone, regions] : regions_) {
    std::string& url = all.emplace_back(config_.endpoint + "/carbon-intensity/latest?zone=" + net::encode_query_value(zone));
    if (config_.emission_factor_type == "direct") url += "&emissionFactorType=direct";
    if (config_.temporal_granularity != "hourly") url += "&temporalGranularity=" + config_.temporal_granularity;
  }
  return all;
}

std::size_t ElectricityMaps::observe(std::span<Fetched> answers, const Operations& /*ops*/, Millis now, Board& board) {
  std::vector<RegionReading> out;
  std::size_t i = 0;
  for (const auto& [zone, regions] : regions_) {
    Fetched& answer = answers[i++];
    if (answer.problem) continue;
    const std::optional<score::GridReading> reading = read_intensity(answer.body);
    if (!reading) {
      answer.problem = {ScrapeFailure::kInvalidValue, "zone '" + zone + "': the answer holds no carbon intensity"};
      continue;
    }
    for (const std::string& region : regions) out.push_back({region, *reading});
  }
  board.put(out, now);
  return out.size();
}

}  // namespace sentinel::energy
