#include "analysis/report_shape.h"

#include <algorithm>

#include "analysis/json_shape.h"
#include "model/impact.h"
#include "model/report.h"

namespace sentinel::analysis {
namespace shape {
namespace {

// -- enums by name

bool is_finding_type(std::string_view s) { return finding_type_named(s).has_value(); }
bool is_severity(std::string_view s) { return severity_named(s).has_value(); }
bool is_confidence(std::string_view s) { return confidence_named(s).has_value(); }
bool is_band(std::string_view s) { return band_named(s).has_value(); }
bool is_classification(std::string_view s) { return classification_named(s).has_value(); }
bool is_intensity_source(std::string_view s) { return intensity_source_named(s).has_value(); }
bool is_fix(std::string_view s) { return model::fix_named(s).has_value(); }
bool is_event_type(std::string_view s) { return event_type_named(s).has_value(); }
bool is_api_version(std::string_view s) { return s == "v3" || s == "v4" || s == "custom"; }
bool is_emission_factor(std::string_view s) { return s == "lifecycle" || s == "direct"; }
bool is_granularity(std::string_view s) { return s == "hourly" || s == "5_minutes" || s == "15_minutes"; }

// -- the report

constexpr Rule kIngestRules[] = {
    required("spans_received", kU64),
    required("spans_filtered", kU64),
    required("filtered_not_io", kU64),
    required("filtered_missing_db_statement", kU64),
    required("filtered_missing_http_url", kU64),
    required("filtered_non_sql_datastore", kU64),
    required("filtered_merged_db_span", kU64),
    nullable("usable_span_ratio", kFloat),
};
constexpr Shape kIngest = kIngestRules;

constexpr Rule kAnalysisRules[] = {
    required("duration_ms", kU64),
    required("events_processed", kU64),
    required("traces_analyzed", kU64),
    nullable("ingest", object(kIngest)),
};
constexpr Shape kAnalysis = kAnalysisRules;

constexpr Rule kPairRules[] = {required("key", kText), required("value", kText)};
constexpr Shape kPair = kPairRules;

constexpr Rule kPatternRules[] = {
    required("template", kText),
    required("occurrences", kU64),
    required("window_ms", kU64),
    required("distinct_params", kU64),
    nullable("span_duration_us_p50", kU64),
    nullable("span_duration_us_p99", kU64),
    nullable("span_duration_cv_x1000", kU32),
};
constexpr Shape kPattern = kPatternRules;

constexpr Rule kImpactRules[] = {
    required("estimated_extra_io_ops", kU64),
    required("io_intensity_score", kFloat),
    required("io_intensity_band", one_of(is_band)),
};
constexpr Shape kImpact = kImpactRules;

constexpr Rule kLocationRules[] = {
    nullable("function", kText),
    nullable("filepath", kText),
    nullable("lineno", kU32),
    nullable("namespace", kText),
};
constexpr Shape kLocation = kLocationRules;

constexpr Rule kFixRules[] = {
    required("pattern", kText),
    required("framework", kText),
    required("recommendation", kText),
    nullable("reference_url", kText),
};
constexpr Shape kFix = kFixRules;

constexpr Rule kCostRules[] = {
    required("critical_path_us", kU64),
    required("trace_us", kU64),
    required("avoidable_io_ops", kU64),
    optional("energy_kwh", kFloat),
};
constexpr Shape kCost = kCostRules;

constexpr Rule kWhatIfRules[] = {
    required("fix", one_of(is_fix)), required("trace_us", kU64),           required("saving_us", kU64),
    required("saved_io_ops", kU64),  optional("saved_energy_kwh", kFloat),
};
constexpr Shape kWhatIf = kWhatIfRules;

constexpr Rule kEvidenceRules[] = {
    required("spans", kU64),
    required("critical_spans", kU64),
    required("span_ids", list(kText)),
};
constexpr Shape kEvidence = kEvidenceRules;

constexpr Rule kFindingRules[] = {
    required("type", one_of(is_finding_type)),
    required("severity", one_of(is_severity)),
    required("trace_id", kText),
    required("service", kText),
    optional("grouping", list(object(kPair))),
    required("source_endpoint", kText),
    required("pattern", object(kPattern)),
    required("suggestion", kText),
    required("first_timestamp", kText),
    required("last_timestamp", kText),
    nullable("green_impact", object(kImpact)),
    optional("confidence", one_of(is_confidence)),
    nullable("classification_method", one_of(is_classification)),
    nullable("code_location", object(kLocation)),
    optional("instrumentation_scopes", list(kText)),
    nullable("suggested_fix", object(kFix)),
    optional("signature", kText),
    optional("impact", object(kCost)),
    optional("what_if", object(kWhatIf)),
    optional("evidence", object(kEvidence)),
};
constexpr Shape kFinding = kFindingRules;

constexpr Rule kOffenderRules[] = {
    required("endpoint", kText),
    required("service", kText),
    required("io_intensity_score", kFloat),
    required("io_intensity_band", one_of(is_band)),
    nullable("co2_grams", kFloat),
};
constexpr Shape kOffender = kOffenderRules;

constexpr Rule kEstimateRules[] = {
    required("low", kFloat),  required("mid", kFloat),        required("high", kFloat),
    required("model", kText), required("methodology", kText),
};
constexpr Shape kEstimate = kEstimateRules;

constexpr Rule kCarbonRules[] = {
    required("total", object(kEstimate)), required("avoidable", object(kEstimate)),
    required("operational_gco2", kFloat), required("embodied_gco2", kFloat),
    nullable("transport_gco2", kFloat),   nullable("sci_per_trace", object(kEstimate)),
    optional("functional_unit", kText),
};
constexpr Shape kCarbon = kCarbonRules;

constexpr Rule kRegionRules[] = {
    required("status", kText),
    required("region", kText),
    required("grid_intensity_gco2_kwh", kFloat),
    required("pue", kFloat),
    required("io_ops", kU64),
    required("co2_gco2", kFloat),
    optional("intensity_source", one_of(is_intensity_source)),
    nullable("intensity_estimated", kBool),
    nullable("intensity_estimation_method", kText),
};
constexpr Shape kRegion = kRegionRules;

constexpr Rule kScoringRules[] = {
    required("api_version", one_of(is_api_version)),
    required("emission_factor_type", one_of(is_emission_factor)),
    required("temporal_granularity", one_of(is_granularity)),
    nullable("electricity_maps", kBool),
    nullable("embodied_per_request_gco2", kFloat),
    nullable("network_energy_per_byte_kwh", kFloat),
    nullable("per_operation_coefficients", kBool),
    nullable("use_hourly_profiles", kBool),
};
constexpr Shape kScoring = kScoringRules;

constexpr Rule kDatabaseWasteRules[] = {
    required("energy_kwh", kFloat),  required("waste_kwh", kFloat), nullable("waste_gco2", kFloat),
    nullable("energy_gco2", kFloat), nullable("region", kText),     required("sql_waste_ratio", kFloat),
    optional("model", kText),
};
constexpr Shape kDatabaseWaste = kDatabaseWasteRules;

constexpr Rule kMessagingWasteRules[] = {
    required("energy_kwh", kFloat),  required("waste_kwh", kFloat), nullable("waste_gco2", kFloat),
    nullable("energy_gco2", kFloat), nullable("region", kText),     required("messaging_waste_ratio", kFloat),
    optional("model", kText),
};
constexpr Shape kMessagingWaste = kMessagingWasteRules;

constexpr Rule kGreenRules[] = {
    required("total_io_ops", kU64),
    required("avoidable_io_ops", kU64),
    optional("total_sql_io_ops", kU64),
    optional("avoidable_sql_io_ops", kU64),
    optional("total_messaging_io_ops", kU64),
    optional("avoidable_messaging_io_ops", kU64),
    required("io_waste_ratio", kFloat),
    required("io_waste_ratio_band", one_of(is_band)),
    required("top_offenders", list(object(kOffender))),
    nullable("co2", object(kCarbon)),
    optional("regions", list(object(kRegion))),
    nullable("transport_gco2", kFloat),
    nullable("scoring_config", object(kScoring)),
    optional("energy_kwh", kFloat),
    optional("energy_model", kText),
    optional("per_service_carbon_kgco2eq", map_of(kFloat)),
    optional("per_service_energy_kwh", map_of(kFloat)),
    optional("per_service_region", map_of(kText)),
    optional("per_service_energy_model", map_of(kText)),
    optional("per_service_measured_ratio", map_of(kFloat)),
    nullable("database_waste", object(kDatabaseWaste)),
    nullable("messaging_waste", object(kMessagingWaste)),
};
constexpr Shape kGreen = kGreenRules;

constexpr Rule kGateRuleRules[] = {
    required("rule", kText),
    required("threshold", kFloat),
    required("actual", kFloat),
    required("passed", kBool),
};
constexpr Shape kGateRule = kGateRuleRules;

constexpr Rule kGateRules[] = {required("passed", kBool), required("rules", list(object(kGateRule)))};
constexpr Shape kGate = kGateRules;

constexpr Rule kEndpointRules[] = {required("service", kText), required("endpoint", kText), required("io_ops", kU64)};
constexpr Shape kEndpoint = kEndpointRules;

constexpr Rule kCorrelationEndRules[] = {
    required("finding_type", one_of(is_finding_type)),
    required("service", kText),
    required("template", kText),
    nullable("grouping_key", kText),
    nullable("grouping_value", kText),
};
constexpr Shape kCorrelationEnd = kCorrelationEndRules;

constexpr Rule kCorrelationRules[] = {
    required("source", object(kCorrelationEnd)),
    required("target", object(kCorrelationEnd)),
    required("co_occurrence_count", kU64),
    required("source_total_occurrences", kU64),
    required("confidence", kFloat),
    required("median_lag_ms", kFloat),
    required("first_seen", kText),
    required("last_seen", kText),
    nullable("sample_trace_id", kText),
};
constexpr Shape kCorrelation = kCorrelationRules;

constexpr Rule kEmbeddedSpanRules[] = {
    required("span_id", kText),    optional("timestamp", kText), nullable("parent_span_id", kText),
    required("service", kText),    required("endpoint", kText),  required("event_type", one_of(is_event_type)),
    required("operation", kText),  required("template", kText),  required("duration_us", kU64),
    nullable("status_code", kU16),
};
constexpr Shape kEmbeddedSpan = kEmbeddedSpanRules;

constexpr Rule kEmbeddedTraceRules[] = {required("trace_id", kText), required("spans", list(object(kEmbeddedSpan)))};
constexpr Shape kEmbeddedTrace = kEmbeddedTraceRules;

constexpr Rule kWarningRules[] = {required("kind", kText), required("message", kText)};
constexpr Shape kWarning = kWarningRules;

constexpr Rule kAcknowledgmentRules[] = {
    required("signature", kText),       required("acknowledged_by", kText), required("acknowledged_at", kText),
    required("reason", kText),          nullable("expires_at", kText),      nullable("service", kText),
    nullable("source_endpoint", kText),
};
constexpr Shape kAcknowledgment = kAcknowledgmentRules;

constexpr Rule kAcknowledgedRules[] = {
    required("finding", object(kFinding)),
    required("acknowledgment", object(kAcknowledgment)),
};
constexpr Shape kAcknowledged = kAcknowledgedRules;

constexpr Rule kTierRules[] = {
    required("n_plus_one_threshold", kU32),
    required("avoidable_io_ops", kU64),
    required("avoidable_kwh", kFloat),
    required("avoidable_gco2", kFloat),
};
constexpr Shape kTier = kTierRules;

constexpr Rule kTierBlockRules[] = {
    required("energy_kwh", kFloat),
    required("model", kText),
    required("operational_waste_kwh", kFloat),
    nullable("operational_waste_gco2", kFloat),
    required("canonical_waste_kwh", kFloat),
    nullable("energy_gco2", kFloat),
    nullable("canonical_waste_gco2", kFloat),
};
constexpr Shape kTierBlock = kTierBlockRules;

constexpr Rule kDisclosureRules[] = {
    required("operational", object(kTier)),
    required("canonical", object(kTier)),
    nullable("database", object(kTierBlock)),
    nullable("messaging", object(kTierBlock)),
};
constexpr Shape kDisclosure = kDisclosureRules;

constexpr Rule kReportRules[] = {
    required("analysis", object(kAnalysis)),
    required("findings", list(object(kFinding))),
    required("green_summary", object(kGreen)),
    required("quality_gate", object(kGate)),
    optional("per_endpoint_io_ops", list(object(kEndpoint))),
    optional("correlations", list(object(kCorrelation))),
    optional("embedded_traces", list(object(kEmbeddedTrace))),
    optional("warnings", list(kText)),
    optional("warning_details", list(object(kWarning))),
    optional("acknowledged_findings", list(object(kAcknowledged))),
    optional("binary_version", kText),
    nullable("disclosure_waste", object(kDisclosure)),
    nullable("detection_config", kAnything),  // of an unreadable shape it counts as absent
};
constexpr Shape kReport = kReportRules;

// Every shape must fit the bit set of seen keys.
static_assert(std::size(kGreenRules) <= kMostRules && std::size(kFindingRules) <= kMostRules &&
              std::size(kReportRules) <= kMostRules);

}  // namespace
}  // namespace shape

namespace {

template <class Enum, std::size_t kCount>
std::optional<Enum> named(std::string_view name) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (model::slug(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::optional<model::FindingType> finding_type_named(std::string_view name) {
  return named<model::FindingType, model::kFindingTypes>(name);
}
std::optional<model::Severity> severity_named(std::string_view name) { return named<model::Severity, 3>(name); }
std::optional<model::Confidence> confidence_named(std::string_view name) { return named<model::Confidence, 4>(name); }
std::optional<model::Band> band_named(std::string_view name) { return named<model::Band, 4>(name); }
std::optional<model::Classification> classification_named(std::string_view name) {
  if (name == "direct") return model::Classification::kDirect;
  if (name == "sanitizer_heuristic") return model::Classification::kSanitizerHeuristic;
  return std::nullopt;
}

std::optional<model::IntensitySource> intensity_source_named(std::string_view name) {
  return named<model::IntensitySource, 4>(name);
}
std::optional<model::EventType> event_type_named(std::string_view name) { return named<model::EventType, 3>(name); }
std::optional<model::DetectionSettings::Sanitizer> sanitizer_named(std::string_view name) {
  return named<model::DetectionSettings::Sanitizer, 4>(name);
}
bool is_report_key(std::string_view key) {
  return std::ranges::find(shape::kReport, key, &shape::Rule::key) != shape::kReport.end();
}

base::Status check_report_shape(std::string_view document, unsigned max_nesting) {
  return shape::check(document, shape::kReport, max_nesting);
}

}  // namespace sentinel::analysis
