#include "energy/redfish.h"

#include "energy/json_answer.h"
#include "net/url.h"

namespace sentinel::energy {
namespace {

std::string_view words(ScrapeFailure reason) {
  switch (reason) {
    case ScrapeFailure::kPathMissing:
      return "the answer has no power reading where its schema says: is the schema of this chassis right?";
    case ScrapeFailure::kInvalidValue:
      return "the power reading is no number above 0";
    default:
      return "the answer is no JSON";
  }
}

}  // namespace

Redfish::Redfish(const config::RedfishConfig& config) : period_s_(static_cast<double>(config.scrape_interval_secs)) {
  for (const auto& [name, endpoint] : config.endpoints) {
    Chassis& chassis = chassis_.emplace_back();
    chassis.endpoint = endpoint;
    for (const auto& [service, of] : config.service_mappings) {
      if (of == name) chassis.services.push_back(service);
    }
  }
}

std::vector<std::string> Redfish::urls() const {
  std::vector<std::string> all;
  for (const Chassis& chassis : chassis_) all.push_back(chassis.endpoint.url);
  return all;
}

std::size_t Redfish::observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) {
  std::vector<Coefficient> out;
  for (std::size_t i = 0; i < chassis_.size(); ++i) {
    if (answers[i].problem) continue;
    const auto read = read_redfish(answers[i].body, chassis_[i].endpoint.schema);
    if (const ScrapeFailure* failure = std::get_if<ScrapeFailure>(&read)) {
      answers[i].problem = {*failure, net::redacted_url(chassis_[i].endpoint.url) + ": " + std::string(words(*failure))};
      continue;
    }
    std::uint64_t total = 0;
    for (const std::string& service : chassis_[i].services) total += ops.since_last(service);
    if (total == 0) continue;
    const double kwh = std::get<double>(read) * period_s_ / kJoulesPerKwh;
    for (const std::string& service : chassis_[i].services) {
      if (ops.since_last(service) > 0) out.push_back({service, kwh / static_cast<double>(total)});
    }
  }
  board.put(score::EnergySource::kRedfishBmc, out, now);
  return out.size();
}

}  // namespace sentinel::energy
