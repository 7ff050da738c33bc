// A small report with every optional part, and findings to build others from.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "model/impact.h"
#include "model/report.h"

namespace sentinel::report::testing {

inline model::Finding finding(std::string_view trace = "t1",
                              std::string_view signature = "n_plus_one_sql:order-svc:POST__orders:00") {
  model::Finding f;
  f.type = model::FindingType::kNPlusOneSql;
  f.severity = model::Severity::kWarning;
  f.confidence = model::Confidence::kLocalBatch;
  f.trace_id = trace;
  f.service = "order-svc";
  f.source_endpoint = "POST /orders";
  f.pattern.template_text = "SELECT * FROM t WHERE id = ?";
  f.pattern.occurrences = 5;
  f.pattern.window_ms = 40;
  f.pattern.distinct_params = 5;
  f.suggestion = "Load the rows with one `IN` query";
  f.first_timestamp = "2025-07-10T14:32:01.000Z";
  f.last_timestamp = "2025-07-10T14:32:01.040Z";
  f.green_impact = model::GreenImpact{4, 5.0, model::Band::kHigh};
  f.signature = signature;
  return f;
}

// What the finding of five calls costs a request of 20 ms: 15.2 ms of it if batched.
inline const model::FindingImpact& sample_impact() {
  static constexpr std::array<std::string_view, 2> kIds = {"00000000000000a1", "00000000000000a2"};
  static const model::FindingImpact impact = {.trace_us = 20'000,
                                              .critical_path_us = 18'400,
                                              .avoidable_ops = 4,
                                              .energy_kwh = 0.25,
                                              .fix = model::Fix::kBatch,
                                              .fixed_trace_us = 4'800,
                                              .saved_ops = 4,
                                              .saved_energy_kwh = 0.125,
                                              .spans = 5,
                                              .critical_spans = 4,
                                              .span_ids = kIds};
  return impact;
}

// A finding in which every optional part is present.
inline model::Finding full_finding() {
  static constexpr std::array<model::GroupPair, 2> kGrouping = {
      {{"k8s.namespace.name", "prod"}, {"service.namespace", "team"}}};
  static constexpr std::array<std::string_view, 2> kScopes = {"jdbc", "spring"};
  model::Finding f = finding();
  f.grouping = kGrouping;
  f.pattern.p50_us = 800;
  f.pattern.p99_us = 900;
  f.pattern.cv_x1000 = 12;
  f.classification = model::Classification::kSanitizerHeuristic;
  f.code_location = {"load", "a/B.java", "shop.B", 7};
  f.scopes = kScopes;
  f.suggested_fix = model::SuggestedFix{"n_plus_one_sql", "java_jpa", "Use `JOIN FETCH`", "https://example.org/jpa"};
  f.impact = &sample_impact();
  return f;
}

inline model::Report empty_report() {
  model::Report report;
  report.quality_gate.rules.push_back({"n_plus_one_sql_critical_max", 0.0, 0.0, true});
  return report;
}

inline model::Report full_report() {
  model::Report r = empty_report();
  r.analysis = {3, 5, 1, model::IngestTally{40, 2, 10, 0, 1, 2, 20, 5}};
  r.findings.push_back(full_finding());
  model::GreenSummary& g = r.green_summary;
  g.total_io_ops = 5;
  g.avoidable_io_ops = 4;
  g.total_sql_io_ops = 5;
  g.avoidable_sql_io_ops = 4;
  g.io_waste_ratio = 0.8;
  g.io_waste_ratio_band = model::Band::kCritical;
  g.top_offenders.push_back({"POST /orders", "order-svc", 5.0, model::Band::kHigh, 0.25});
  const model::CarbonEstimate total{0.0005, 0.001, 0.002, "io_proxy_v2", "sci_v1_numerator"};
  g.co2 = model::CarbonReport{total, total, 0.00004, 0.001, 0.25, total, "trace"};
  g.regions.push_back({"known", "eu-west-3", 31.4, 1.15, 5, 0.00004, model::IntensitySource::kHourly, true, "TIME_SLICER"});
  g.regions.push_back({"unresolved", "unknown", 0.0, 0.0, 1, 0.0, model::IntensitySource::kAnnual, {}, {}});
  g.transport_gco2 = 0.25;
  g.scoring_config = model::ScoringConfig{"v4", "lifecycle", "hourly", true, 0.001, 4e-11, true, false};
  g.energy_kwh = 1.5e-7;
  g.energy_model = "io_proxy_v2";
  g.per_service_carbon_kgco2eq = {{"b", 2.0}, {"a", 1e-9}};
  g.per_service_energy_kwh = {{"a", 1.5e-7}};
  g.per_service_region = {{"a", "eu-west-3"}};
  g.per_service_energy_model = {{"a", "io_proxy_v2"}};
  g.per_service_measured_ratio = {{"a", 0.0}};
  g.database_waste = model::WasteFigure{1.5e-7, 5e-8, 2e-6, 6e-6, "eu-west-3", 1.0 / 3.0, "estimated"};
  g.messaging_waste = model::WasteFigure{2.0, 1.0, 0.5, 1.0, "eu-west-3", 0.5, "broker_specpower"};
  r.per_endpoint_io_ops.push_back({"order-svc", "POST /orders", 5});
  r.warnings.push_back("plain");
  r.warning_details.push_back({"tuning", "raise `x`"});
  model::Finding accepted = full_finding();
  accepted.trace_id = "t9";
  r.acknowledged_findings.push_back(
      {accepted, {"sig", "team@example.org", "2026-05-02", "accepted", "2026-12-31", "order-svc", "POST /orders"}});
  r.binary_version = "1.2.3";
  r.detection_config = model::DetectionSettings{};
  return r;
}

}  // namespace sentinel::report::testing
