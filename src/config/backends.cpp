#include "config/backends.h"

namespace sentinel::config {
namespace {

template <auto Section>
bool active(const GreenConfig& green) {
  return (green.*Section).active();
}
template <auto Section>
std::string endpoint(const GreenConfig& green) {
  return *(green.*Section).endpoint;
}

std::string chassis_addresses(const GreenConfig& green) {
  std::string text;
  for (const auto& [chassis, endpoint] : green.redfish.endpoints) text += (text.empty() ? "" : ", ") + endpoint.url;
  return text;
}

constexpr Backend kBackends[] = {
    {"alumet", "green.alumet", active<&GreenConfig::alumet>, endpoint<&GreenConfig::alumet>},
    {"scaphandre", "green.scaphandre", active<&GreenConfig::scaphandre>, endpoint<&GreenConfig::scaphandre>},
    {"kepler", "green.kepler", active<&GreenConfig::kepler>, endpoint<&GreenConfig::kepler>},
    {"redfish", "green.redfish", active<&GreenConfig::redfish>, chassis_addresses},
    {"cloud", "green.cloud", active<&GreenConfig::cloud>, [](const GreenConfig& g) { return *g.cloud.prometheus_endpoint; }},
    {"broker_static", "green.broker_static", active<&GreenConfig::broker_static>,
     [](const GreenConfig&) { return std::string(); }},
    {"electricity_maps", "green.electricity_maps", active<&GreenConfig::emaps>,
     [](const GreenConfig& g) { return g.emaps.endpoint; }},
};

}  // namespace

std::span<const Backend> backends() { return kBackends; }

const Backend* find_backend(std::string_view section) {
  for (const Backend& backend : kBackends)
    if (backend.section == section) return &backend;
  return nullptr;
}

}  // namespace sentinel::config
