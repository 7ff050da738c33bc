#include "report/finding_json.h"

namespace sentinel::report {
namespace {

void optional_text(base::JsonWriter& json, std::string_view name, std::string_view text) {
  if (text.data() != nullptr) json.field(name, text);
}

template <class Number>
void optional_number(base::JsonWriter& json, std::string_view name, const std::optional<Number>& value) {
  if (value) json.field(name, std::uint64_t{*value});
}

void write_pattern(base::JsonWriter& json, const model::Pattern& pattern) {
  json.begin_object();
  json.field("template", pattern.template_text);
  json.field("occurrences", pattern.occurrences);
  json.field("window_ms", pattern.window_ms);
  json.field("distinct_params", pattern.distinct_params);
  optional_number(json, "span_duration_us_p50", pattern.p50_us);
  optional_number(json, "span_duration_us_p99", pattern.p99_us);
  optional_number(json, "span_duration_cv_x1000", pattern.cv_x1000);
  json.end_object();
}

void write_grouping(base::JsonWriter& json, std::span<const model::GroupPair> grouping) {
  json.key("grouping").begin_array();
  for (const model::GroupPair& pair : grouping) {
    json.begin_object().field("key", pair.key).field("value", pair.value).end_object();
  }
  json.end_array();
}

void write_impact(base::JsonWriter& json, const model::GreenImpact& impact) {
  json.key("green_impact").begin_object();
  json.field("estimated_extra_io_ops", impact.extra_io_ops);
  json.field_real("io_intensity_score", impact.io_intensity_score);
  json.field("io_intensity_band", model::slug(impact.band));
  json.end_object();
}

}  // namespace

void write_code_location(base::JsonWriter& json, const model::CodeLocation& location) {
  json.begin_object();
  optional_text(json, "function", location.function);
  optional_text(json, "filepath", location.filepath);
  optional_number(json, "lineno", location.lineno);
  optional_text(json, "namespace", location.code_namespace);
  json.end_object();
}

void write_suggested_fix(base::JsonWriter& json, const model::SuggestedFix& fix) {
  json.begin_object();
  json.field("pattern", fix.pattern);
  json.field("framework", fix.framework);
  json.field("recommendation", fix.recommendation);
  if (!fix.reference_url.empty()) json.field("reference_url", fix.reference_url);
  json.end_object();
}

void write_finding(base::JsonWriter& json, const model::Finding& finding, bool evidence) {
  json.begin_object();
  json.field("type", model::slug(finding.type));
  json.field("severity", model::slug(finding.severity));
  json.field("trace_id", finding.trace_id);
  json.field("service", finding.service);
  if (!finding.grouping.empty()) write_grouping(json, finding.grouping);
  json.field("source_endpoint", finding.source_endpoint);
  write_pattern(json.key("pattern"), finding.pattern);
  json.field("suggestion", finding.suggestion);
  json.field("first_timestamp", finding.first_timestamp);
  json.field("last_timestamp", finding.last_timestamp);
  if (finding.green_impact) write_impact(json, *finding.green_impact);
  json.field("confidence", model::slug(finding.confidence));
  if (finding.classification == model::Classification::kDirect) json.field("classification_method", std::string_view("direct"));
  if (finding.classification == model::Classification::kSanitizerHeuristic) {
    json.field("classification_method", std::string_view("sanitizer_heuristic"));
  }
  if (finding.code_location.present()) write_code_location(json.key("code_location"), finding.code_location);
  if (!finding.scopes.empty()) {
    json.key("instrumentation_scopes").begin_array();
    for (const std::string_view scope : finding.scopes) json.string(scope);
    json.end_array();
  }
  if (finding.suggested_fix) write_suggested_fix(json.key("suggested_fix"), *finding.suggested_fix);
  json.field("signature", finding.signature);
  if (finding.impact != nullptr) write_impact_members(json, *finding.impact, evidence);
  json.end_object();
}

void write_impact_members(base::JsonWriter& json, const model::FindingImpact& impact, bool evidence) {
  json.key("impact").begin_object();
  json.field("critical_path_us", impact.critical_path_us);
  json.field("trace_us", impact.trace_us);
  json.field("avoidable_io_ops", impact.avoidable_ops);
  if (impact.energy_kwh) json.field_real("energy_kwh", *impact.energy_kwh);
  json.end_object();
  if (impact.predicted()) {
    json.key("what_if").begin_object();
    json.field("fix", model::slug(impact.fix));
    json.field("trace_us", impact.fixed_trace_us);
    json.field("saving_us", impact.saving_us());
    json.field("saved_io_ops", impact.saved_ops);
    if (impact.saved_energy_kwh) json.field_real("saved_energy_kwh", *impact.saved_energy_kwh);
    json.end_object();
  }
  if (!evidence) return;
  json.key("evidence").begin_object();
  json.field("spans", impact.spans);
  json.field("critical_spans", impact.critical_spans);
  json.field_bool("replayed", impact.predicted());
  json.key("span_ids").begin_array();
  for (const std::string_view id : impact.span_ids) json.string(id);
  json.end_array();
  json.end_object();
}

}  // namespace sentinel::report
