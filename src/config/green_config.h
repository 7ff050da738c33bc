// The measured-energy and intensity sections of [green] as plain values (chapter 06 §2.5, chapter 04 §12, §13, §15).
//
// A section's keys are type-checked always and range-checked only when the section is active(). Texts that the rules trim
// (metric_name, label_key, instance_type, …) are stored trimmed. Read by any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sentinel::config {

using StringMap = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t kMaxServiceRegions = 1024;
inline constexpr std::size_t kMaxServiceMappings = 1024;
inline constexpr std::size_t kMaxCloudServices = 256;

// Which process of a host belongs to a service; plain substrings, case counts.
struct ProcessMatcher {
  std::string exe_contains;
  std::optional<std::string> cmdline_contains;
};

struct ScaphandreConfig {
  std::optional<std::string> endpoint;
  std::uint64_t scrape_interval_secs = 5;
  std::map<std::string, ProcessMatcher, std::less<>> process_map;  // by service
  std::optional<std::string> auth_header;
  [[nodiscard]] bool active() const { return endpoint.has_value(); }
};

struct KeplerConfig {
  enum class MetricKind : std::uint8_t { kContainer, kProcess };
  std::optional<std::string> endpoint;
  std::uint64_t scrape_interval_secs = 5;
  MetricKind metric_kind = MetricKind::kContainer;
  StringMap service_mappings;  // service -> label value
  std::optional<std::string> auth_header;
  [[nodiscard]] bool active() const { return endpoint.has_value(); }
};

// One label whose energy is that of the database or the broker.
struct AlumetLabel {
  std::string label_value;
  std::optional<std::string> region;
};

struct AlumetConfig {
  std::optional<std::string> endpoint;
  std::uint64_t scrape_interval_secs = 5;
  std::optional<std::string> metric_name;  // set when active
  std::optional<std::string> label_key;    // set when active
  double energy_interval_secs = 1.0;
  StringMap service_mappings;  // service -> label value
  std::optional<std::string> auth_header;
  std::optional<AlumetLabel> database;
  std::optional<AlumetLabel> broker;
  [[nodiscard]] bool active() const { return endpoint.has_value(); }
};

struct RedfishEndpoint {
  enum class Schema : std::uint8_t { kLegacyPower, kEnvironmentMetrics };
  std::string url;
  Schema schema = Schema::kLegacyPower;
};

struct RedfishConfig {
  std::map<std::string, RedfishEndpoint, std::less<>> endpoints;  // by chassis
  std::uint64_t scrape_interval_secs = 60;
  StringMap service_mappings;  // service -> chassis
  std::optional<std::string> ca_bundle_path;
  std::optional<std::string> auth_header;
  [[nodiscard]] bool active() const { return !endpoints.empty(); }
};

// Either watts figure selects the manual form; the other then counts as 0.
struct CloudService {
  std::optional<std::string> provider;
  std::string instance_type;
  std::optional<double> idle_watts;
  std::optional<double> max_watts;
  std::optional<std::string> cpu_query;
  [[nodiscard]] bool manual() const { return idle_watts || max_watts; }
};

struct CloudConfig {
  std::optional<std::string> prometheus_endpoint;
  std::uint64_t scrape_interval_secs = 15;
  std::optional<std::string> default_provider;
  std::optional<std::string> default_instance_type;
  std::optional<std::string> cpu_metric;
  std::map<std::string, CloudService, std::less<>> services;
  std::optional<std::string> auth_header;
  [[nodiscard]] bool active() const { return prometheus_endpoint.has_value(); }
};

struct BrokerStaticConfig {
  std::optional<std::uint32_t> nodes;
  std::optional<std::string> instance_type;
  std::optional<std::string> provider;  // lower case; "generic" once the section is active
  std::optional<std::string> region;
  [[nodiscard]] bool active() const { return nodes && instance_type; }
};

struct ElectricityMapsConfig {
  std::optional<std::string> api_key;
  std::string endpoint = "https://api.electricitymaps.com/v4";  // without trailing '/'
  std::uint64_t poll_interval_secs = 300;
  StringMap region_map;  // lower-case region -> zone
  std::string emission_factor_type = "lifecycle";
  std::string temporal_granularity = "hourly";
  [[nodiscard]] bool active() const { return api_key && !api_key->empty(); }
};

}  // namespace sentinel::config
