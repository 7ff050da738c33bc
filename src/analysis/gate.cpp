#include "analysis/gate.h"

#include <algorithm>

namespace sentinel::analysis {
namespace {

using model::FindingType;
using model::Severity;

// Findings of one type that are as bad as `worst_allowed` or worse.
double count(std::span<const model::Finding> findings, FindingType type, Severity worst_allowed) {
  return static_cast<double>(
      std::ranges::count_if(findings, [&](const model::Finding& f) { return f.type == type && f.severity <= worst_allowed; }));
}

}  // namespace

model::QualityGate evaluate_gate(std::span<const model::Finding> findings, double io_waste_ratio,
                                 std::optional<double> usable_ratio, const config::ThresholdsConfig& thresholds) {
  model::QualityGate gate;
  const auto at_most = [&](const char* rule, double threshold, double actual) {
    gate.rules.push_back({rule, threshold, actual, actual <= threshold});
  };
  at_most("n_plus_one_sql_critical_max", thresholds.n_plus_one_sql_critical_max,
          count(findings, FindingType::kNPlusOneSql, Severity::kCritical));
  at_most("n_plus_one_http_warning_max", thresholds.n_plus_one_http_warning_max,
          count(findings, FindingType::kNPlusOneHttp, Severity::kWarning));
  at_most("n_plus_one_messaging_warning_max", thresholds.n_plus_one_messaging_warning_max,
          count(findings, FindingType::kNPlusOneMessaging, Severity::kWarning));
  at_most("io_waste_ratio_max", thresholds.io_waste_ratio_max, io_waste_ratio);
  if (thresholds.min_usable_span_ratio && usable_ratio) {
    const double threshold = *thresholds.min_usable_span_ratio;
    gate.rules.push_back({"min_usable_span_ratio", threshold, *usable_ratio, *usable_ratio >= threshold});
  }
  gate.passed = std::ranges::all_of(gate.rules, &model::GateRule::passed);
  return gate;
}

}  // namespace sentinel::analysis
