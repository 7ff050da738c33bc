#include "report/ci/sarif.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "report/golden.h"
#include "report/renderers.h"
#include "report/sample_report.h"
#include "support/json.h"

namespace sentinel::report {
namespace {

using testing::expect_golden;
using testing::finding;
using testing::full_finding;
using testing::full_report;
using Json = nlohmann::ordered_json;

struct Log {
  std::uint64_t left_out = 0;
  Json json;

  [[nodiscard]] const Json& run() const { return json["runs"][0]; }
  [[nodiscard]] const Json& results() const { return run()["results"]; }
};

Log sarif(const std::vector<model::Finding>& findings, const SarifOptions& options = {},
          const std::vector<model::AcknowledgedFinding>& acknowledged = {}) {
  std::string out;
  const std::uint64_t left_out = append_sarif(out, {findings, acknowledged, {}, "1.2.3"}, options);
  return {left_out, parsed_json<Json>(out)};
}

model::Finding at(std::string_view file, std::optional<std::uint32_t> line = {}) {
  model::Finding f = finding();
  f.code_location = {{}, file, {}, line};
  return f;
}

std::string rendered(const RenderOptions& options) {
  Pieces out;
  renderer_named("sarif")->append(out, full_report(), options);
  return out.front();
}

TEST(Sarif, WritesEveryPart) { expect_golden("full.sarif", rendered({.show_acknowledged = true})); }

TEST(Sarif, CompatWritesTheShapeOfTheReference) {
  expect_golden("full_compat.sarif", rendered({.show_acknowledged = true, .sarif_compat = true}));
}

TEST(Sarif, ACleanRunHasAllRulesAndNoResults) {
  const Log log = sarif({});
  EXPECT_TRUE(log.results().is_array());
  EXPECT_TRUE(log.results().empty());
  EXPECT_EQ(log.run()["tool"]["driver"]["rules"].size(), model::kFindingTypes);
}

TEST(Sarif, RuleIndexLeadsToTheRule) {
  for (std::size_t i = 0; i < model::kFindingTypes; ++i) {
    model::Finding f = finding();
    f.type = static_cast<model::FindingType>(i);
    const Log log = sarif({f});
    const Json& result = log.results()[0];
    EXPECT_EQ(log.run()["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
  }
}

TEST(Sarif, LeavesAcknowledgedFindingsOutUnlessAsked) {
  EXPECT_EQ(parsed_json<Json>(rendered({}))["runs"][0]["results"].size(), 1U);
  const Json shown = parsed_json<Json>(rendered({.show_acknowledged = true}))["runs"][0]["results"];
  ASSERT_EQ(shown.size(), 2U);
  EXPECT_FALSE(shown[0].contains("suppressions"));
  EXPECT_EQ(shown[1]["suppressions"],
            parsed_json<Json>(R"([{"kind": "external", "status": "accepted", "justification": "accepted"}])"));
}

TEST(Sarif, EveryResultHasAPlace) {
  const auto place = [](const model::Finding& f) { return sarif({f}).results()[0]["locations"][0]["physicalLocation"].dump(); };
  EXPECT_EQ(place(at("src/A.java", 7)), R"({"artifactLocation":{"uri":"src/A.java"},"region":{"startLine":7}})");
  EXPECT_EQ(place(at("src/A.java", 0)), R"({"artifactLocation":{"uri":"src/A.java"},"region":{"startLine":1}})");
  EXPECT_EQ(place(at("src/A.java")), R"({"artifactLocation":{"uri":"src/A.java"},"region":{"startLine":1}})");
  for (const char* path : {"/etc/passwd", "../a", "", "."}) {
    EXPECT_EQ(place(at(path, 7)), R"({"artifactLocation":{"uri":".perf-sentinel.toml"},"region":{"startLine":1}})") << path;
  }
  EXPECT_EQ(sarif({finding()}, {.fallback_file = "docs/a b.md"})
                .results()[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "docs/a%20b.md");
}

TEST(Sarif, CompatKeepsTheLineZeroAndDropsThePathsThatLeadAway) {
  const auto locations = [](const model::Finding& f) {
    return sarif({f}, {.compat = true}).results()[0].value("locations", Json());
  };
  EXPECT_EQ(locations(at("a.py", 0)).dump(),
            R"([{"physicalLocation":{"artifactLocation":{"uri":"a.py"},"region":{"startLine":0}}}])");
  EXPECT_EQ(locations(at("a\\b.py")).dump(), R"([{"physicalLocation":{"artifactLocation":{"uri":"a\\b.py"}}}])");
  EXPECT_TRUE(locations(at("../a.py", 7)).is_null());
}

TEST(Sarif, TextsAreMadeSafe) {
  model::Finding f = full_finding();
  f.service = "s\xE2\x80\xAEvc\x1b";
  f.suggested_fix->reference_url = "javascript:alert(1)";
  const Json result = sarif({f}).results()[0];
  EXPECT_EQ(result["locations"][0]["logicalLocations"][0]["name"], "svc?");
  EXPECT_EQ(result["message"]["text"],
            "n_plus_one_sql in svc? on POST /orders: SELECT * FROM t WHERE id = ? (5 occurrences, 40ms window). "
            "Load the rows with one IN query Suggested fix: Use JOIN FETCH");
  EXPECT_EQ(sarif({f}, {.compat = true}).results()[0]["logicalLocations"][0]["name"], "svc\x1b");  // as recorded
}

TEST(Sarif, MarksResultsOfAComparison) {
  EXPECT_EQ(sarif({finding()}, {.baseline_state = "new"}).results()[0]["baselineState"], "new");
  EXPECT_FALSE(sarif({finding()}).results()[0].contains("baselineState"));
}

TEST(Sarif, WarningsOfTheRunAreNotifications) {
  std::string out;
  const std::vector<model::Warning> warnings = {{"tuning", "raise `x`\x1b"}};
  append_sarif(out, {{}, {}, warnings, "1"}, {});
  EXPECT_EQ(parsed_json<Json>(out)["runs"][0]["invocations"][0]["toolExecutionNotifications"].dump(),
            R"([{"descriptor":{"id":"tuning"},"level":"warning","message":{"text":"raise x?"}}])");
}

// `count` findings: an info, a warning and a critical one in turn; the trace id is the number.
std::vector<model::Finding> mixed(std::size_t count, std::vector<std::string>& names) {
  names.clear();
  names.reserve(count);
  std::vector<model::Finding> out;
  for (std::size_t i = 0; i < count; ++i) {
    names.push_back(std::to_string(i));
    out.push_back(finding(names.back()));
    out.back().severity = static_cast<model::Severity>(2 - i % 3);
  }
  return out;
}

TEST(Sarif, HoldsAsManyResultsAsAHostShows) {
  std::vector<std::string> names;
  for (const auto& [findings, max, shown] : {std::array<std::size_t, 3>{4'999, kSarifResults, 4'999},
                                             {5'000, kSarifResults, 5'000},
                                             {5'001, kSarifResults, 5'000},
                                             {25'001, kMaxSarifResults, 25'000},
                                             {3, 1, 1}}) {
    const Log log = sarif(mixed(findings, names), {.max_results = max});
    EXPECT_EQ(log.results().size(), shown);
    EXPECT_EQ(log.left_out, findings - shown);
    const Json& invocation = log.run()["invocations"][0];
    ASSERT_EQ(invocation.contains("toolExecutionNotifications"), findings > shown);
    if (findings == shown) continue;
    const Json& note = invocation["toolExecutionNotifications"][0];
    EXPECT_EQ(note["descriptor"]["id"], "results_left_out");
    EXPECT_EQ(note["message"]["text"].get<std::string>().find(std::to_string(findings - shown) + " results"), 0U);
  }
  EXPECT_EQ(sarif(mixed(25'001, names), {.compat = true}).results().size(), 25'001U);
}

TEST(Sarif, PastTheLimitTheWorstComeFirstAndThenReportOrder) {
  std::vector<std::string> names;
  const auto traces = [&](std::uint64_t max) {
    std::string out;
    const Log log = sarif(mixed(9, names), {.max_results = max});
    for (const Json& result : log.results()) out += result["properties"]["traceId"].get<std::string>();
    return out;
  };
  EXPECT_EQ(traces(9), "012345678");
  EXPECT_EQ(traces(8), "25814703");
  EXPECT_EQ(traces(4), "2581");
}

TEST(Sarif, AcknowledgedResultsTakeTheRoomThatIsLeft) {
  std::vector<std::string> names;
  const std::vector<model::AcknowledgedFinding> acknowledged(3, {finding(), {}});
  const Log log = sarif(mixed(2, names), {.max_results = 4}, acknowledged);
  EXPECT_EQ(log.results().size(), 4U);
  EXPECT_EQ(log.left_out, 1U);
  EXPECT_TRUE(log.results()[2].contains("suppressions"));
}

}  // namespace
}  // namespace sentinel::report
