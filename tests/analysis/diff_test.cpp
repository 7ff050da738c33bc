// What two reports differ in: problems by identity, severities, endpoints.
#include "analysis/diff.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

#include "analysis/report_order.h"

namespace sentinel::analysis {
namespace {

using model::Finding;
using model::FindingType;
using model::Severity;

constexpr std::array<model::GroupPair, 1> kProd = {{{"k8s.namespace.name", "prod"}}};
constexpr std::array<model::GroupPair, 1> kStaging = {{{"k8s.namespace.name", "staging"}}};
constexpr std::array<model::GroupPair, 2> kProdTeam = {{{"k8s.namespace.name", "prod"}, {"service.namespace", "team"}}};

struct F {
  Severity severity = Severity::kWarning;
  std::uint64_t occurrences = 5;
  std::string_view trace = "t1";
  std::span<const model::GroupPair> grouping = {};
  std::string_view service = "svc";
  std::string_view endpoint = "GET /";
  std::string_view template_text = "SELECT ?";
  FindingType type = FindingType::kNPlusOneSql;
};

model::Report report_of(std::initializer_list<F> list) {
  model::Report out;
  for (const F& f : list) {
    Finding& made = out.findings.emplace_back();
    made.type = f.type;
    made.severity = f.severity;
    made.trace_id = f.trace;
    made.service = f.service;
    made.grouping = f.grouping;
    made.source_endpoint = f.endpoint;
    made.pattern.template_text = f.template_text;
    made.pattern.occurrences = f.occurrences;
  }
  sort_canonical(out.findings);
  return out;
}

// "+ svc GET / SELECT ? x5 warning" a line: + new, - resolved, > worse, < better.
std::string told(const Diff& diff) {
  std::string out;
  const auto line = [&](std::string_view sign, const Finding& f) {
    out += std::string(sign) + " " + std::string(f.service) + " " + std::string(f.source_endpoint) + " " +
           std::string(f.pattern.template_text) + " x" + std::to_string(f.pattern.occurrences) + " " +
           std::string(model::slug(f.severity)) + (f.grouping.empty() ? "" : " " + std::string(f.grouping.front().value)) +
           "\n";
  };
  for (const Finding& f : diff.new_findings) line("+", f);
  for (const Finding& f : diff.resolved_findings) line("-", f);
  for (const SeverityChange& c : diff.severity_changes) line(c.is_regression() ? ">" : "<", c.finding);
  return out;
}

std::string diff(std::initializer_list<F> before, std::initializer_list<F> after) {
  const model::Report old_report = report_of(before);
  const model::Report new_report = report_of(after);
  return told(compare(old_report, new_report));
}

TEST(Diff, TheSameProblemInTwoTracesIsOneWithItsOccurrencesSummed) {
  EXPECT_EQ(diff({}, {{.occurrences = 6}, {.occurrences = 12, .trace = "t2"}}), "+ svc GET / SELECT ? x18 warning\n");
}

TEST(Diff, TheSumOfOccurrencesSaturates) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(diff({}, {{.occurrences = kMost - 1}, {.occurrences = 1, .trace = "t2"}}),
            "+ svc GET / SELECT ? x18446744073709551615 warning\n");
  EXPECT_EQ(diff({}, {{.occurrences = kMost - 1}, {.occurrences = 2, .trace = "t2"}}),
            "+ svc GET / SELECT ? x18446744073709551615 warning\n");
}

TEST(Diff, TheFirstOfTheWorstSeverityIsKept) {
  const model::Report before = report_of({});
  const model::Report after = report_of(
      {{.trace = "t1"}, {.severity = Severity::kCritical, .trace = "t3"}, {.severity = Severity::kCritical, .trace = "t2"}});
  const Diff diff = compare(before, after);
  ASSERT_EQ(diff.new_findings.size(), 1U);
  EXPECT_EQ(diff.new_findings[0].trace_id, "t2");
  EXPECT_EQ(diff.new_findings[0].severity, Severity::kCritical);
}

TEST(Diff, SameSeverityWithOtherCountsIsNoChange) { EXPECT_EQ(diff({{.occurrences = 5}}, {{.occurrences = 500}}), ""); }

TEST(Diff, WorseIsARegressionAndComesFirst) {
  EXPECT_EQ(diff({{.severity = Severity::kCritical, .template_text = "A"}, {.template_text = "B"}},
                 {{.template_text = "A"}, {.severity = Severity::kCritical, .template_text = "B"}}),
            "> svc GET / B x5 critical\n< svc GET / A x5 warning\n");
}

TEST(Diff, TheWorstOfEachSideIsCompared) {
  EXPECT_EQ(diff({{.severity = Severity::kCritical}}, {{}, {.severity = Severity::kCritical, .trace = "t2"}}), "");
}

TEST(Diff, EachPartOfTheIdentityMakesAnotherProblem) {
  for (const F& other : {F{.service = "x"}, F{.endpoint = "x"}, F{.template_text = "x"}}) {
    const model::Report before = report_of({{}});
    const model::Report after = report_of({other});
    const Diff result = compare(before, after);
    EXPECT_EQ(result.new_findings.size(), 1U);
    EXPECT_EQ(result.resolved_findings.size(), 1U);
  }
  const Diff by_type = [] {
    const model::Report before = report_of({{}});
    static const model::Report after = report_of({{.type = FindingType::kRedundantSql}});
    Diff out = compare(before, after);
    return out;
  }();
  EXPECT_EQ(by_type.new_findings.size(), 1U);
}

TEST(Diff, AnUngroupedBaselineIsComparedWithoutGrouping) {
  EXPECT_EQ(diff({{}}, {{.grouping = kProd}}), "");
  EXPECT_EQ(diff({{}}, {{.grouping = kProd}, {.trace = "t2", .grouping = kStaging}}), "");
}

TEST(Diff, AGroupedBaselineTellsGroupsApart) {
  EXPECT_EQ(diff({{.grouping = kProd}}, {{.grouping = kProd}, {.trace = "t2", .grouping = kStaging}}),
            "+ svc GET / SELECT ? x5 warning staging\n");
  EXPECT_EQ(diff({{.grouping = kProd}}, {{}}), "+ svc GET / SELECT ? x5 warning\n- svc GET / SELECT ? x5 warning prod\n");
}

TEST(Diff, OnlyTheFirstGroupingPairCounts) { EXPECT_EQ(diff({{.grouping = kProd}}, {{.grouping = kProdTeam}}), ""); }

TEST(Diff, ChangesAreOrderedByTypeServiceEndpointTemplate) {
  EXPECT_EQ(diff({{.service = "b"}, {.service = "a", .endpoint = "y"}, {.service = "a", .endpoint = "x"}},
                 {{.severity = Severity::kCritical, .service = "b"},
                  {.severity = Severity::kCritical, .service = "a", .endpoint = "y"},
                  {.severity = Severity::kCritical, .service = "a", .endpoint = "x"}}),
            "> a x SELECT ? x5 critical\n> a y SELECT ? x5 critical\n> b GET / SELECT ? x5 critical\n");
}

// -- endpoints

std::string deltas(std::vector<model::EndpointIoOps> before, std::vector<model::EndpointIoOps> after) {
  model::Report old_report;
  model::Report new_report;
  old_report.per_endpoint_io_ops = std::move(before);
  new_report.per_endpoint_io_ops = std::move(after);
  std::string out;
  for (const EndpointDelta& row : compare(old_report, new_report).endpoint_deltas) {
    out += std::string(row.service) + " " + std::string(row.endpoint) + " " + std::to_string(row.before_io_ops) + "->" +
           std::to_string(row.after_io_ops) + " " + std::to_string(row.delta) + "; ";
  }
  return out;
}

TEST(DiffEndpoints, UnequalCountsOnlyTheLargestGrowthFirst) {
  EXPECT_EQ(deltas({{"s", "a", 10}, {"s", "b", 5}, {"s", "c", 7}}, {{"s", "a", 2}, {"s", "b", 50}, {"s", "c", 7}}),
            "s b 5->50 45; s a 10->2 -8; ");
}

TEST(DiffEndpoints, AMissingSideCountsAsNone) {
  EXPECT_EQ(deltas({{"s", "gone", 3}}, {{"s", "fresh", 4}}), "s fresh 0->4 4; s gone 3->0 -3; ");
}

TEST(DiffEndpoints, TiesStandByServiceThenEndpointWhateverTheOrderOfTheReport) {
  EXPECT_EQ(deltas({}, {{"b", "x", 1}, {"a", "y", 1}, {"a", "x", 1}}), "a x 0->1 1; a y 0->1 1; b x 0->1 1; ");
}

TEST(DiffEndpoints, DifferencesAreClampedTo64Bits) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(deltas({{"s", "a", kMost}}, {{"s", "b", kMost}}),
            "s b 0->18446744073709551615 9223372036854775807; s a 18446744073709551615->0 -9223372036854775808; ");
  constexpr auto kHalf = std::uint64_t{1} << 63;
  EXPECT_EQ(deltas({{"s", "a", kHalf}}, {}), "s a 9223372036854775808->0 -9223372036854775808; ");
  EXPECT_EQ(deltas({{"s", "a", kHalf - 1}}, {}), "s a 9223372036854775807->0 -9223372036854775807; ");
}

}  // namespace
}  // namespace sentinel::analysis
