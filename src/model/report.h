// The result of one analysis, as every renderer reads it (chapter 07 §3, chapter 04 §11). Plain data.
//
// Texts of findings are views (finding.h); everything else owns its text. Whoever builds a Report keeps the owners of those
// views alive beside it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.h"

namespace sentinel::model {

// Spans received and not analysed, with the reason (01 §8.15). Only OTLP inputs have one.
struct IngestTally {
  std::uint64_t received = 0;
  std::uint64_t not_io = 0;
  std::uint64_t missing_db_statement = 0;
  std::uint64_t missing_http_url = 0;
  std::uint64_t non_sql_datastore = 0;
  std::uint64_t merged_db_span = 0;
  std::uint64_t retained_sql = 0;
  std::uint64_t retained_http = 0;

  // What a saved report says instead of the counts it was made from; shown as it stands.
  struct Stated {
    std::uint64_t filtered = 0;
    std::optional<double> usable_ratio;
  };
  std::optional<Stated> stated = std::nullopt;

  void add(const IngestTally& other);

  // Spans left out, merged ones apart.
  [[nodiscard]] std::uint64_t filtered() const {
    return stated ? stated->filtered : not_io + missing_db_statement + missing_http_url + non_sql_datastore;
  }

  // Smallest share of usable spans over the I/O kinds with at least kUsableSample spans; nullopt when none has.
  [[nodiscard]] std::optional<double> usable_ratio() const;
};
inline constexpr std::uint64_t kUsableSample = 20;

struct AnalysisInfo {
  std::uint64_t duration_ms = 0;
  std::uint64_t events_processed = 0;
  std::uint64_t traces_analyzed = 0;
  std::optional<IngestTally> ingest;
};

struct TopOffender {
  std::string endpoint;
  std::string service;
  double io_intensity_score = 0.0;
  Band band = Band::kHealthy;
  std::optional<double> co2_grams;
};

struct CarbonEstimate {
  double low = 0.0;
  double mid = 0.0;
  double high = 0.0;
  std::string model;
  std::string methodology;
};

struct CarbonReport {
  CarbonEstimate total;
  CarbonEstimate avoidable;
  double operational_gco2 = 0.0;
  double embodied_gco2 = 0.0;
  std::optional<double> transport_gco2;
  std::optional<CarbonEstimate> sci_per_trace;
  std::string functional_unit;  // "trace"; empty = absent
};

enum class IntensitySource : std::uint8_t { kAnnual, kHourly, kMonthlyHourly, kRealTime };  // by rising fidelity
[[nodiscard]] std::string_view slug(IntensitySource source);

struct RegionRow {
  std::string status;  // known, out_of_table, unresolved
  std::string region;
  double grid_intensity = 0.0;  // gCO2/kWh
  double pue = 0.0;
  std::uint64_t io_ops = 0;
  double co2_gco2 = 0.0;
  IntensitySource source = IntensitySource::kAnnual;
  std::optional<bool> estimated;
  std::optional<std::string> estimation_method;
};

struct ScoringConfig {
  std::string api_version = "v4";
  std::string emission_factor_type = "lifecycle";
  std::string temporal_granularity = "hourly";
  std::optional<bool> electricity_maps;
  std::optional<double> embodied_per_request_gco2;
  std::optional<double> network_energy_per_byte_kwh;
  std::optional<bool> per_operation_coefficients;
  std::optional<bool> use_hourly_profiles;
};

// Database or broker waste (04 §9).
struct WasteFigure {
  double energy_kwh = 0.0;
  double waste_kwh = 0.0;
  std::optional<double> waste_gco2;
  std::optional<double> energy_gco2;
  std::optional<std::string> region;
  double ratio = 0.0;
  std::string model;
};

struct GreenSummary {
  std::uint64_t total_io_ops = 0;
  std::uint64_t avoidable_io_ops = 0;
  std::uint64_t total_sql_io_ops = 0;
  std::uint64_t avoidable_sql_io_ops = 0;
  std::uint64_t total_messaging_io_ops = 0;
  std::uint64_t avoidable_messaging_io_ops = 0;
  double io_waste_ratio = 0.0;
  Band io_waste_ratio_band = Band::kHealthy;
  std::vector<TopOffender> top_offenders;
  std::optional<CarbonReport> co2;
  std::vector<RegionRow> regions;
  std::optional<double> transport_gco2;
  std::optional<ScoringConfig> scoring_config;
  double energy_kwh = 0.0;
  std::string energy_model;
  std::map<std::string, double> per_service_carbon_kgco2eq;
  std::map<std::string, double> per_service_energy_kwh;
  std::map<std::string, std::string> per_service_region;
  std::map<std::string, std::string> per_service_energy_model;
  std::map<std::string, double> per_service_measured_ratio;
  std::optional<WasteFigure> database_waste;
  std::optional<WasteFigure> messaging_waste;
};

struct GateRule {
  std::string rule;
  double threshold = 0.0;
  double actual = 0.0;
  bool passed = false;
};

struct QualityGate {
  bool passed = true;
  std::vector<GateRule> rules;
};

struct EndpointIoOps {
  std::string service;
  std::string endpoint;
  std::uint64_t io_ops = 0;
};

struct Warning {
  std::string kind;  // cold_start, ingestion_drops, tuning, unmatched_acknowledgment
  std::string message;
};

struct Acknowledgment {
  std::string signature;
  std::string acknowledged_by;
  std::string acknowledged_at;
  std::string reason;
  std::optional<std::string> expires_at;
  std::optional<std::string> service;
  std::optional<std::string> source_endpoint;
};

struct AcknowledgedFinding {
  Finding finding;
  Acknowledgment acknowledgment;
};

// Thresholds that a report was made with (03 §3.2).
struct DetectionSettings {
  std::uint32_t n_plus_one_threshold = 5;
  std::uint64_t window_ms = 500;
  std::uint64_t slow_threshold_ms = 500;
  std::uint32_t slow_min_occurrences = 3;
  std::uint32_t max_fanout = 20;
  std::uint32_t chatty_service_min_calls = 15;
  std::uint32_t pool_saturation_concurrent_threshold = 10;
  std::uint32_t serialized_min_sequential = 3;
  enum class Sanitizer : std::uint8_t { kAuto, kStrict, kAlways, kNever } sanitizer = Sanitizer::kAuto;
};
[[nodiscard]] std::string_view slug(DetectionSettings::Sanitizer mode);

// Two findings that a daemon saw follow one another across traces (07 §6.2).
struct CorrelationEnd {
  FindingType type = FindingType::kNPlusOneSql;
  std::string service;
  std::string template_text;
  std::optional<std::string> grouping_key;
  std::optional<std::string> grouping_value;
};
struct Correlation {
  CorrelationEnd source;
  CorrelationEnd target;
  std::uint64_t co_occurrence_count = 0;
  std::uint64_t source_total_occurrences = 0;
  double confidence = 0.0;
  double median_lag_ms = 0.0;
  std::string first_seen;
  std::string last_seen;
  std::optional<std::string> sample_trace_id;
};

struct Report {
  AnalysisInfo analysis;
  std::vector<Finding> findings;
  GreenSummary green_summary;
  QualityGate quality_gate;
  std::vector<EndpointIoOps> per_endpoint_io_ops;
  std::vector<Correlation> correlations;  // of a daemon only
  std::vector<std::string> warnings;
  std::vector<Warning> warning_details;
  std::vector<AcknowledgedFinding> acknowledged_findings;
  std::string binary_version;
  std::optional<DetectionSettings> detection_config;
};

}  // namespace sentinel::model
