#include "disclosure/validate.h"

#include <gtest/gtest.h>

#include <limits>

#include "disclosure/disclosure_texts.h"
#include "disclosure/known_patterns.h"
#include "disclosure/org_config.h"
#include "disclosure/support/scene.h"

namespace sentinel::disclosure::test {
namespace {

using nlohmann::json;

std::vector<std::string> prefixes(const std::vector<std::string>& rejections) {
  std::vector<std::string> out;
  for (const std::string& text : rejections) out.push_back(text.substr(0, text.find(": ")));
  return out;
}

TEST(Official, RecordedReportsAreRejectedForTheRecordedReasons) {
  for (const json& row : vectors("official")) {
    std::vector<std::string> days;
    for (int day = 1; day <= 31; ++day) {
      const std::string ts = "2026-01-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "T00:00:00Z";
      days.push_back(window_line(ts, row["report"]));
    }
    const Directory directory;
    PeriodRequest request = january({directory.file("a.ndjson", lines(days))});
    request.intent = Intent::kOfficial;
    request.confidentiality = Confidentiality::kPublic;
    request.to = *parse_date(row["to"].get<std::string>());
    const auto org = parse_org_config(row["org_config"].get<std::string>(), "org.toml");
    ASSERT_TRUE(org) << row["name"] << org.error().text();
    const PeriodResult result = report_period(request, *org);
    ASSERT_EQ(result.fault, PeriodFault::kNone) << row["name"] << result.error.text();
    // The table's whole label, as documents themselves show it, names the same table as its date.
    const json expected = row["name"] == "full vintage label" ? json::array() : row["rejected"];
    EXPECT_EQ(json(prefixes(result.report.rejections)), expected) << row["name"];
  }
}

// A document that passes every rule.
Document valid() {
  Document d;
  d.intent = Intent::kOfficial;
  d.confidentiality = Confidentiality::kPublic;
  d.organisation = acme();
  d.period = {*parse_date("2026-01-01"), *parse_date("2026-01-31"), PeriodType::kCalendarMonth, 31};
  d.core_patterns_required.assign(kCorePatterns.begin(), kCorePatterns.end());
  d.binary_specpower_vintage = "2026-04-24 (CCF aligned)";
  d.applications_measured = 1;
  d.aggregate.canonical_waste.n_plus_one_threshold = 2;
  d.aggregate.temporal_coverage = {1.0, 31, 31, 0};
  d.applications.resize(1);
  d.applications[0].service_name = "a";
  return d;
}

// The prefixes that a change to the valid document is rejected with, joined.
template <class Change>
std::string rejected(Change change) {
  Document d = valid();
  change(d);
  std::string out;
  for (const std::string& prefix : prefixes(official_rejections(d))) out += (out.empty() ? "" : " ") + prefix;
  return out;
}

TEST(Official, AValidDocumentPasses) {
  EXPECT_EQ(rejected([](Document&) {}), "");
}

TEST(Official, BoundsAreHeldToTheirLastValue) {
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto coverage = [](double value) { return rejected([=](Document& d) { d.aggregate.period_coverage = value; }); };
  EXPECT_EQ(coverage(0.75), "");
  EXPECT_EQ(coverage(std::nextafter(0.75, 0.0)), "aggregate.period_coverage");
  EXPECT_EQ(coverage(1.0), "");
  EXPECT_EQ(coverage(std::nextafter(1.0, 2.0)), "aggregate.period_coverage");
  EXPECT_EQ(coverage(nan), "aggregate.period_coverage");

  const auto percentage = [](double value) { return rejected([=](Document& d) { d.coverage_percentage = value; }); };
  EXPECT_EQ(percentage(0.0), "");
  EXPECT_EQ(percentage(100.0), "");
  EXPECT_EQ(percentage(std::nextafter(100.0, 200.0)), "scope_manifest.coverage_percentage");

  const auto ratio = [](double value) { return rejected([=](Document& d) { d.aggregate.waste_ratio = value; }); };
  EXPECT_EQ(ratio(1.0), "");
  EXPECT_EQ(ratio(1.5), "aggregate.aggregate_waste_ratio");
  EXPECT_EQ(ratio(-0.5), "aggregate.aggregate_waste_ratio");
  EXPECT_EQ(ratio(inf), "aggregate.aggregate_waste_ratio");

  const auto score = [](double value) { return rejected([=](Document& d) { d.aggregate.efficiency_score = value; }); };
  EXPECT_EQ(score(100.0), "");
  EXPECT_EQ(score(100.5), "aggregate.aggregate_efficiency_score");

  const auto days = [](std::uint32_t count) {
    return rejected([=](Document& d) {
      d.period.to = d.period.from + count - 1;
      d.period.days_covered = d.aggregate.temporal_coverage.days_in_period = d.aggregate.temporal_coverage.observed_days =
          count;
    });
  };
  EXPECT_EQ(days(30), "");
  EXPECT_EQ(days(29), "period");

  const auto declared = [](std::uint64_t count) {
    return rejected([=](Document& d) {
      d.aggregate.total_requests = 10;
      d.organisation.total_requests_in_period = count;
    });
  };
  EXPECT_EQ(declared(10), "");
  EXPECT_EQ(declared(9), "scope_manifest.requests_measured");
}

TEST(Official, TiersMustBeFiguresAndTheCanonicalOneAtItsThreshold) {
  EXPECT_EQ(rejected([](Document& d) { d.aggregate.canonical_waste.n_plus_one_threshold = 3; }), "aggregate.canonical_waste");
  EXPECT_EQ(rejected([](Document& d) { d.aggregate.operational_waste.n_plus_one_threshold = 3; }), "");
  EXPECT_EQ(rejected([](Document& d) {
              d.aggregate.operational_waste.energy_kwh = -1;
              d.aggregate.operational_waste.waste_ratio = 2;
            }),
            "aggregate.operational_waste aggregate.operational_waste");
}

TEST(Official, WasteBlocksMustAddUp) {
  const auto block = [](auto change) {
    return rejected([=](Document& d) {
      WasteBlock& b = d.aggregate.messaging_waste.emplace();
      b.windows_with_figure = 3;
      b.measured_windows = 2;
      b.declared_windows = 1;
      b.models = {"a_b+C"};
      change(b);
    });
  };
  EXPECT_EQ(block([](WasteBlock&) {}), "");
  EXPECT_EQ(block([](WasteBlock& b) { b.declared_windows = 2; }), "aggregate.messaging_waste.measured_windows");
  EXPECT_EQ(block([](WasteBlock& b) { b.measured_windows = b.declared_windows = 0; }), "");
  EXPECT_EQ(block([](WasteBlock& b) { b.windows_with_carbon = 4; }), "aggregate.messaging_waste.windows_with_carbon");
  EXPECT_EQ(block([](WasteBlock& b) { b.models = {"a-b"}; }), "aggregate.messaging_waste.models");
  EXPECT_EQ(block([](WasteBlock& b) { b.models = {std::string(65, 'a')}; }), "aggregate.messaging_waste.models");
  EXPECT_EQ(block([](WasteBlock& b) { b.models = {std::string(64, 'a')}; }), "");
  EXPECT_EQ(block([](WasteBlock& b) { b.canonical_waste_kgco2eq = -1.0; }),
            "aggregate.messaging_waste.canonical_waste_kgco2eq");
  EXPECT_EQ(block([](WasteBlock& b) { b.windows_with_figure = b.measured_windows = b.declared_windows = 0; }),
            "aggregate.messaging_waste.windows_with_figure");
}

TEST(Official, TemporalCoverageMustFitThePeriod) {
  const auto coverage = [](TemporalCoverage c) { return rejected([=](Document& d) { d.aggregate.temporal_coverage = c; }); };
  EXPECT_EQ(coverage({0.0, 0, 0, 0}), "");
  EXPECT_EQ(coverage({1.0, 32, 31, 0}), "aggregate.temporal_coverage.observed_days");
  EXPECT_EQ(coverage({1.0, 30, 30, 0}), "aggregate.temporal_coverage.days_in_period");
  EXPECT_EQ(coverage({1.0, 31, 31, 32}), "aggregate.temporal_coverage.largest_gap_days");
  EXPECT_EQ(coverage({1.5, 31, 31, 0}), "aggregate.temporal_coverage");
}

TEST(Official, ApplicationsMustBeThereAndNamed) {
  EXPECT_EQ(rejected([](Document& d) { d.applications.clear(); }), "applications");
  EXPECT_EQ(rejected([](Document& d) { d.applications[0].service_name = " \t"; }), "applications");
  EXPECT_EQ(rejected([](Document& d) { d.applications_measured = 0; }), "scope_manifest.applications_measured");
  EXPECT_EQ(rejected([](Document& d) { d.applications_measured = 6; }), "scope_manifest.applications_measured");
}

TEST(Official, AuditedIsNotImplemented) {
  Document d = valid();
  d.intent = Intent::kAudited;
  EXPECT_EQ(official_rejections(d).size(), 1U);
}

TEST(Warnings, ComeInOrderAndOnlyWhenDue) {
  Document d = valid();
  d.organisation.total_requests_in_period = 10;
  EXPECT_EQ(period_warnings(d, 5, 0).size(), 0U);
  d.aggregate.temporal_coverage.ratio = 0.8;
  EXPECT_EQ(period_warnings(d, 5, 0).size(), 0U);
  d.aggregate.temporal_coverage = {0.79, 24, 31, 1};
  d.organisation.total_requests_in_period.reset();
  const auto warnings = period_warnings(d, 5, 2);
  ASSERT_EQ(warnings.size(), 3U);
  EXPECT_TRUE(warnings[0].starts_with("2 of 5 windows")) << warnings[0];
  EXPECT_NE(warnings[1].find("24/31 declared days had measured traffic (79.0%, largest gap 1 day)"), std::string::npos)
      << warnings[1];
  EXPECT_NE(warnings[2].find("total_requests_in_period"), std::string::npos);
  d.intent = Intent::kInternal;
  EXPECT_EQ(period_warnings(d, 5, 2).size(), 2U);
}

TEST(Disclaimers, FollowTheFigures) {
  Document d = valid();
  EXPECT_EQ(disclaimers(d).size(), 9U);
  d.organisation.disclaimers = {"ours"};
  d.intent = Intent::kInternal;
  d.aggregate.period_coverage = 0.5;
  d.aggregate.binary_versions = {"1.1", "1.0"};
  d.calibration.calibration_applied = true;
  const auto texts = disclaimers(d);
  ASSERT_EQ(texts.size(), 5U);
  EXPECT_EQ(texts[0], "ours");
  EXPECT_NE(texts[1].find("50.0%"), std::string::npos);
  EXPECT_NE(texts[1].find("75%"), std::string::npos);
  EXPECT_NE(texts[2].find("1.0, 1.1"), std::string::npos);
  EXPECT_NE(texts[3].find("methodology.calibration_inputs.calibration_applied"), std::string::npos);
  EXPECT_NE(texts[4].find("largest gap 0 days"), std::string::npos);
  d.aggregate.period_coverage = 0.75;
  EXPECT_EQ(disclaimers(d).size(), 4U);
  d.aggregate.period_coverage = 0.5;
  d.intent = Intent::kOfficial;
  EXPECT_EQ(disclaimers(d).size(), 4U);
}

}  // namespace
}  // namespace sentinel::disclosure::test
