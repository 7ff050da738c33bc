#include "report/json_report.h"

#include <gtest/gtest.h>

#include <limits>

#include "analysis/report_reader.h"
#include "golden.h"
#include "sample_report.h"
#include "support/json.h"

namespace sentinel::report {
namespace {

using testing::empty_report;
using testing::expect_golden;
using testing::finding;
using testing::full_report;
using Json = nlohmann::ordered_json;

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

TEST(JsonReport, WritesEveryPartInTheOrderOfTheChapter) { expect_golden("full.json", json_report(full_report(), true)); }

TEST(JsonReport, ReadsBackToTheSameBytes) {
  model::Report report = full_report();
  report.correlations.push_back({{model::FindingType::kSlowSql, "a", "x", {}, {}},
                                 {model::FindingType::kSlowHttp, "b", "y", "k", "v"},
                                 3,
                                 4,
                                 0.75,
                                 12.0,
                                 "2026-01-01T00:00:00.000Z",
                                 "2026-01-01T00:00:01.000Z",
                                 "t1"});
  const std::string text = json_report(report, true);
  const base::Result<analysis::SavedReport> saved = analysis::read_saved_report(text);
  ASSERT_TRUE(saved.ok()) << saved.error().text();
  EXPECT_EQ(json_report(saved->report, true), text);
}

TEST(JsonReport, InPiecesItHasTheSameBytes) {
  model::Report report = full_report();
  std::vector<std::string> traces;
  for (int i = 0; i < 1000; ++i) traces.push_back("trace " + std::to_string(i));
  for (const std::size_t count : {std::size_t{0}, std::size_t{255}, std::size_t{256}, std::size_t{257}, traces.size()}) {
    report.findings.clear();
    for (std::size_t i = 0; i < count; ++i) report.findings.push_back(finding(traces[i]));
    const std::string whole = json_report(report, true);
    for (const unsigned threads : {1U, 2U, 7U}) {
      const std::vector<std::string> pieces = json_report_pieces(report, true, threads);
      EXPECT_EQ(pieces.size() > 1, threads > 1 && count >= 256);
      std::string joined;
      for (const std::string& piece : pieces) joined += piece;
      EXPECT_EQ(joined, whole) << count << " findings, " << threads << " threads";
    }
  }
}

TEST(JsonReport, OmitsWhatIsAbsent) { expect_golden("empty.json", json_report(empty_report(), true)); }

TEST(JsonReport, LeavesAcknowledgedFindingsOutUnlessAsked) {
  const Json hidden = parsed_json<Json>(json_report(full_report(), false));
  const Json shown = parsed_json<Json>(json_report(full_report(), true));
  EXPECT_FALSE(hidden.contains("acknowledged_findings"));
  EXPECT_EQ(shown["acknowledged_findings"][0]["finding"]["trace_id"], "t9");
}

TEST(JsonReport, EscapesButDoesNotSanitise) {
  model::Report report = empty_report();
  report.findings.push_back(finding("a\x1b\xE2\x80\x8B\"/"));
  EXPECT_NE(json_report(report, false).find("\"trace_id\": \"a\\u001b\xE2\x80\x8B\\\"/\""), std::string::npos);
}

TEST(JsonReport, KeepsPresentButEmptyLocationTextsAndALoneLine) {
  model::Report report = empty_report();
  report.findings.push_back(finding());
  report.findings.back().code_location = {"", {}, {}, 0};
  const Json location = parsed_json<Json>(json_report(report, false))["findings"][0]["code_location"];
  EXPECT_EQ(keys(location), (std::vector<std::string>{"function", "lineno"}));
}

TEST(JsonReport, ShowsTheUsableRatioOnlyWhereAKindIsJudged) {
  model::Report report = empty_report();
  report.analysis.ingest = model::IngestTally{.missing_db_statement = 1, .retained_sql = 18};
  EXPECT_FALSE(parsed_json<Json>(json_report(report, false))["analysis"]["ingest"].contains("usable_span_ratio"));
  report.analysis.ingest = model::IngestTally{.missing_db_statement = 1, .retained_sql = 19};
  EXPECT_EQ(parsed_json<Json>(json_report(report, false))["analysis"]["ingest"]["usable_span_ratio"], 0.95);
}

TEST(JsonReport, NumbersThatAreNoNumbersBecomeNull) {
  model::Report report = empty_report();
  report.green_summary.io_waste_ratio = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(parsed_json<Json>(json_report(report, false))["green_summary"]["io_waste_ratio"].is_null());
}

}  // namespace
}  // namespace sentinel::report
