// A periodic disclosure as plain data, in the sections it is published in (chapter 08 §6).
//
// `disclose` builds one (period_report.h), validates it (validate.h) and writes it (document_tree.h). Energy is in kWh, carbon
// in kgCO2eq unless a name says otherwise. Numbers are not rounded. No behaviour.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "disclosure/instant.h"
#include "model/finding.h"

namespace sentinel::disclosure {

enum class Intent : std::uint8_t { kInternal, kOfficial, kAudited };
enum class Confidentiality : std::uint8_t { kInternal, kPublic };  // each anti-pattern, or their number only
enum class PeriodType : std::uint8_t { kCalendarQuarter, kCalendarMonth, kCalendarYear, kCustom };
enum class Conformance : std::uint8_t { kCoreRequired, kExtended, kPartial };

[[nodiscard]] std::string_view slug(Intent intent);
[[nodiscard]] std::string_view slug(Confidentiality level);
[[nodiscard]] std::string_view slug(PeriodType type);
[[nodiscard]] std::string_view slug(Conformance conformance);

inline constexpr std::string_view kSchemaVersion = "perf-sentinel-report/v1.6";
// Traffic that no window attributes to a service; a bucket, never an application.
inline constexpr std::string_view kUnattributed = "_unattributed";

struct NamedReason {
  std::string name;
  std::string reason;
};

struct Identifiers {
  std::optional<std::string> siren;
  std::optional<std::string> vat;
  std::optional<std::string> lei;
  std::optional<std::string> opencorporates_url;
  std::optional<std::string> domain;
};

// What the organisation says of itself: the --org-config file (08 §2.3).
struct OrgConfig {
  std::string name;
  std::string country;
  std::optional<std::string> sector;
  Identifiers identifiers;
  std::string sci_specification;
  Conformance conformance = Conformance::kPartial;
  std::vector<std::string> enabled_patterns;
  std::vector<NamedReason> disabled_patterns;
  std::string carbon_intensity_source;
  std::string specpower_table_version;
  std::vector<std::string> cloud_regions;
  bool scaphandre_used = false;
  std::uint32_t total_applications_declared = 0;
  std::optional<std::uint64_t> total_requests_in_period;
  std::vector<NamedReason> applications_excluded;
  std::vector<std::string> environments_measured;
  std::vector<NamedReason> environments_excluded;
  std::vector<std::string> disclaimers;
  std::map<std::string, std::string> reference_urls;
};

struct Period {
  Days from = 0;
  Days to = 0;  // inclusive
  PeriodType type = PeriodType::kCustom;
  std::uint32_t days_covered = 0;
};

// Avoidable operations at one n_plus_one threshold.
struct Tier {
  std::uint32_t n_plus_one_threshold = 0;
  double energy_kwh = 0.0;
  double carbon_kgco2eq = 0.0;
  double waste_ratio = 0.0;       // 0-1
  double efficiency_score = 0.0;  // 0-100

  [[nodiscard]] bool no_data() const {
    return n_plus_one_threshold == 0 && energy_kwh == 0.0 && carbon_kgco2eq == 0.0 && waste_ratio == 0.0 &&
           efficiency_score == 0.0;
  }
};

// Energy of databases or brokers; outside every total.
struct WasteBlock {
  double energy_kwh = 0.0;
  double measured_energy_kwh = 0.0;
  double declared_energy_kwh = 0.0;
  std::set<std::string> models;
  std::uint64_t windows_with_figure = 0;
  std::uint64_t measured_windows = 0;
  std::uint64_t declared_windows = 0;
  std::uint64_t estimated_windows = 0;
  std::uint64_t windows_with_carbon = 0;
  double operational_waste_kwh = 0.0;
  std::optional<double> operational_waste_kgco2eq;
  double canonical_waste_kwh = 0.0;
  std::optional<double> canonical_waste_kgco2eq;
};

struct CarbonBreakdown {  // kgCO2eq
  std::optional<double> operational;
  std::optional<double> embodied;
  std::optional<double> database_out_of_total;
  std::optional<double> messaging_out_of_total;
  std::optional<double> transport;
  std::optional<double> transport_low;
  std::optional<double> transport_high;
};

struct TemporalCoverage {
  double ratio = 0.0;  // observed / period, 0-1
  std::uint32_t observed_days = 0;
  std::uint32_t days_in_period = 0;
  std::uint32_t largest_gap_days = 0;

  [[nodiscard]] bool no_data() const {
    return ratio == 0.0 && observed_days == 0 && days_in_period == 0 && largest_gap_days == 0;
  }
};

struct Aggregate {
  std::uint64_t total_requests = 0;  // traces
  double total_energy_kwh = 0.0;
  double total_carbon_kgco2eq = 0.0;
  std::optional<CarbonBreakdown> carbon_breakdown;
  double efficiency_score = 0.0;  // 0-100
  double waste_ratio = 0.0;       // 0-1
  std::uint64_t anti_patterns_detected = 0;
  double optimization_potential_kgco2eq = 0.0;
  Tier canonical_waste;    // at the threshold that all disclosures share
  Tier operational_waste;  // at the thresholds the daemons ran with
  double period_coverage = 1.0;
  std::set<std::string> binary_versions;
  std::uint64_t runtime_windows = 0;
  std::uint64_t fallback_windows = 0;
  std::optional<WasteBlock> database_waste;
  std::optional<WasteBlock> messaging_waste;
  std::map<std::string, std::set<std::string>> per_service_energy_models;
  std::map<std::string, double> per_service_measured_ratio;
  TemporalCoverage temporal_coverage;
};

struct Calibration {
  std::set<std::string> energy_source_models;
  bool calibration_applied = false;
  std::set<std::string> scoring_coefficients;
  std::set<std::string> carbon_methodologies;
  std::optional<double> embodied_gco2_total;
  std::optional<double> embodied_gco2_per_request;
};

struct AntiPattern {
  model::FindingType type = model::FindingType::kNPlusOneSql;
  std::uint64_t occurrences = 0;  // findings
  double estimated_waste_kwh = 0.0;
  double estimated_waste_kgco2eq = 0.0;
  Instant first_seen;
  Instant last_seen;
};

struct Application {
  std::string service_name;
  std::uint32_t endpoints_observed = 0;
  std::uint64_t total_requests = 0;
  double energy_kwh = 0.0;
  double carbon_kgco2eq = 0.0;
  double efficiency_score = 0.0;           // 0-100
  std::vector<AntiPattern> anti_patterns;  // by name; published only when the document is internal
  std::uint64_t anti_patterns_detected = 0;
};

// Lines of the archives by what their hash chain says (08 §4.1).
struct ChainCounts {
  std::uint64_t breaks = 0;
  std::uint64_t breaks_outside_period = 0;
  std::uint64_t windows_unchained = 0;
  std::uint64_t windows_verified = 0;
};

struct Document {
  Intent intent = Intent::kInternal;
  Confidentiality confidentiality = Confidentiality::kInternal;
  Instant generated_at;
  std::string generated_by;  // cli-batch, ci
  std::string version;       // of this program
  std::string report_uuid;
  OrgConfig organisation;
  Period period;
  std::uint32_t applications_measured = 0;
  std::optional<double> coverage_percentage;
  std::vector<std::string> core_patterns_required;
  std::string binary_specpower_vintage;
  Calibration calibration;
  Aggregate aggregate;
  std::vector<Application> applications;  // by name
  std::string content_hash;
  std::optional<std::string> binary_hash;
  ChainCounts chain;
  std::vector<std::string> disclaimers;
};

}  // namespace sentinel::disclosure
