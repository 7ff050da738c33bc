#include "disclosure/document_tree.h"

#include <cmath>
#include <vector>

#include "disclosure/disclosure_texts.h"
#include "disclosure/known_patterns.h"

namespace sentinel::disclosure {
namespace {

// The members of one object as they are added; optional and empty ones leave no trace.
class Members {
 public:
  explicit Members(base::Arena& arena) : arena_(arena) {}

  Members& node(std::string_view key, JsonNode value) {
    members_.push_back({key, value});
    return *this;
  }
  // A text that outlives the tree …
  Members& text(std::string_view key, std::string_view value) { return node(key, JsonNode::string(value)); }
  // … and one that does not.
  Members& copied(std::string_view key, const std::string& value) { return text(key, arena_.copy(value)); }
  Members& number(std::string_view key, std::uint64_t value) { return node(key, JsonNode::number(value)); }
  Members& real(std::string_view key, double value) { return node(key, JsonNode::real(value)); }
  Members& flag(std::string_view key, bool value) { return node(key, JsonNode::boolean(value)); }

  Members& maybe(std::string_view key, const std::optional<std::string>& value) { return value ? text(key, *value) : *this; }
  Members& maybe(std::string_view key, const std::optional<double>& value) { return value ? real(key, *value) : *this; }
  Members& maybe(std::string_view key, const std::optional<std::uint64_t>& value) {
    return value ? number(key, *value) : *this;
  }

  template <class Texts>
  Members& texts(std::string_view key, const Texts& values) {
    std::vector<JsonNode> items;
    for (const auto& value : values) items.push_back(JsonNode::string(value));
    return node(key, make_array(arena_, items));
  }
  template <class Texts>
  Members& texts_if_any(std::string_view key, const Texts& values) {
    return values.empty() ? *this : texts(key, values);
  }
  Members& reasons_if_any(std::string_view key, std::string_view name_key, const std::vector<NamedReason>& values) {
    if (values.empty()) return *this;
    std::vector<JsonNode> items;
    for (const NamedReason& value : values) {
      items.push_back(Members(arena_).text(name_key, value.name).text("reason", value.reason).object());
    }
    return node(key, make_array(arena_, items));
  }

  [[nodiscard]] JsonNode object() const { return make_object(arena_, members_); }
  [[nodiscard]] base::Arena& arena() const { return arena_; }

