// The comparison as a comment on a pull request.
#include "report/ci/diff_markdown.h"

#include <gtest/gtest.h>

#include <string>

#include "report/ci/markdown.h"
#include "report/golden.h"
#include "report/sample_report.h"

namespace sentinel::report {
namespace {

using testing::finding;
using testing::full_finding;

std::string comment(const analysis::Diff& diff, std::span<const model::Warning> warnings = {},
                    const analysis::Verdict* verdict = nullptr) {
  std::string out;
  append_diff_markdown(out, diff, warnings, verdict);
  return out;
}

TEST(DiffMarkdown, NewFindingsThenWorseThenWhatIsGone) {
  analysis::Diff diff;
  diff.new_findings = {full_finding(), finding()};
  diff.new_findings[1].severity = model::Severity::kCritical;
  diff.resolved_findings.push_back(finding());
  diff.severity_changes.push_back({finding(), model::Severity::kWarning, model::Severity::kCritical});
  diff.severity_changes.push_back({finding(), model::Severity::kWarning, model::Severity::kInfo});
  diff.endpoint_deltas.push_back({"order-svc", "GET /a", 0, 7, 7});
  const std::vector<model::Warning> warnings = {{"tuning", "raise `x`"}};
  const analysis::Verdict verdict = {analysis::VerdictBand::kFail, {{analysis::VerdictBand::kFail, "new:critical", 1}}};
  testing::expect_golden("diff.md", comment(diff, warnings, &verdict));
}

TEST(DiffMarkdown, SaysWhenNothingChanged) {
  EXPECT_EQ(comment({}), std::string(kDiffMarkdownMarker) + "\n## perf-sentinel: nothing changed\n");
}

TEST(DiffMarkdown, TextFromOutsideIsShownAsText) {
  analysis::Diff diff;
  model::Finding hostile = finding();
  hostile.service = "</code><script>alert(1)</script>";
  hostile.source_endpoint = "@everyone |\n/close";
  hostile.pattern.template_text = "<!-- x -->`a`";
  hostile.suggestion = "<img src=x> [x](javascript:1) @you";
  diff.new_findings.push_back(hostile);
  diff.severity_changes.push_back({hostile, model::Severity::kInfo, model::Severity::kWarning});
  const std::vector<model::Warning> warnings = {{"tuning", "<script> @all\n/merge"}};
  const std::string out = comment(diff, warnings);
  for (const char* forbidden : {"<script", "<img", "@everyone", "@you", "@all", "\n/close", "\n/merge", "](javascript"}) {
    EXPECT_EQ(out.find(forbidden), std::string::npos) << forbidden;
  }
  EXPECT_EQ(out.find("<!--", 1), std::string::npos) << "only the marker is a comment";
}

TEST(DiffMarkdown, StaysShortEnoughForACommentAndCountsWhatIsLeftOut) {
  analysis::Diff diff;
  diff.new_findings.assign(2000, full_finding());
  diff.severity_changes.assign(2000, {finding(), model::Severity::kWarning, model::Severity::kCritical});
  diff.resolved_findings.assign(2000, finding());
  std::string out;
  const std::uint64_t left_out = append_diff_markdown(out, diff, {}, nullptr);
  EXPECT_LE(out.size(), kMarkdownBytes);
  EXPECT_GT(left_out, 0U);
  EXPECT_LT(left_out, 4000U);
  EXPECT_NE(out.find("more new findings left out of this comment."), std::string::npos);
  EXPECT_NE(out.find("more worsened findings left out of this comment."), std::string::npos);
  EXPECT_NE(out.find("2000 findings resolved (0 critical, 2000 warning, 0 info)"), std::string::npos);
  EXPECT_NE(out.find("Details of "), std::string::npos);
}

}  // namespace
}  // namespace sentinel::report
