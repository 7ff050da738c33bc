// The comparison as text and JSON: every section, and what they leave out.
#include "report/diff_report.h"

#include <gtest/gtest.h>

#include "report/golden.h"
#include "report/sample_report.h"

namespace sentinel::report {
namespace {

using testing::finding;
using testing::full_finding;

analysis::Diff everything() {
  analysis::Diff diff;
  diff.new_findings.push_back(full_finding());
  diff.resolved_findings.push_back(finding());
  diff.resolved_findings.back().green_impact.reset();
  diff.resolved_findings.back().confidence = model::Confidence::kDaemonStaging;
  diff.severity_changes.push_back({finding(), model::Severity::kWarning, model::Severity::kCritical});
  diff.endpoint_deltas.push_back({"order-svc", "GET /a", 0, 7, 7});
  diff.endpoint_deltas.push_back({"order-svc", "GET /b", 3, 1, -2});
  return diff;
}

TEST(DiffText, ShowsEverySectionInOrder) {
  const std::vector<model::Warning> warnings = {{"tuning", "raise `x`"}};
  EXPECT_EQ(diff_text(everything(), warnings, nullptr, false), R"(
=== perf-sentinel diff ===
  1 new, 1 resolved, 1 severity changed (1 regression(s)), 2 endpoint count change(s)

Warnings (after run):
  [tuning] raise `x`

New findings (1):
  + [WARNING] N+1 SQL on POST /orders (order-svc)
      k8s.namespace.name: prod
      service.namespace: team
      Template:    SELECT * FROM t WHERE id = ?
      Occurrences: 5
      Window:      2025-07-10T14:32 -> 2025-07-10T14:32 (40ms)
      Suggestion:  Load the rows with one IN query
      Fix [java_jpa]: Use JOIN FETCH (https://example.org/jpa)
      IIS:         5.0 (high)
      Extra I/O:   4 avoidable ops
      Location:    shop.B.load (a/B.java:7)

Resolved findings (1):
  - [WARNING] N+1 SQL on POST /orders (order-svc)
      Template:    SELECT * FROM t WHERE id = ?
      Occurrences: 5
      Window:      2025-07-10T14:32 -> 2025-07-10T14:32 (40ms)
      Suggestion:  Load the rows with one IN query
      Confidence:  daemon_staging

Severity changes (1):
  [WARNING] -> [CRITICAL] N+1 SQL on POST /orders (order-svc)

Endpoint I/O op deltas (2):
  +7  GET /a on order-svc (0 -> 7)
  -2  GET /b on order-svc (3 -> 1)

)");
}

TEST(DiffText, TimestampsAreCutByCharacter) {
  analysis::Diff diff;
  diff.new_findings.push_back(finding());
  diff.new_findings.back().first_timestamp = "é234567890123456789";
  diff.new_findings.back().last_timestamp = "123456789012345é";
  const std::string text = diff_text(diff, {}, nullptr, false);
  EXPECT_NE(text.find("Window:      é234567890123456 -> 123456789012345é (40ms)"), std::string::npos) << text;
}

TEST(DiffText, NothingAtAllIsOneLine) {
  EXPECT_EQ(diff_text({}, {}, nullptr, false), R"(
=== perf-sentinel diff ===
  0 new, 0 resolved, 0 severity changed (0 regression(s)), 0 endpoint count change(s)

No differences between the two runs.
)");
}

TEST(DiffText, EndsWithTheVerdictAndTheRulesThatDecided) {
  const analysis::Verdict verdict{
      analysis::VerdictBand::kFail,
      {{analysis::VerdictBand::kFail, "new:warning", 1}, {analysis::VerdictBand::kComment, "any", 2}}};
  const std::string text = diff_text({}, {}, &verdict, false);
  EXPECT_TRUE(text.ends_with("Verdict: FAIL\n  - --fail-on new:warning: 1 finding\n  - --comment-on any: 2 findings\n\n"))
      << text;
  const analysis::Verdict pass;
  EXPECT_TRUE(diff_text({}, {}, &pass, false).ends_with("Verdict: PASS\n\n"));
}

TEST(DiffText, OutsideTextIsMadeSafe) {
  analysis::Diff diff;
  diff.new_findings.push_back(finding());
  diff.new_findings[0].service = "a\x1b[31mb";
  diff.endpoint_deltas.push_back({"a\nb", "GET /\x07", 0, 1, 1});
  const std::string text = diff_text(diff, {}, nullptr, false);
  EXPECT_NE(text.find("(a?[31mb)"), std::string::npos);
  EXPECT_NE(text.find("+1  GET /? on a?b (0 -> 1)"), std::string::npos);
}

TEST(DiffText, WithoutColoursNothingIsLostWithThem) {
  std::string colored = diff_text(everything(), {}, nullptr, true);
  EXPECT_NE(colored.find("\x1b[31m+\x1b[0m"), std::string::npos);
  for (std::size_t at = colored.find('\x1b'); at != std::string::npos; at = colored.find('\x1b')) {
    colored.erase(at, colored.find('m', at) - at + 1);
  }
  EXPECT_EQ(colored, diff_text(everything(), {}, nullptr, false));
}

TEST(DiffText, DurationsAreCompact) {
  const auto window = [](std::uint64_t ms) {
    analysis::Diff diff;
    diff.new_findings.push_back(finding());
    diff.new_findings[0].pattern.window_ms = ms;
    const std::string text = diff_text(diff, {}, nullptr, false);
    const std::size_t from = text.find("14:32 (") + 7;
    return text.substr(from, text.find(')', from) - from);
  };
  EXPECT_EQ(window(999), "999ms");
  EXPECT_EQ(window(1000), "1s");
  EXPECT_EQ(window(59'999), "59s");
  EXPECT_EQ(window(60'000), "1m");
  EXPECT_EQ(window(61'000), "1m1s");
  EXPECT_EQ(window(3'599'999), "59m59s");
  EXPECT_EQ(window(3'600'000), "1h");
  EXPECT_EQ(window(3'660'000), "1h1m");
  EXPECT_EQ(window(90'000'000), "25h");
}

TEST(DiffJson, EveryPartAsRecorded) {
  const std::vector<model::Warning> warnings = {{"tuning", "raise `x`"}};
  testing::expect_golden("diff.json", diff_json(everything(), warnings));
}

TEST(DiffJson, HasTheFourListsAlwaysAndWarningsOnlyWhenThereAreSome) {
  EXPECT_EQ(diff_json({}, {}), R"({
  "new_findings": [],
  "resolved_findings": [],
  "severity_changes": [],
  "endpoint_metric_deltas": []
}
)");
  analysis::Diff diff;
  diff.endpoint_deltas.push_back({"s", "e", 3, 1, -2});
  const std::vector<model::Warning> warnings = {{"tuning", "m"}};
  EXPECT_EQ(diff_json(diff, warnings), R"({
  "new_findings": [],
  "resolved_findings": [],
  "severity_changes": [],
  "endpoint_metric_deltas": [
    {
      "service": "s",
      "endpoint": "e",
      "before_io_ops": 3,
      "after_io_ops": 1,
      "delta": -2
    }
  ],
  "warning_details": [
    {
      "kind": "tuning",
      "message": "m"
    }
  ]
}
)");
}

}  // namespace
}  // namespace sentinel::report
