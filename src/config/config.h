// The whole configuration as plain values, immutable after load (chapter 06 §2; one row a key in key_table.cpp).
//
// Defaults are those of the specification. A Config is read by any thread; nothing in it refers to files any more: profile
// and calibration files are parsed while loading.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/daemon_config.h"
#include "config/green_config.h"
#include "config/reporting_config.h"
#include "config/scoped_rule.h"
#include "model/report.h"

namespace sentinel::config {

struct ThresholdsConfig {
  std::uint32_t n_plus_one_sql_critical_max = 0;
  std::uint32_t n_plus_one_http_warning_max = 3;
  std::uint32_t n_plus_one_messaging_warning_max = 3;
  double io_waste_ratio_max = 0.30;
  std::optional<double> min_usable_span_ratio;
};

inline constexpr std::size_t kMaxGroupingAttributes = 8;

struct DetectionConfig {
  model::DetectionSettings settings;
  std::vector<std::string> grouping_attributes = {"k8s.namespace.name", "service.namespace"};  // at most 8, none blank
};

// Hours are UTC; gCO2/kWh.
struct HourlyProfile {
  bool monthly = false;  // else only months[0] counts
  std::array<std::array<double, 24>, 12> months{};
};

struct GreenConfig {
  bool enabled = true;
  std::optional<std::string> default_region;           // lower case
  std::map<std::string, std::string> service_regions;  // lower-case service -> region as written
  double embodied_carbon_per_request_gco2 = 0.001;
  bool use_hourly_profiles = true;
  bool per_operation_coefficients = true;
  std::optional<std::string> hourly_profiles_file;                   // as written; its content is custom_profiles
  std::optional<std::string> calibration_file;                       // as written; its content is calibration_factors
  std::map<std::string, HourlyProfile> custom_profiles;              // lower-case region -> profile
  std::optional<std::map<std::string, double>> calibration_factors;  // service -> factor; set when a file was loaded
  // Names of configured backend tables, in the order of 04 §12 ("alumet" … "electricity_maps"); a batch run warns about them.
  std::vector<std::string> configured_backends;
  // What scoring_config records of [green.electricity_maps]; electricity_maps is true when that section is active.
  std::string emaps_api_version = "v4";
  std::string emaps_emission_factor_type = "lifecycle";
  std::string emaps_temporal_granularity = "hourly";
  bool electricity_maps = false;

  // The sections of the daemon's backends, active or not.
  ScaphandreConfig scaphandre;
  KeplerConfig kepler;
  AlumetConfig alumet;
  RedfishConfig redfish;
  CloudConfig cloud;
  BrokerStaticConfig broker_static;
  ElectricityMapsConfig emaps;

  // Not in the header, because the many members would be compiled again in every file that holds one.
  GreenConfig();
  GreenConfig(const GreenConfig& other);
  GreenConfig(GreenConfig&& other) noexcept;
  GreenConfig& operator=(const GreenConfig& other);
  GreenConfig& operator=(GreenConfig&& other) noexcept;
  ~GreenConfig();
};

struct Config {
  ThresholdsConfig thresholds;
  DetectionConfig detection;
  GreenConfig green;
  DaemonConfig daemon;
  ReportingConfig reporting;
  TelemetryConfig telemetry;
  std::vector<ScopedRule> rules;  // in the order of the file

  // As above.
  Config();
  Config(const Config& other);
  Config(Config&& other) noexcept;
  Config& operator=(const Config& other);
  Config& operator=(Config&& other) noexcept;
  ~Config();
};

}  // namespace sentinel::config
