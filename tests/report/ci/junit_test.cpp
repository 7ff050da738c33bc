#include "report/ci/junit.h"

#include <gtest/gtest.h>

#include "report/golden.h"
#include "report/sample_report.h"

namespace sentinel::report {
namespace {

using model::FindingType;
using model::Severity;
using testing::empty_report;
using testing::finding;

std::string junit(const model::Report& report, bool show_acknowledged = false) {
  std::string out;
  append_junit(out, report, show_acknowledged);
  return out;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}

void break_rule(model::Report& report, std::string_view rule) {
  report.quality_gate.passed = false;
  report.quality_gate.rules.push_back({std::string(rule), 0.0, 1.0, false});
}

TEST(Junit, WritesEveryPart) {
  model::Report report = testing::full_report();
  report.findings.push_back(finding("t2"));
  report.findings.back().service = "a-svc";
  report.findings.back().severity = Severity::kCritical;
  report.findings.back().pattern.window_ms = 1007;
  break_rule(report, "n_plus_one_sql_critical_max");
  testing::expect_golden("junit.xml", junit(report, true));
}

TEST(Junit, ACleanRunHasOnePassingCase) {
  const std::string out = junit(empty_report());
  EXPECT_TRUE(has(out, R"(<testsuites name="perf-sentinel" tests="1" failures="0" errors="0" skipped="0" time="0.000">)"));
  EXPECT_EQ(count(out, "<testcase "), 1U);
  EXPECT_EQ(count(out, "<failure"), 0U);
}

TEST(Junit, AFindingFailsWhenItBrokeTheGate) {
  struct Row {
    std::string_view rule;
    FindingType type;
    Severity severity;
    bool fails;
  };
  for (const Row& row : {Row{"n_plus_one_sql_critical_max", FindingType::kNPlusOneSql, Severity::kCritical, true},
                         {"n_plus_one_sql_critical_max", FindingType::kNPlusOneSql, Severity::kWarning, false},
                         {"n_plus_one_sql_critical_max", FindingType::kNPlusOneHttp, Severity::kCritical, false},
                         {"n_plus_one_http_warning_max", FindingType::kNPlusOneHttp, Severity::kCritical, true},
                         {"n_plus_one_http_warning_max", FindingType::kNPlusOneHttp, Severity::kWarning, true},
                         {"n_plus_one_http_warning_max", FindingType::kNPlusOneHttp, Severity::kInfo, false},
                         {"n_plus_one_messaging_warning_max", FindingType::kNPlusOneMessaging, Severity::kWarning, true},
                         {"n_plus_one_messaging_warning_max", FindingType::kNPlusOneSql, Severity::kWarning, false},
                         {"io_waste_ratio_max", FindingType::kRedundantSql, Severity::kInfo, true},
                         {"io_waste_ratio_max", FindingType::kSlowSql, Severity::kCritical, false},
                         {"min_usable_span_ratio", FindingType::kNPlusOneSql, Severity::kCritical, false}}) {
    model::Report report = empty_report();
    report.findings.push_back(finding());
    report.findings[0].type = row.type;
    report.findings[0].severity = row.severity;
    break_rule(report, row.rule);
    const std::string out = junit(report);
    EXPECT_EQ(has(out, R"(<testsuite name="order-svc" tests="1" failures="1")"), row.fails) << row.rule;
    EXPECT_EQ(count(out, "<failure "), 1U) << row.rule;                                // the gate failed: something must
    EXPECT_EQ(has(out, R"(<testsuite name="quality gate")"), !row.fails) << row.rule;  // … the rule itself if no finding does
    report.quality_gate.rules.back().passed = true;
    EXPECT_EQ(count(junit(report), "<failure "), 0U) << row.rule;
  }
}

TEST(Junit, ServicesAreSuitesInOrderOfTheirNames) {
  model::Report report = empty_report();
  for (const char* service : {"b", "a", "b"}) {
    report.findings.push_back(finding());
    report.findings.back().service = service;
  }
  const std::string out = junit(report);
  EXPECT_LT(out.find(R"(<testsuite name="a" tests="1")"), out.find(R"(<testsuite name="b" tests="2")"));
  EXPECT_TRUE(has(out, R"(<testsuites name="perf-sentinel" tests="3")"));
  EXPECT_TRUE(has(out, R"(skipped="0" time="0.080")"));
}

TEST(Junit, AcknowledgedFindingsAreSkippedCasesWhenShown) {
  const std::string shown = junit(testing::full_report(), true);
  EXPECT_TRUE(has(shown, R"(tests="2" failures="0" errors="0" skipped="1")"));
  EXPECT_TRUE(has(shown, R"(<skipped message="accepted"/>)"));
  EXPECT_EQ(count(junit(testing::full_report()), "<skipped"), 0U);
}

TEST(Junit, HostileTextStaysText) {
  model::Report report = empty_report();
  report.findings.push_back(finding("]]>\x01\xFF"));
  report.findings[0].source_endpoint = "\"/><failure>";
  const std::string out = junit(report);
  EXPECT_TRUE(has(out, R"(classname="&quot;/&gt;&lt;failure&gt;")"));
  EXPECT_TRUE(has(out, "trace: ]]&gt;?\xEF\xBF\xBD"));
}

}  // namespace
}  // namespace sentinel::report
