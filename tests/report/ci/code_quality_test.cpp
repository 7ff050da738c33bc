#include "report/ci/code_quality.h"

#include <gtest/gtest.h>

#include "report/sample_report.h"
#include "support/json.h"

namespace sentinel::report {
namespace {

using testing::finding;
using Json = nlohmann::ordered_json;

std::string code_quality(const std::vector<model::Finding>& findings) {
  std::string out;
  append_code_quality(out, findings, "fallback.md");
  return out;
}

TEST(CodeQuality, AnIssueHoldsWhatGitLabReads) {
  model::Finding f = testing::full_finding();
  f.severity = model::Severity::kInfo;
  EXPECT_EQ(code_quality({f}), R"([
  {
    "description": "n_plus_one_sql in order-svc on POST /orders: SELECT * FROM t WHERE id = ? (5 occurrences, 40ms window). Load the rows with one IN query",
    "check_name": "n_plus_one_sql",
    "fingerprint": "n_plus_one_sql:order-svc:POST__orders:00",
    "severity": "minor",
    "location": {
      "path": "a/B.java",
      "lines": {
        "begin": 7
      }
    }
  }
]
)");
}

TEST(CodeQuality, ACleanRunIsAnEmptyList) { EXPECT_EQ(code_quality({}), "[]\n"); }

TEST(CodeQuality, SeveritiesAreThoseOfGitLab) {
  std::vector<model::Finding> findings(3, finding());
  findings[0].severity = model::Severity::kCritical;
  findings[2].severity = model::Severity::kInfo;
  const Json issues = parsed_json<Json>(code_quality(findings));
  EXPECT_EQ(issues[0]["severity"], "critical");
  EXPECT_EQ(issues[1]["severity"], "major");
  EXPECT_EQ(issues[2]["severity"], "minor");
}

TEST(CodeQuality, RepeatsOfASignatureAreNumbered) {
  const Json issues = parsed_json<Json>(code_quality(
      {finding("t1", "a"), finding("t2", "b"), finding("t3", "a"), finding("t4", "a"), finding("t5", ""), finding("t6", "")}));
  std::string fingerprints;
  for (const Json& issue : issues) fingerprints += issue["fingerprint"].get<std::string>() + " ";
  EXPECT_EQ(fingerprints, "a b a-2 a-3 n_plus_one_sql n_plus_one_sql-2 ");
}

TEST(CodeQuality, WithoutACodeLocationTheFallbackStandsIn) {
  const Json issue = parsed_json<Json>(code_quality({finding()}))[0];
  EXPECT_EQ(issue["location"].dump(), R"({"path":"fallback.md","lines":{"begin":1}})");
}

}  // namespace
}  // namespace sentinel::report
