#include "energy/plan.h"

#include <optional>
#include <string_view>

#include "base/number_format.h"
#include "config/rules.h"
#include "energy/alumet.h"
#include "energy/cloud.h"
#include "energy/electricity_maps.h"
#include "energy/kepler.h"
#include "energy/redfish.h"
#include "energy/scaphandre.h"
#include "net/url.h"

namespace sentinel::energy {
namespace {

using config::GreenConfig;
using std::chrono::seconds;

constexpr std::chrono::milliseconds kFurther{5'000};  // for what is not on this host: controllers, servers, the internet
constexpr std::size_t kMostIntensity = std::size_t{1} << 20;
constexpr unsigned kAtOnce = 8;
constexpr std::string_view kProxyModel =
    "services keep their last coefficient for three periods, then the next source or the proxy model counts";
constexpr std::string_view kNothingMapped = "service_mappings is empty: no service is measured";

seconds to_seconds(std::uint64_t count) { return seconds(static_cast<std::int64_t>(count)); }

// Checked when the configuration was loaded.
std::vector<std::pair<std::string, std::string>> headers_of(const std::optional<std::string>& text) {
  if (!text) return {};
  const base::Result<config::Header> header = config::parse_auth_header(*text);
  if (!header) return {};
  return {{header->name, header->value}};
}

std::string count_text(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string services(std::size_t count) { return count_text(count, "service"); }

// -- what the section of a backend adds to its row; false: it is off

bool scaphandre(const GreenConfig& green, Plan& plan) {
  const config::ScaphandreConfig& c = green.scaphandre;
  if (!c.active()) return false;
  plan.period = to_seconds(c.scrape_interval_secs);
  plan.about = net::redacted_url(*c.endpoint) + ", " + services(c.process_map.size());
  if (c.process_map.empty()) plan.warning = "process_map is empty: no service is measured";
  plan.headers = headers_of(c.auth_header);
  plan.source = std::make_unique<Scaphandre>(c);
  return true;
}

bool kepler(const GreenConfig& green, Plan& plan) {
  const config::KeplerConfig& c = green.kepler;
  if (!c.active()) return false;
  plan.period = to_seconds(c.scrape_interval_secs);
  plan.about = net::redacted_url(*c.endpoint) + ", " + services(c.service_mappings.size());
  if (c.service_mappings.empty()) plan.warning = kNothingMapped;
  plan.headers = headers_of(c.auth_header);
  plan.source = std::make_unique<Kepler>(c);
  return true;
}

bool alumet(const GreenConfig& green, Plan& plan) {
  const config::AlumetConfig& c = green.alumet;
  if (!c.active()) return false;
  plan.period = to_seconds(c.scrape_interval_secs);
  plan.about = net::redacted_url(*c.endpoint) + ", metric " + *c.metric_name + ", label " + *c.label_key +
               ", energy_interval_secs " + base::text_plain(c.energy_interval_secs) + ", " +
               services(c.service_mappings.size());
  if (c.service_mappings.empty() && !c.database) plan.warning = kNothingMapped;
  plan.headers = headers_of(c.auth_header);
  plan.source = std::make_unique<Alumet>(c);
  return true;
}

bool redfish(const GreenConfig& green, Plan& plan) {
  const config::RedfishConfig& c = green.redfish;
  if (!c.active()) return false;
  plan.period = to_seconds(c.scrape_interval_secs);
  plan.about = std::to_string(c.endpoints.size()) + " chassis, " + services(c.service_mappings.size());
  if (c.service_mappings.empty()) plan.warning = kNothingMapped;
  plan.authorities = c.ca_bundle_path.value_or("");
  plan.headers = headers_of(c.auth_header);
  plan.source = std::make_unique<Redfish>(c);
  return true;
}

bool cloud(const GreenConfig& green, Plan& plan) {
  const config::CloudConfig& c = green.cloud;
  if (!c.active()) return false;
  plan.period = to_seconds(c.scrape_interval_secs);
  plan.about = net::redacted_url(*c.prometheus_endpoint) + ", " + services(c.services.size());
  if (c.services.empty()) plan.warning = "services is empty: no service is measured";
  plan.headers = headers_of(c.auth_header);
  plan.source = std::make_unique<Cloud>(c);
  return true;
}

bool electricity_maps(const GreenConfig& green, Plan& plan) {
  const config::ElectricityMapsConfig& c = green.emaps;
  if (!c.active()) return false;
  plan.period = to_seconds(c.poll_interval_secs);
  plan.about = net::redacted_url(c.endpoint) + ", " + count_text(c.region_map.size(), "region");
  plan.without = "after three periods regions go back to the built-in intensities";
  if (green.emaps_api_version == "v3")
    plan.warning = "version 3 of the API is deprecated: use https://api.electricitymaps.com/v4";
  plan.headers = {{"auth-token", *c.api_key}};
  plan.source = std::make_unique<ElectricityMaps>(c);
  return true;
}

struct Row {
  Backend backend;
  FetchRules rules;
  bool at_once;  // as in Plan
  bool quiet;
  bool (*fill)(const GreenConfig&, Plan&);
};
constexpr Row kRows[] = {
    {Backend::kAlumet, {.user_agent = "perf-sentinel/alumet-scraper"}, false, false, alumet},
    {Backend::kScaphandre, {.user_agent = "perf-sentinel/scaphandre-scraper"}, false, false, scaphandre},
    {Backend::kKepler, {.user_agent = "perf-sentinel/kepler-scraper"}, false, false, kepler},
    {Backend::kRedfish,
     {.user_agent = "perf-sentinel/redfish-scraper", .deadline = kFurther, .at_once = kAtOnce},
     false,
     false,
     redfish},
    {Backend::kCloudEnergy,
     {.user_agent = "perf-sentinel/cloud-energy-scraper", .deadline = kFurther, .at_once = kAtOnce},
     false,
     true,
     cloud},
    {Backend::kElectricityMaps,
     {.user_agent = "perf-sentinel", .deadline = kFurther, .max_body = kMostIntensity, .only_200 = true},
     true,
     true,
     electricity_maps},
};

}  // namespace

std::vector<Plan> plans_of(const GreenConfig& config) {
  std::vector<Plan> plans;
  for (const Row& row : kRows) {
    Plan plan;
    plan.backend = row.backend;
    plan.rules = row.rules;
    plan.at_once = row.at_once;
    plan.quiet = row.quiet;
    plan.without = kProxyModel;
    if (row.fill(config, plan)) plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace sentinel::energy
