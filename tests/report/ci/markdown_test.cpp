#include "report/ci/markdown.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "report/ci/markdown_text.h"
#include "report/golden.h"
#include "report/sample_report.h"

namespace sentinel::report {
namespace {

using model::Severity;
using testing::empty_report;
using testing::finding;

struct Comment {
  std::string text;
  std::uint64_t left_out = 0;

  [[nodiscard]] bool has(std::string_view part) const { return text.find(part) != std::string::npos; }
};

Comment markdown(const model::Report& report, bool show_acknowledged = false) {
  Comment out;
  out.left_out = append_markdown(out.text, report, show_acknowledged);
  return out;
}

// Finding i has its own signature, its number for a template and saves i operations.
model::Report with_problems(std::size_t count, std::vector<std::string>& names) {
  names.clear();
  names.reserve(count);
  model::Report report = empty_report();
  for (std::size_t i = 0; i < count; ++i) {
    names.push_back("problem" + std::to_string(i));
    report.findings.push_back(finding("t", names.back()));
    report.findings.back().pattern.template_text = names.back();
    report.findings.back().green_impact->extra_io_ops = i;
  }
  return report;
}

TEST(Markdown, WritesEveryPart) {
  model::Report report = testing::full_report();
  report.findings.push_back(finding("t2", "other"));
  report.findings.back().severity = Severity::kCritical;
  report.quality_gate.passed = false;
  report.quality_gate.rules.push_back({"io_waste_ratio_max", 0.3, 0.8, false});
  testing::expect_golden("markdown.md", markdown(report, true).text);
}

TEST(Markdown, BeginsWithTheMarkerOfTheComment) {
  EXPECT_EQ(markdown(empty_report()).text.find(std::string(kMarkdownMarker) + "\n## perf-sentinel: quality gate passed\n"), 0U);
}

TEST(Markdown, ACleanRunSaysSo) {
  const Comment comment = markdown(empty_report());
  EXPECT_TRUE(comment.has("\nNo performance anti-patterns found, in 0 traces with 0 I/O operations.\n"));
  EXPECT_FALSE(comment.has("Endpoint"));
  EXPECT_EQ(comment.left_out, 0U);
}

TEST(Markdown, ValuesOfTheGateAreRoundedButNeverToTheLimit) {
  model::Report report = empty_report();
  const auto row = [&](double limit, double actual) {
    report.quality_gate.rules = {{"io_waste_ratio_max", limit, actual, false}};
    return markdown(report).has("| Max I/O waste ratio | 0.3 | 0.3154 | **fail** |") ? "rounded" : markdown(report).text;
  };
  EXPECT_EQ(row(0.3, 0.3153846153846154), "rounded");
  EXPECT_NE(row(0.3, 0.30000001).find("| 0.3 | 0.30000001 |"), std::string::npos);
  EXPECT_NE(row(3, 4).find("| 3 | 4 |"), std::string::npos);
}

TEST(Markdown, InstancesOfAProblemShareARowThatShowsTheWorst) {
  model::Report report = empty_report();
  for (const char* trace : {"t1", "t2", "t3"}) report.findings.push_back(finding(trace));
  report.findings[1].severity = Severity::kCritical;
  report.findings[1].pattern.occurrences = 12;
  const Comment comment = markdown(report);
  EXPECT_TRUE(comment.has("**3 findings** of 1 problem: 1 critical, 2 warning, 0 info"));
  EXPECT_TRUE(
      comment.has("| **critical** | N+1 SQL | <code>order-svc</code> | <code>POST /orders</code> | "
                  "<code>SELECT &#42; FROM t WHERE id = ?</code> | 12 | 12 | 3 |\n"));
  EXPECT_TRUE(comment.has("in trace <code>t2</code>; the problem is in 3 traces\n"));
}

TEST(Markdown, TheWorstProblemComesFirstThenTheOneThatSavesMost) {
  std::vector<std::string> names;
  model::Report report = with_problems(4, names);
  report.findings[1].severity = Severity::kCritical;
  report.findings[3].severity = Severity::kInfo;
  const std::string text = markdown(report).text;
  std::vector<std::size_t> places;
  for (const char* name : {"<code>problem1<", "<code>problem2<", "<code>problem0<", "<code>problem3<"}) {
    places.push_back(text.find(name));
  }
  EXPECT_TRUE(std::ranges::is_sorted(places));
  EXPECT_NE(places.back(), std::string::npos);
}

TEST(Markdown, NeverExceedsACommentAndCountsWhatItLeavesOut) {
  std::vector<std::string> names;
  for (const std::size_t count : {10U, 100U, 400U, 10'000U, 25'001U}) {
    const model::Report report = with_problems(count, names);
    const Comment comment = markdown(report);
    EXPECT_LE(comment.text.size(), kMarkdownBytes) << count;
    const std::string note = "\n" + std::to_string(comment.left_out) + " more problems, less severe";
    EXPECT_EQ(comment.has(note), comment.left_out > 0) << count;
    std::size_t rows = 0;
    for (std::size_t at = 0; (at = comment.text.find("\n| warning |", at)) != std::string::npos; ++at) ++rows;
    EXPECT_EQ(rows + comment.left_out, count);
    EXPECT_EQ(comment.left_out > 0, count > 200) << count;
  }
}

TEST(Markdown, LongTextsAreCutAndEveryPartKeepsItsRoom) {
  const std::string huge(100'000, '|');
  model::Report report = testing::full_report();
  for (int i = 0; i < 50; ++i) {
    report.findings.push_back(finding());
    model::Finding& f = report.findings.back();
    f.service = f.source_endpoint = f.trace_id = f.suggestion = f.signature = f.pattern.template_text = huge;
    f.suggested_fix = model::SuggestedFix{huge, huge, huge, "https://"};
    report.warning_details.push_back({"tuning", huge});
    report.acknowledged_findings.push_back({f, {huge, huge, huge, huge, {}, {}, {}}});
  }
  const Comment comment = markdown(report, true);
  EXPECT_LE(comment.text.size(), kMarkdownBytes);
  EXPECT_TRUE(comment.has("| Traces |"));
  EXPECT_TRUE(comment.has("41 more warnings\n"));
  EXPECT_TRUE(comment.text.ends_with("</details>\n"));
}

TEST(Markdown, AcknowledgedFindingsAreCountedAndListedWhenAsked) {
  EXPECT_TRUE(markdown(testing::full_report()).has("\n1 acknowledged finding not counted.\n"));
  EXPECT_FALSE(markdown(testing::full_report()).has("<summary>Acknowledged</summary>"));
  EXPECT_TRUE(
      markdown(testing::full_report(), true).has("- <code>sig</code> by team&#64;&#8203;example.org, 2026-05-02: accepted\n"));
}

TEST(Markdown, LinksOnlyToPlainHttpsAddresses) {
  model::Report report = empty_report();
  report.findings.push_back(testing::full_finding());
  const auto with = [&](std::string_view url) {
    report.findings[0].suggested_fix->reference_url = url;
    return markdown(report);
  };
  EXPECT_TRUE(with("https://example.org/a?b=c#d").has("Use JOIN FETCH ([documentation](https://example.org/a?b=c#d))\n"));
  for (const char* url : {"", "http://example.org", "javascript:alert(1)", "https://x)<b>", "https://x y", "https://x\"y"}) {
    EXPECT_TRUE(with(url).has("Use JOIN FETCH\n")) << url;
  }
}

std::string prose(std::string_view text, std::size_t max = 1000) {
  std::string out;
  MarkdownText(out).prose(text, max);
  return out;
}

TEST(MarkdownText, LetsNothingFromOutsideActAsMarkup) {
  EXPECT_EQ(prose("a|b"), "a&#124;b");
  EXPECT_EQ(prose("</script><b>&amp;"), "&#60;/script&#62;&#60;b&#62;&#38;amp;");
  EXPECT_EQ(prose("*x* _y_ [z](u) ![i] ~s~ #1 $m$"),
            "&#42;x&#42; &#95;y&#95; &#91;z&#93;(u) &#33;&#91;i&#93; &#126;s&#126; &#35;1 &#36;m&#36;");
  EXPECT_EQ(prose("@everyone http://x"), "&#64;&#8203;everyone http&#58;//x");
  EXPECT_EQ(prose("a\\`b`"), "a&#92;b");
  std::string out;
  MarkdownText(out).code("`t`|</code>", 100);
  EXPECT_EQ(out, "<code>&#96;t&#96;&#124;&#60;/code&#62;</code>");
}

TEST(MarkdownText, KeepsTextOnOneLineAndDropsWhatHides) {
  EXPECT_EQ(prose("a\n/approve\r\n\tb\xE2\x80\xA8"
                  "c\xC2\x85"
                  "d"),
            "a /approve   b c d");
  EXPECT_EQ(prose("\x01\x1b[31m\x7f"), "??&#91;31m?");
  EXPECT_EQ(prose("a\xE2\x80\xAE\xEF\xBB\xBF"
                  "b"),
            "ab");
  EXPECT_EQ(prose("a\xFF"
                  "b\xC3"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(prose("\xC3\xA9\xF0\x9F\x98\x80"), "\xC3\xA9\xF0\x9F\x98\x80");
}

TEST(MarkdownText, CutsBetweenCharacters) {
  EXPECT_EQ(prose("abcd", 4), "abcd");
  EXPECT_EQ(prose("abcde", 4), "abcd\xE2\x80\xA6");
  EXPECT_EQ(prose("abc\xC3\xA9", 4), "abc\xE2\x80\xA6");
}

}  // namespace
}  // namespace sentinel::report
