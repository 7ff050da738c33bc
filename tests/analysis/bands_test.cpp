// Rules that turn a comparison into pass, comment or fail.
#include "analysis/bands.h"

#include <gtest/gtest.h>

namespace sentinel::analysis {
namespace {

using model::FindingType;
using model::Severity;

model::Finding finding(Severity severity, FindingType type = FindingType::kNPlusOneSql) {
  model::Finding f;
  f.type = type;
  f.severity = severity;
  return f;
}

Diff with_new(Severity severity, FindingType type = FindingType::kNPlusOneSql) {
  Diff diff;
  diff.new_findings.push_back(finding(severity, type));
  return diff;
}

Diff with_change(Severity before, Severity after) {
  Diff diff;
  diff.severity_changes.push_back({finding(after), before, after});
  return diff;
}

std::string verdict(const Diff& diff, std::string_view fail_on, std::string_view comment_on = {}) {
  const auto rules = [](std::string_view list) { return list.empty() ? std::vector<BandRule>() : *parse_band_rules(list); };
  const std::vector<BandRule> fail = rules(fail_on);
  const std::vector<BandRule> comment = rules(comment_on);
  const Verdict out = judge(diff, fail, comment);
  std::string text(word(out.band));
  for (const RuleHits& hit : out.hits) text += " " + std::string(hit.rule) + "=" + std::to_string(hit.findings);
  return text;
}

std::string error(std::string_view list) {
  const auto rules = parse_band_rules(list);
  return rules ? "ok" : rules.error().text();
}

TEST(Bands, NewFindingsFailAtTheSeverityNamedAndAbove) {
  EXPECT_EQ(verdict(with_new(Severity::kInfo), "new"), "FAIL new=1");
  EXPECT_EQ(verdict(with_new(Severity::kInfo), "new:warning"), "PASS");
  EXPECT_EQ(verdict(with_new(Severity::kWarning), "new:warning"), "FAIL new:warning=1");
  EXPECT_EQ(verdict(with_new(Severity::kCritical), "new:warning"), "FAIL new:warning=1");
  EXPECT_EQ(verdict(with_new(Severity::kWarning), "new:critical"), "PASS");
}

TEST(Bands, ATypeNarrowsTheRule) {
  EXPECT_EQ(verdict(with_new(Severity::kWarning), "new:info:n_plus_one_sql"), "FAIL new:info:n_plus_one_sql=1");
  EXPECT_EQ(verdict(with_new(Severity::kWarning), "new:info:slow_sql"), "PASS");
}

TEST(Bands, RegressionsAreTheirOwnKind) {
  const Diff worse = with_change(Severity::kWarning, Severity::kCritical);
  EXPECT_EQ(verdict(worse, "new"), "PASS");
  EXPECT_EQ(verdict(worse, "regression"), "FAIL regression=1");
  EXPECT_EQ(verdict(worse, "regression:critical"), "FAIL regression:critical=1");
  EXPECT_EQ(verdict(worse, "any:critical"), "FAIL any:critical=1");
  EXPECT_EQ(verdict(with_change(Severity::kCritical, Severity::kWarning), "any"), "PASS") << "it got better";
}

TEST(Bands, FailWinsOverComment) {
  EXPECT_EQ(verdict(with_new(Severity::kWarning), "new:critical", "new"), "COMMENT new=1");
  EXPECT_EQ(verdict(with_new(Severity::kCritical), "new:critical", "new"), "FAIL new:critical=1 new=1");
  EXPECT_EQ(verdict({}, "any", "any"), "PASS");
}

TEST(Bands, ResolvedFindingsNeverFail) {
  Diff diff;
  diff.resolved_findings.push_back(finding(Severity::kCritical));
  EXPECT_EQ(verdict(diff, "any", "any"), "PASS");
}

TEST(Bands, AListIsSeveralRules) {
  const auto rules = parse_band_rules("new:critical, any:info:slow_http");
  ASSERT_TRUE(rules.ok());
  ASSERT_EQ(rules->size(), 2U);
  EXPECT_EQ((*rules)[1].text, "any:info:slow_http");
  EXPECT_EQ((*rules)[1].type, FindingType::kSlowHttp);
}

TEST(Bands, WhatIsWrongIsNamedWithWhatIsAllowed) {
  EXPECT_EQ(error("old"), "'old' is no kind of change in the rule 'old' (expected new, regression or any)");
  EXPECT_EQ(error("new:bad"), "'bad' is no severity in the rule 'new:bad' (expected critical, warning or info)");
  EXPECT_EQ(error("new:info:n+1").find("'n+1' is no finding type in the rule 'new:info:n+1' (expected n_plus_one_sql,"), 0U);
  EXPECT_EQ(error("new:info:slow_sql:x"),
            "the rule 'new:info:slow_sql:x' has more than three parts (expected new:severity:type)");
  EXPECT_EQ(error(""), "'' is no kind of change in the rule '' (expected new, regression or any)");
  EXPECT_EQ(error("new,"), "'' is no kind of change in the rule '' (expected new, regression or any)");
  EXPECT_EQ(error("new:"), "'' is no severity in the rule 'new:' (expected critical, warning or info)");
}

}  // namespace
}  // namespace sentinel::analysis
