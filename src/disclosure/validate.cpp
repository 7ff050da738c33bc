#include "disclosure/validate.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/number_format.h"
#include "base/text.h"
#include "disclosure/disclosure_texts.h"
#include "disclosure/known_patterns.h"

namespace sentinel::disclosure {
namespace {

constexpr std::array<std::string_view, 3> kCarbonSources = {"electricity_maps", "static_tables", "mixed"};

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

bool contains(const std::vector<std::string>& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

bool within(double value, double max) { return std::isfinite(value) && value >= 0.0 && value <= max; }

class Rules {
 public:
  explicit Rules(const Document& document) : d_(document) {}

  std::vector<std::string> run() {
    organisation();
    period();
    scope();
    methodology();
    totals();
    tier("canonical_waste", d_.aggregate.canonical_waste);
    tier("operational_waste", d_.aggregate.operational_waste);
    canonical_threshold();
    waste("aggregate.database_waste", d_.aggregate.database_waste);
    waste("aggregate.messaging_waste", d_.aggregate.messaging_waste);
    temporal_coverage();
    applications();
    return std::move(errors_);
  }

  std::vector<std::string> run_static() {
    organisation();
    exclusions();
    methodology();
    return std::move(errors_);
  }

 private:
  void reject(std::string_view path, std::string_view reason) {
    errors_.push_back(std::string(path) + ": " + std::string(reason));
  }
  // True for a number that can be published.
  bool figure(const std::string& path, double value) {
    if (!std::isfinite(value)) {
      reject(path, "is not a finite number");
      return false;
    }
    if (value < 0.0) reject(path, "is negative");
    return value >= 0.0;
  }

  void organisation() {
    const OrgConfig& org = d_.organisation;
    if (base::is_blank(org.name)) reject("organisation.name", "is blank");
    const bool code = org.country.size() == 2 && std::ranges::all_of(org.country, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!code) reject("organisation.country", quoted(org.country) + " is not a country code of two capital letters");
  }

  void period() {
    const Period& p = d_.period;
    if (p.to < p.from) {
      reject("period", "to_date lies before from_date");
    } else if (static_cast<Days>(p.days_covered) != p.to - p.from + 1) {
      reject("period", "days_covered is not the number of days from from_date to to_date");
    }
    if (p.days_covered < kMinOfficialDays) {
      reject("period", "days_covered is " + std::to_string(p.days_covered) + ", an official disclosure covers at least " +
                           std::to_string(kMinOfficialDays));
    }
  }

  void exclusions() {
    const OrgConfig& org = d_.organisation;
    for (std::size_t i = 0; i < org.applications_excluded.size(); ++i) {
      if (!base::is_blank(org.applications_excluded[i].reason)) continue;
      reject("scope_manifest.applications_excluded", "entry " + std::to_string(i) + " gives no reason");
    }
  }

  void scope() {
    const OrgConfig& org = d_.organisation;
    exclusions();
    if (d_.applications_measured > org.total_applications_declared) {
      reject("scope_manifest.applications_measured", std::to_string(d_.applications_measured) + " were measured, only " +
                                                         std::to_string(org.total_applications_declared) + " are declared");
    }
    if (d_.coverage_percentage && !within(*d_.coverage_percentage, 100.0)) {
      reject("scope_manifest.coverage_percentage",
             base::text_fixed(*d_.coverage_percentage, 1) + " is not between 0 and 100: is total_requests_in_period right?");
    }
    if (org.total_requests_in_period && d_.aggregate.total_requests > *org.total_requests_in_period) {
      reject("scope_manifest.requests_measured", std::to_string(d_.aggregate.total_requests) + " were measured, only " +
                                                     std::to_string(*org.total_requests_in_period) + " are declared");
    }
  }

  void methodology() {
    const OrgConfig& org = d_.organisation;
    for (const std::string& name : org.enabled_patterns) {
      if (!is_known_pattern(name)) reject("methodology.enabled_patterns", quoted(name) + " is no known pattern");
    }
    core_patterns();
    for (const NamedReason& entry : org.disabled_patterns) {
      if (!is_known_pattern(entry.name)) reject("methodology.disabled_patterns", quoted(entry.name) + " is no known pattern");
      if (contains(d_.core_patterns_required, entry.name)) {
        reject("methodology.disabled_patterns", quoted(entry.name) + " is a core pattern and cannot be disabled");
      }
    }
    if (org.conformance == Conformance::kPartial) {
      reject("methodology.conformance", "partial conformance is not enough, core-required or extended is");
    }
    carbon_source();
    specpower_table();
  }

  void core_patterns() {
    constexpr std::string_view kPath = "methodology.core_patterns_required";
    for (const std::string& name : d_.core_patterns_required) {
      if (!is_known_pattern(name)) reject(kPath, quoted(name) + " is no known pattern");
      if (!contains(d_.organisation.enabled_patterns, name)) reject(kPath, quoted(name) + " is not in enabled_patterns");
    }
    for (const std::string& name : d_.core_patterns_required) {
      if (!is_core_pattern(name)) reject(kPath, quoted(name) + " is no core pattern");
    }
    for (const std::string_view name : kCorePatterns) {
      if (!contains(d_.core_patterns_required, name)) reject(kPath, quoted(name) + " is missing");
    }
  }

  void carbon_source() {
    const std::string_view source = base::trim(d_.organisation.carbon_intensity_source);
    if (std::ranges::find(kCarbonSources, source) != kCarbonSources.end()) return;
    reject("methodology.calibration_inputs.carbon_intensity_source",
           source.empty() ? "is blank" : quoted(source) + " is none of electricity_maps, static_tables, mixed");
  }

  void specpower_table() {
    constexpr std::string_view kPath = "methodology.calibration_inputs.specpower_table_version";
    const std::string_view stated = base::trim(d_.organisation.specpower_table_version);
    if (stated.empty()) return reject(kPath, "is blank");
    const std::string_view vintage = d_.binary_specpower_vintage;
    // The date alone, or the whole label as the document itself shows it.
    if (vintage.empty() || stated == vintage || stated == vintage.substr(0, vintage.find(' '))) return;
    reject(kPath, quoted(stated) + " is not the table that this program holds, " + quoted(vintage));
  }

  void totals() {
    const Aggregate& a = d_.aggregate;
    figure("aggregate.total_energy_kwh", a.total_energy_kwh);
    figure("aggregate.total_carbon_kgco2eq", a.total_carbon_kgco2eq);
    const bool score = figure("aggregate.aggregate_efficiency_score", a.efficiency_score);
    const bool ratio = figure("aggregate.aggregate_waste_ratio", a.waste_ratio);
    figure("aggregate.estimated_optimization_potential_kgco2eq", a.optimization_potential_kgco2eq);
    if (ratio && a.waste_ratio > 1.0) reject("aggregate.aggregate_waste_ratio", "is above 1");
    if (score && a.efficiency_score > 100.0) reject("aggregate.aggregate_efficiency_score", "is above 100");
    if (!within(a.period_coverage, 1.0)) {
      reject("aggregate.period_coverage", "is not between 0 and 1");
    } else if (a.period_coverage < kMinPeriodCoverage) {
      reject("aggregate.period_coverage",
             percent(a.period_coverage, 1) + "% of the windows were attributed at runtime, " + percent(kMinPeriodCoverage, 0) +
                 "% are needed: the rest were likely written without an energy source or by an older daemon; set up " +
                 "energy measurement, or choose a period that has it");
    }
  }

  void tier(const std::string& name, const Tier& t) {
    const std::string path = "aggregate." + name;
    if (!std::isfinite(t.energy_kwh) || t.energy_kwh < 0.0) reject(path, "energy_kwh is negative or not finite");
    if (!std::isfinite(t.carbon_kgco2eq) || t.carbon_kgco2eq < 0.0) reject(path, "carbon_kgco2eq is negative or not finite");
    if (!within(t.waste_ratio, 1.0)) reject(path, "waste_ratio is not between 0 and 1");
    if (!within(t.efficiency_score, 100.0)) reject(path, "efficiency_score is not between 0 and 100");
  }

  void canonical_threshold() {
    const std::uint32_t threshold = d_.aggregate.canonical_waste.n_plus_one_threshold;
    if (threshold == kCanonicalThreshold) return;
    reject("aggregate.canonical_waste",
           threshold == 0
               ? std::string("the period has only archives from before there was a canonical tier")
               : "n_plus_one_threshold is " + std::to_string(threshold) + ", not " + std::to_string(kCanonicalThreshold));
  }

  void waste(const std::string& path, const std::optional<WasteBlock>& block) {
    if (!block) return;
    figure(path + ".energy_kwh", block->energy_kwh);
    figure(path + ".measured_energy_kwh", block->measured_energy_kwh);
    figure(path + ".declared_energy_kwh", block->declared_energy_kwh);
    figure(path + ".operational_waste_kwh", block->operational_waste_kwh);
    figure(path + ".operational_waste_kgco2eq", block->operational_waste_kgco2eq.value_or(0.0));
    figure(path + ".canonical_waste_kwh", block->canonical_waste_kwh);
    figure(path + ".canonical_waste_kgco2eq", block->canonical_waste_kgco2eq.value_or(0.0));
    for (const std::string& model : block->models) {
      const bool good = !model.empty() && model.size() <= 64 &&
                        std::ranges::all_of(model, [](char c) { return base::is_alnum(c) || c == '_' || c == '+'; });
      if (!good) reject(path + ".models", quoted(model) + " is no model's name");
    }
    if (block->windows_with_figure == 0) reject(path + ".windows_with_figure", "is 0");
    const std::uint64_t by_source = block->measured_windows + block->declared_windows + block->estimated_windows;
    if (by_source > 0 && by_source != block->windows_with_figure) {
      reject(path + ".measured_windows", "measured, declared and estimated windows do not add up to windows_with_figure");
    }
    if (block->windows_with_carbon > block->windows_with_figure) {
      reject(path + ".windows_with_carbon", "is above windows_with_figure");
    }
  }

  void temporal_coverage() {
    const TemporalCoverage& c = d_.aggregate.temporal_coverage;
    const std::string path = "aggregate.temporal_coverage";
    if (!within(c.ratio, 1.0)) reject(path, "is not between 0 and 1");
    if (c.no_data()) return;
    if (c.observed_days > c.days_in_period) reject(path + ".observed_days", "is above days_in_period");
    if (c.days_in_period != d_.period.days_covered) reject(path + ".days_in_period", "is not period.days_covered");
    if (c.largest_gap_days > c.days_in_period) reject(path + ".largest_gap_days", "is above days_in_period");
  }

  // A document built here has one granularity, known patterns and ordered times; what is left to check are the names.
  void applications() {
    if (d_.applications.empty()) return reject("applications", "no service was measured");
    for (std::size_t i = 0; i < d_.applications.size(); ++i) {
      if (base::is_blank(d_.applications[i].service_name)) {
        reject("applications", "entry " + std::to_string(i) + " has a blank service_name");
      }
    }
    if (d_.applications_measured == 0) reject("scope_manifest.applications_measured", "is 0 although there are applications");
  }

  const Document& d_;
  std::vector<std::string> errors_;
};

}  // namespace

std::vector<std::string> official_rejections(const Document& document) {
  if (document.intent == Intent::kAudited) return {"report_metadata.intent: audited disclosures are not implemented"};
  return Rules(document).run();
}

std::vector<std::string> organisation_rejections(const OrgConfig& organisation) {
  Document document;
  document.organisation = organisation;
  document.core_patterns_required.assign(kCorePatterns.begin(), kCorePatterns.end());
  return Rules(document).run_static();
}

std::vector<std::string> period_warnings(const Document& document, std::uint64_t windows, std::uint64_t legacy_windows) {
  std::vector<std::string> out;
  if (legacy_windows > 0) {
    out.push_back(
        std::to_string(legacy_windows) + " of " + std::to_string(windows) +
        " windows were archived before there was a canonical tier: aggregate.canonical_waste is too low by their share");
  }
  const TemporalCoverage& coverage = document.aggregate.temporal_coverage;
  if (coverage.ratio < kMinTemporalCoverage) out.push_back("low temporal coverage: " + coverage_in_words(coverage));
  if (document.intent == Intent::kOfficial && !document.organisation.total_requests_in_period) {
    out.push_back("scope_manifest.total_requests_in_period is not declared: the document will have no coverage_percentage");
  }
  return out;
}

}  // namespace sentinel::disclosure
