#include "disclosure/document_shape.h"

namespace sentinel::disclosure {
namespace {

constexpr Type kText{Kind::kText};
constexpr Type kU32{Kind::kU32};
constexpr Type kU64{Kind::kU64};
constexpr Type kFloat{Kind::kFloat};
constexpr Type kBool{Kind::kBool};
constexpr Type kDate{Kind::kDate};
constexpr Type kTime{Kind::kTime};
constexpr Type kUuid{Kind::kUuid};
constexpr Type kAnything{Kind::kAnything};
constexpr Type one_of(std::string_view words) { return {Kind::kEnum, Repeat::kOne, words}; }
constexpr Type object(const Shape& shape) { return {Kind::kObject, Repeat::kOne, {}, &shape}; }
constexpr Type many(Type item, Repeat repeat) { return {item.kind, repeat, item.words, item.shape}; }
constexpr Type list(Type item) { return many(item, Repeat::kList); }
constexpr Type map_of(Type value) { return many(value, Repeat::kMap); }
constexpr Type kTexts = many(kText, Repeat::kList);
constexpr Type kTextSet = many(kText, Repeat::kSet);
// A map of sets: the one type of two levels, written as a kind of its own through a shape-less object.
constexpr Type kTextSets{Kind::kObject, Repeat::kMap, {}, nullptr};

constexpr Row required(std::string_view key, Type type) { return {key, Presence::kRequired, type}; }
constexpr Row option(std::string_view key, Type type) { return {key, Presence::kOption, type}; }
constexpr Row nullable(std::string_view key, Type type) { return {key, Presence::kNullable, type}; }
constexpr Row unless_empty(std::string_view key, Type type) { return {key, Presence::kUnlessEmpty, type}; }
constexpr Row fallback(std::string_view key, Type type, double value = 0.0) { return {key, Presence::kFallback, type, value}; }

constexpr Row kMetadataRows[] = {
    required("intent", one_of("internal official audited")),
    required("confidentiality_level", one_of("internal public")),
    required("integrity_level", one_of("none hash-only signed signed-with-attestation audited")),
    required("generated_at", kTime),
    required("generated_by", kText),
    required("perf_sentinel_version", kText),
    required("report_uuid", kUuid),
    unless_empty("binary_version", kText),
};
constexpr Shape kMetadata = kMetadataRows;

constexpr Row kIdentifierRows[] = {
    option("siren", kText),  option("vat", kText), option("lei", kText), option("opencorporates_url", kText),
    option("domain", kText),
};
constexpr Shape kIdentifiers = kIdentifierRows;

constexpr Row kOrganisationRows[] = {
    required("name", kText),
    required("country", kText),
    fallback("identifiers", object(kIdentifiers)),
    option("sector", kText),
};
constexpr Shape kOrganisation = kOrganisationRows;

constexpr Row kPeriodRows[] = {
    required("from_date", kDate),
    required("to_date", kDate),
    required("period_type", one_of("calendar-quarter calendar-month calendar-year custom")),
    required("days_covered", kU32),
};
constexpr Shape kPeriod = kPeriodRows;

constexpr Row kExcludedServiceRows[] = {required("service_name", kText), required("reason", kText)};
constexpr Shape kExcludedService = kExcludedServiceRows;

constexpr Row kNamedReasonRows[] = {required("name", kText), required("reason", kText)};
constexpr Shape kNamedReason = kNamedReasonRows;

constexpr Row kCoverageBasisRows[] = {required("operator_declared", kTexts), required("machine_derived", kTexts)};
constexpr Shape kCoverageBasis = kCoverageBasisRows;

constexpr Row kScopeRows[] = {
    required("total_applications_declared", kU32),
    required("applications_measured", kU32),
    unless_empty("applications_excluded", list(object(kExcludedService))),
    unless_empty("environments_measured", kTexts),
    unless_empty("environments_excluded", list(object(kNamedReason))),
    option("total_requests_in_period", kU64),
    required("requests_measured", kU64),
    option("coverage_percentage", kFloat),
    option("coverage_basis", object(kCoverageBasis)),
};
constexpr Shape kScope = kScopeRows;

constexpr Row kCalibrationRows[] = {
    unless_empty("cloud_regions", kTexts),
    required("carbon_intensity_source", kText),
    required("specpower_table_version", kText),
    option("binary_specpower_vintage", kText),
    required("scaphandre_used", kBool),
    unless_empty("energy_source_models", kTextSet),
    fallback("calibration_applied", kBool),
    unless_empty("scoring_coefficients", kTextSet),
    unless_empty("carbon_methodologies", kTextSet),
    option("embodied_gco2_total", kFloat),
    option("embodied_gco2_per_request", kFloat),
};
constexpr Shape kCalibration = kCalibrationRows;

constexpr Row kMappingRows[] = {required("report_field", kText), required("datapoint", kText), required("note", kText)};
constexpr Shape kMapping = kMappingRows;

constexpr Row kCrosswalkRows[] = {
    required("standard", kText),
    required("mappings", list(object(kMapping))),
    required("caveats", kTexts),
};
constexpr Shape kCrosswalk = kCrosswalkRows;

constexpr Row kMethodologyRows[] = {
    required("sci_specification", kText),
    required("perf_sentinel_version", kText),
    required("enabled_patterns", kTexts),
    unless_empty("disabled_patterns", list(object(kNamedReason))),
    required("core_patterns_required", kTexts),
    required("conformance", one_of("core-required extended partial")),
    required("calibration_inputs", object(kCalibration)),
    option("standard_crosswalk", object(kCrosswalk)),
};
constexpr Shape kMethodology = kMethodologyRows;

constexpr Row kBreakdownRows[] = {
    option("operational_kgco2eq", kFloat),
    option("embodied_kgco2eq", kFloat),
    option("database_kgco2eq_out_of_total", kFloat),
    option("messaging_kgco2eq_out_of_total", kFloat),
    option("transport_kgco2eq", kFloat),
    option("transport_kgco2eq_low", kFloat),
    option("transport_kgco2eq_high", kFloat),
};
constexpr Shape kBreakdown = kBreakdownRows;

constexpr Row kTierRows[] = {
    required("n_plus_one_threshold", kU32), required("energy_kwh", kFloat),       required("carbon_kgco2eq", kFloat),
    required("waste_ratio", kFloat),        required("efficiency_score", kFloat),
};
constexpr Shape kTier = kTierRows;

constexpr Row kWasteBlockRows[] = {
    required("energy_kwh", kFloat),
    fallback("measured_energy_kwh", kFloat),
    unless_empty("declared_energy_kwh", kFloat),
    required("models", kTextSet),
    required("windows_with_figure", kU64),
    fallback("measured_windows", kU64),
    unless_empty("declared_windows", kU64),
    fallback("estimated_windows", kU64),
    fallback("windows_with_carbon", kU64),
    required("operational_waste_kwh", kFloat),
    option("operational_waste_kgco2eq", kFloat),
    required("canonical_waste_kwh", kFloat),
    option("canonical_waste_kgco2eq", kFloat),
};
constexpr Shape kWasteBlock = kWasteBlockRows;

constexpr Row kTemporalRows[] = {
    required("temporal_coverage", kFloat),
    required("observed_days", kU32),
    required("days_in_period", kU32),
    required("largest_gap_days", kU32),
};
constexpr Shape kTemporal = kTemporalRows;

constexpr Row kAggregateRows[] = {
    required("total_requests", kU64),
    required("total_energy_kwh", kFloat),
    required("total_carbon_kgco2eq", kFloat),
    option("carbon_breakdown", object(kBreakdown)),
    required("aggregate_efficiency_score", kFloat),
    required("aggregate_waste_ratio", kFloat),
    required("anti_patterns_detected_count", kU64),
    required("estimated_optimization_potential_kgco2eq", kFloat),
    unless_empty("canonical_waste", object(kTier)),
    unless_empty("operational_waste", object(kTier)),
    fallback("period_coverage", kFloat, 1.0),
    unless_empty("binary_versions", kTextSet),
    fallback("runtime_windows_count", kU64),
    fallback("fallback_windows_count", kU64),
    option("database_waste", object(kWasteBlock)),
    option("messaging_waste", object(kWasteBlock)),
    unless_empty("per_service_energy_models", kTextSets),
    unless_empty("per_service_measured_ratio", map_of(kFloat)),
    unless_empty("temporal_coverage", object(kTemporal)),
};
constexpr Shape kAggregate = kAggregateRows;

constexpr Row kAntiPatternRows[] = {
    required("type", kText),
    required("occurrences", kU64),
    required("estimated_waste_kwh", kFloat),
    required("estimated_waste_kgco2eq", kFloat),
    required("first_seen", kTime),
    required("last_seen", kTime),
    unless_empty("rgesn_criteria", kTexts),
};
constexpr Shape kAntiPattern = kAntiPatternRows;

constexpr Row kDetailedRows[] = {
    required("service_name", kText),
    option("display_name", kText),
    option("service_version", kText),
    required("endpoints_observed", kU32),
    required("total_requests", kU64),
    required("energy_kwh", kFloat),
    required("carbon_kgco2eq", kFloat),
    required("efficiency_score", kFloat),
    required("anti_patterns", list(object(kAntiPattern))),
};

constexpr Row kCountedRows[] = {
    required("service_name", kText),      option("display_name", kText),        option("service_version", kText),
    required("endpoints_observed", kU32), required("total_requests", kU64),     required("energy_kwh", kFloat),
    required("carbon_kgco2eq", kFloat),   required("efficiency_score", kFloat), required("anti_patterns_detected_count", kU64),
};

constexpr Row kSignatureRows[] = {
    required("format", kText),        required("bundle_url", kText), required("signer_identity", kText),
    required("signer_issuer", kText), required("rekor_url", kText),  required("rekor_log_index", kU64),
    required("signed_at", kText),
};
constexpr Shape kSignature = kSignatureRows;

constexpr Row kBinaryAttestationRows[] = {
    required("format", kText),  required("attestation_url", kText), required("builder_id", kText),
    required("git_tag", kText), required("git_commit", kText),      required("slsa_level", kText),
};
constexpr Shape kBinaryAttestation = kBinaryAttestationRows;

constexpr Row kCrossPeriodRows[] = {
    required("format", kText),
    required("log_url", kText),
    option("previous_report_hash", kText),
};
constexpr Shape kCrossPeriod = kCrossPeriodRows;

constexpr Row kIntegrityRows[] = {
    required("content_hash", kText),
    option("binary_hash", kText),
    option("binary_verification_url", kText),
    nullable("trace_integrity_chain", kAnything),
    nullable("signature", object(kSignature)),
    option("binary_attestation", object(kBinaryAttestation)),
    option("cross_period_log", object(kCrossPeriod)),
};
constexpr Shape kIntegrity = kIntegrityRows;

constexpr Row kNotesRows[] = {unless_empty("disclaimers", kTexts), unless_empty("reference_urls", map_of(kText))};
constexpr Shape kNotes = kNotesRows;

constexpr Row kDocumentRows[] = {
    required("schema_version", kText),
    required("report_metadata", object(kMetadata)),
    required("organisation", object(kOrganisation)),
    required("period", object(kPeriod)),
    required("scope_manifest", object(kScope)),
    required("methodology", object(kMethodology)),
    required("aggregate", object(kAggregate)),
    required("applications", {Kind::kApplication, Repeat::kList}),
    required("integrity", object(kIntegrity)),
    required("notes", object(kNotes)),
};

}  // namespace

constexpr Shape kDocumentShape = kDocumentRows;
constexpr Shape kDetailedApplicationShape = kDetailedRows;
constexpr Shape kCountedApplicationShape = kCountedRows;

}  // namespace sentinel::disclosure
