#include "analysis/gate.h"

#include <gtest/gtest.h>

namespace sentinel::analysis {
namespace {

using model::FindingType;
using model::Severity;

std::vector<model::Finding> findings(std::size_t n, FindingType type, Severity severity) {
  model::Finding f;
  f.type = type;
  f.severity = severity;
  return std::vector<model::Finding>(n, f);
}

// The rules that failed, or "pass".
std::string verdict(const model::QualityGate& gate) {
  std::string failed;
  for (const model::GateRule& rule : gate.rules) {
    if (!rule.passed) failed += (failed.empty() ? "" : " ") + rule.rule;
  }
  EXPECT_EQ(gate.passed, failed.empty());
  return failed.empty() ? "pass" : failed;
}

config::ThresholdsConfig critical_sql_max(std::uint32_t max) {
  config::ThresholdsConfig out;
  out.n_plus_one_sql_critical_max = max;
  return out;
}

config::ThresholdsConfig usable_min(double min) {
  config::ThresholdsConfig out;
  out.min_usable_span_ratio = min;
  return out;
}

std::string judge(std::size_t n, FindingType type, Severity severity, const config::ThresholdsConfig& thresholds = {}) {
  return verdict(evaluate_gate(findings(n, type, severity), 0.0, {}, thresholds));
}

TEST(QualityGate, OneCriticalSqlRepetitionFails) {
  EXPECT_EQ(judge(1, FindingType::kNPlusOneSql, Severity::kCritical), "n_plus_one_sql_critical_max");
  EXPECT_EQ(judge(9, FindingType::kNPlusOneSql, Severity::kWarning), "pass");
  EXPECT_EQ(judge(2, FindingType::kNPlusOneSql, Severity::kCritical, critical_sql_max(2)), "pass");
  EXPECT_EQ(judge(3, FindingType::kNPlusOneSql, Severity::kCritical, critical_sql_max(2)), "n_plus_one_sql_critical_max");
}

TEST(QualityGate, ThreeHttpAndMessagingRepetitionsPassAndFourFail) {
  EXPECT_EQ(judge(3, FindingType::kNPlusOneHttp, Severity::kWarning), "pass");
  EXPECT_EQ(judge(4, FindingType::kNPlusOneHttp, Severity::kWarning), "n_plus_one_http_warning_max");
  EXPECT_EQ(judge(4, FindingType::kNPlusOneHttp, Severity::kCritical), "n_plus_one_http_warning_max");
  EXPECT_EQ(judge(4, FindingType::kNPlusOneHttp, Severity::kInfo), "pass");
  EXPECT_EQ(judge(3, FindingType::kNPlusOneMessaging, Severity::kWarning), "pass");
  EXPECT_EQ(judge(4, FindingType::kNPlusOneMessaging, Severity::kWarning), "n_plus_one_messaging_warning_max");
}

TEST(QualityGate, OtherTypesNeverCount) {
  for (const FindingType type : {FindingType::kRedundantSql, FindingType::kSlowSql, FindingType::kExcessiveFanout,
                                 FindingType::kChattyService, FindingType::kPoolSaturation, FindingType::kSerializedCalls}) {
    EXPECT_EQ(judge(100, type, Severity::kCritical), "pass");
  }
}

TEST(QualityGate, TheWasteRatioMayReachItsLimit) {
  EXPECT_EQ(verdict(evaluate_gate({}, 0.30, {}, {})), "pass");
  EXPECT_EQ(verdict(evaluate_gate({}, 0.31, {}, {})), "io_waste_ratio_max");
}

TEST(QualityGate, TheUsableRatioRuleNeedsAThresholdAndARatio) {
  EXPECT_EQ(evaluate_gate({}, 0.0, 0.1, {}).rules.size(), 4U);
  EXPECT_EQ(evaluate_gate({}, 0.0, {}, usable_min(0.9)).rules.size(), 4U);
  EXPECT_EQ(verdict(evaluate_gate({}, 0.0, 0.1, usable_min(0.9))), "min_usable_span_ratio");
  EXPECT_EQ(verdict(evaluate_gate({}, 0.0, 0.9, usable_min(0.9))), "pass");
}

TEST(QualityGate, RulesComeInAFixedOrderWithWhatWasCompared) {
  const model::QualityGate gate =
      evaluate_gate(findings(2, FindingType::kNPlusOneHttp, Severity::kWarning), 0.25, 0.5, usable_min(0.5));
  ASSERT_EQ(gate.rules.size(), 5U);
  EXPECT_EQ(gate.rules[0].rule, "n_plus_one_sql_critical_max");
  EXPECT_EQ(gate.rules[1].rule, "n_plus_one_http_warning_max");
  EXPECT_EQ(gate.rules[1].threshold, 3.0);
  EXPECT_EQ(gate.rules[1].actual, 2.0);
  EXPECT_EQ(gate.rules[2].rule, "n_plus_one_messaging_warning_max");
  EXPECT_EQ(gate.rules[3].rule, "io_waste_ratio_max");
  EXPECT_EQ(gate.rules[3].actual, 0.25);
  EXPECT_EQ(gate.rules[4].rule, "min_usable_span_ratio");
}

}  // namespace
}  // namespace sentinel::analysis