 private:
  base::Arena& arena_;
  std::vector<JsonMember> members_;
};

JsonNode metadata(const Document& d, base::Arena& arena) {
  return Members(arena)
      .text("intent", slug(d.intent))
      .text("confidentiality_level", slug(d.confidentiality))
      .text("integrity_level", "hash-only")
      .copied("generated_at", instant_text(d.generated_at))
      .text("generated_by", d.generated_by)
      .text("perf_sentinel_version", d.version)
      .text("report_uuid", d.report_uuid)
      .text("binary_version", d.version)
      .object();
}

JsonNode organisation(const OrgConfig& org, base::Arena& arena) {
  const Identifiers& ids = org.identifiers;
  const JsonNode identifiers = Members(arena)
                                   .maybe("siren", ids.siren)
                                   .maybe("vat", ids.vat)
                                   .maybe("lei", ids.lei)
                                   .maybe("opencorporates_url", ids.opencorporates_url)
                                   .maybe("domain", ids.domain)
                                   .object();
  return Members(arena)
      .text("name", org.name)
      .text("country", org.country)
      .node("identifiers", identifiers)
      .maybe("sector", org.sector)
      .object();
}

JsonNode period(const Period& p, base::Arena& arena) {
  return Members(arena)
      .copied("from_date", date_text(p.from))
      .copied("to_date", date_text(p.to))
      .text("period_type", slug(p.type))
      .number("days_covered", p.days_covered)
      .object();
}

JsonNode scope(const Document& d, base::Arena& arena) {
  const OrgConfig& org = d.organisation;
  const JsonNode basis =
      Members(arena).texts("operator_declared", kOperatorDeclared).texts("machine_derived", kMachineDerived).object();
  return Members(arena)
      .number("total_applications_declared", org.total_applications_declared)
      .number("applications_measured", d.applications_measured)
      .reasons_if_any("applications_excluded", "service_name", org.applications_excluded)
      .texts_if_any("environments_measured", org.environments_measured)
      .reasons_if_any("environments_excluded", "name", org.environments_excluded)
      .maybe("total_requests_in_period", org.total_requests_in_period)
      .number("requests_measured", d.aggregate.total_requests)
      .maybe("coverage_percentage", d.coverage_percentage)
      .node("coverage_basis", basis)
      .object();
}

JsonNode calibration_inputs(const Document& d, base::Arena& arena) {
  const OrgConfig& org = d.organisation;
  const Calibration& c = d.calibration;
  return Members(arena)
      .texts_if_any("cloud_regions", org.cloud_regions)
      .text("carbon_intensity_source", org.carbon_intensity_source)
      .text("specpower_table_version", org.specpower_table_version)
      .text("binary_specpower_vintage", d.binary_specpower_vintage)
      .flag("scaphandre_used", org.scaphandre_used)
      .texts_if_any("energy_source_models", c.energy_source_models)
      .flag("calibration_applied", c.calibration_applied)
      .texts_if_any("scoring_coefficients", c.scoring_coefficients)
      .texts_if_any("carbon_methodologies", c.carbon_methodologies)
      .maybe("embodied_gco2_total", c.embodied_gco2_total)
      .maybe("embodied_gco2_per_request", c.embodied_gco2_per_request)
      .object();
}

JsonNode crosswalk(base::Arena& arena) {
  std::vector<JsonNode> mappings;
  for (const CrosswalkMapping& m : kCrosswalkMappings) {
    mappings.push_back(
        Members(arena).text("report_field", m.report_field).text("datapoint", m.datapoint).text("note", m.note).object());
  }
  return Members(arena)
      .text("standard", kCrosswalkStandard)
      .node("mappings", make_array(arena, mappings))
      .texts("caveats", kCrosswalkCaveats)
      .object();
}

JsonNode methodology(const Document& d, base::Arena& arena) {
  const OrgConfig& org = d.organisation;
  return Members(arena)
      .text("sci_specification", org.sci_specification)
      .text("perf_sentinel_version", d.version)
      .texts("enabled_patterns", org.enabled_patterns)
      .reasons_if_any("disabled_patterns", "name", org.disabled_patterns)
      .texts("core_patterns_required", d.core_patterns_required)
      .text("conformance", slug(org.conformance))
      .node("calibration_inputs", calibration_inputs(d, arena))
      .node("standard_crosswalk", crosswalk(arena))
      .object();
}

JsonNode breakdown(const CarbonBreakdown& b, base::Arena& arena) {
  return Members(arena)
      .maybe("operational_kgco2eq", b.operational)
      .maybe("embodied_kgco2eq", b.embodied)
      .maybe("database_kgco2eq_out_of_total", b.database_out_of_total)
      .maybe("messaging_kgco2eq_out_of_total", b.messaging_out_of_total)
      .maybe("transport_kgco2eq", b.transport)
      .maybe("transport_kgco2eq_low", b.transport_low)
      .maybe("transport_kgco2eq_high", b.transport_high)
      .object();
}

void add_tier(Members& members, std::string_view key, const Tier& tier) {
  if (tier.no_data()) return;
  members.node(key, Members(members.arena())
                        .number("n_plus_one_threshold", tier.n_plus_one_threshold)
                        .real("energy_kwh", tier.energy_kwh)
                        .real("carbon_kgco2eq", tier.carbon_kgco2eq)
                        .real("waste_ratio", tier.waste_ratio)
                        .real("efficiency_score", tier.efficiency_score)
                        .object());
}

void add_waste(Members& members, std::string_view key, const std::optional<WasteBlock>& block) {
  if (!block) return;
  Members out(members.arena());
  out.real("energy_kwh", block->energy_kwh).real("measured_energy_kwh", block->measured_energy_kwh);
  if (block->declared_energy_kwh != 0.0) out.real("declared_energy_kwh", block->declared_energy_kwh);
  out.texts("models", block->models)
      .number("windows_with_figure", block->windows_with_figure)
      .number("measured_windows", block->measured_windows);
  if (block->declared_windows != 0) out.number("declared_windows", block->declared_windows);
  out.number("estimated_windows", block->estimated_windows)
      .number("windows_with_carbon", block->windows_with_carbon)
      .real("operational_waste_kwh", block->operational_waste_kwh)
      .maybe("operational_waste_kgco2eq", block->operational_waste_kgco2eq)
      .real("canonical_waste_kwh", block->canonical_waste_kwh)
      .maybe("canonical_waste_kgco2eq", block->canonical_waste_kgco2eq);
  members.node(key, out.object());
}

JsonNode aggregate(const Aggregate& a, base::Arena& arena) {
  Members out(arena);
  out.number("total_requests", a.total_requests)
      .real("total_energy_kwh", a.total_energy_kwh)
      .real("total_carbon_kgco2eq", a.total_carbon_kgco2eq);
  if (a.carbon_breakdown) out.node("carbon_breakdown", breakdown(*a.carbon_breakdown, arena));
  out.real("aggregate_efficiency_score", a.efficiency_score)
      .real("aggregate_waste_ratio", a.waste_ratio)
      .number("anti_patterns_detected_count", a.anti_patterns_detected)
      .real("estimated_optimization_potential_kgco2eq", a.optimization_potential_kgco2eq);
  add_tier(out, "canonical_waste", a.canonical_waste);
  add_tier(out, "operational_waste", a.operational_waste);
  out.real("period_coverage", a.period_coverage)
      .texts_if_any("binary_versions", a.binary_versions)
      .number("runtime_windows_count", a.runtime_windows)
      .number("fallback_windows_count", a.fallback_windows);
  add_waste(out, "database_waste", a.database_waste);
  add_waste(out, "messaging_waste", a.messaging_waste);
  if (!a.per_service_energy_models.empty()) {
    Members models(arena);
    for (const auto& [service, tags] : a.per_service_energy_models) models.texts(service, tags);
    out.node("per_service_energy_models", models.object());
  }
  if (!a.per_service_measured_ratio.empty()) {
    Members ratios(arena);
    for (const auto& [service, ratio] : a.per_service_measured_ratio) ratios.real(service, ratio);
    out.node("per_service_measured_ratio", ratios.object());
  }
  if (!a.temporal_coverage.no_data()) {
    out.node("temporal_coverage", Members(arena)
                                      .real("temporal_coverage", a.temporal_coverage.ratio)
                                      .number("observed_days", a.temporal_coverage.observed_days)
                                      .number("days_in_period", a.temporal_coverage.days_in_period)
                                      .number("largest_gap_days", a.temporal_coverage.largest_gap_days)
                                      .object());
  }
  return out.object();
}

JsonNode anti_pattern(const AntiPattern& p, base::Arena& arena) {
  return Members(arena)
      .text("type", model::slug(p.type))
      .number("occurrences", p.occurrences)
      .real("estimated_waste_kwh", p.estimated_waste_kwh)
      .real("estimated_waste_kgco2eq", p.estimated_waste_kgco2eq)
      .copied("first_seen", instant_text(p.first_seen))
      .copied("last_seen", instant_text(p.last_seen))
      .texts_if_any("rgesn_criteria", rgesn_criteria(p.type))
      .object();
}

JsonNode application(const Application& a, Confidentiality level, base::Arena& arena) {
  Members out(arena);
  out.text("service_name", a.service_name)
      .number("endpoints_observed", a.endpoints_observed)
      .number("total_requests", a.total_requests)
      .real("energy_kwh", a.energy_kwh)
      .real("carbon_kgco2eq", a.carbon_kgco2eq)
      .real("efficiency_score", a.efficiency_score);
  if (level == Confidentiality::kPublic) return out.number("anti_patterns_detected_count", a.anti_patterns_detected).object();
  std::vector<JsonNode> patterns;
  for (const AntiPattern& pattern : a.anti_patterns) patterns.push_back(anti_pattern(pattern, arena));
  return out.node("anti_patterns", make_array(arena, patterns)).object();
}

JsonNode integrity(const Document& d, base::Arena& arena) {
  const JsonNode chain = Members(arena)
                             .number("breaks", d.chain.breaks)
                             .number("breaks_outside_period", d.chain.breaks_outside_period)
                             .number("windows_unchained", d.chain.windows_unchained)
                             .number("windows_verified", d.chain.windows_verified)
                             .object();
  return Members(arena)
      .text("content_hash", d.content_hash)
      .maybe("binary_hash", d.binary_hash)
      .node("trace_integrity_chain", chain)
      .node("signature", {})
      .object();
}

JsonNode notes(const Document& d, base::Arena& arena) {
  Members out(arena);
  out.texts_if_any("disclaimers", d.disclaimers);
  if (!d.organisation.reference_urls.empty()) {
    Members urls(arena);
    for (const auto& [name, url] : d.organisation.reference_urls) urls.text(name, url);
    out.node("reference_urls", urls.object());
  }
  return out.object();
}

}  // namespace

JsonNode document_tree(const Document& d, base::Arena& arena) {
  std::vector<JsonNode> applications;
  for (const Application& a : d.applications) applications.push_back(application(a, d.confidentiality, arena));
  return Members(arena)
      .text("schema_version", kSchemaVersion)
      .node("report_metadata", metadata(d, arena))
      .node("organisation", organisation(d.organisation, arena))
      .node("period", period(d.period, arena))
      .node("scope_manifest", scope(d, arena))
      .node("methodology", methodology(d, arena))
      .node("aggregate", aggregate(d.aggregate, arena))
      .node("applications", make_array(arena, applications))
      .node("integrity", integrity(d, arena))
      .node("notes", notes(d, arena))
      .object();
}

std::string non_finite_figure(const JsonNode& node) {
  if (node.is(JsonNode::Kind::kFloat) && !std::isfinite(node.as_number())) return ".";
  for (std::size_t i = 0; i < node.items().size(); ++i) {
    const std::string inside = non_finite_figure(node.items()[i]);
    if (!inside.empty()) return "[" + std::to_string(i) + "]" + inside;
  }
  for (const JsonMember& member : node.members()) {
    const std::string inside = non_finite_figure(member.value);
    if (!inside.empty()) return "." + std::string(member.key) + inside;
  }
  return {};
}

}  // namespace sentinel::disclosure
