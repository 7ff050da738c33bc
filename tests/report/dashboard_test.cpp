#include "report/dashboard.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "report/dashboard_page.h"
#include "sample_report.h"
#include "support/json.h"

namespace sentinel::report {
namespace {

using testing::finding;
using testing::full_report;
using Document = nlohmann::json;

constexpr std::string_view kBlock = "<script id=\"report-data\" type=\"application/json\">\n";

// The data block of a page, as it stands there.
std::string block(const std::string& page) {
  const std::size_t at = page.find(kBlock);
  EXPECT_NE(at, std::string::npos);
  const std::size_t from = at + kBlock.size();
  return page.substr(from, page.find("\n</script>", from) - from);
}

std::string title(const std::string& page) {
  const std::size_t from = page.find("<title>") + 7;
  return page.substr(from, page.find("</title>", from) - from);
}

Document data(const DashboardInput& input) { return parsed_json<Document>(block(dashboard(input).page)); }

TEST(Dashboard, NoTextCanLeaveTheDataBlock) {
  model::Report report = full_report();
  report.findings[0].pattern.template_text = "</script><!--<script> \xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA6\x07";
  const std::string text = block(dashboard({.report = report, .label = "x"}).page);
  EXPECT_EQ(text.find('<'), std::string::npos);
  EXPECT_EQ(text.find("\xE2\x80\xA8"), std::string::npos);
  EXPECT_NE(text.find("\xE2\x80\xA6"), std::string::npos);
  EXPECT_EQ(parsed_json<Document>(text)["report"]["findings"][0]["pattern"]["template"],
            report.findings[0].pattern.template_text);
}

TEST(Dashboard, TheNameIsEscapedAndCleanedInTheTitleAndCleanedInTheData) {
  const model::Report report = full_report();
  const std::string page = dashboard({.report = report, .label = "a<b>&\"'\n\xE2\x80\xAE\xFF.json"}).page;
  EXPECT_EQ(title(page), "perf-sentinel: a&lt;b&gt;&amp;&quot;&#39;\xEF\xBF\xBD.json");
  EXPECT_EQ(parsed_json<Document>(block(page))["input_label"], "a<b>&\"'\xEF\xBF\xBD.json");
  EXPECT_EQ(title(dashboard({.report = report, .label = "-"}).page), "perf-sentinel report");
  EXPECT_EQ(title(dashboard({.report = report, .label = ""}).page), "perf-sentinel report");
}

TEST(Dashboard, MarksOfTheTemplateInTheDataAreInert) {
  const model::Report report = full_report();
  const std::string page = dashboard({.report = report, .label = "<!--sentinel:data-->"}).page;
  EXPECT_EQ(title(page), "perf-sentinel: &lt;!--sentinel:data--&gt;");
  EXPECT_EQ(parsed_json<Document>(block(page))["input_label"], "<!--sentinel:data-->");
}

TEST(Dashboard, ThePageIsSmallSelfContainedAndStrict) {
  const std::string_view page = dashboard_template();
  EXPECT_LT(page.size(), 300'000U);
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
  EXPECT_NE(page.find("default-src 'none'; script-src 'sha256-"), std::string_view::npos);
  EXPECT_EQ(page.find("unsafe-"), std::string_view::npos);
  for (const std::string_view load : {"<link", "<img", "@import", "src=\"http", "url(http"}) {
    EXPECT_EQ(page.find(load), std::string_view::npos) << load;
  }
}

TEST(Dashboard, TheReportIsSlimmed) {
  model::Report report = full_report();
  report.green_summary.top_offenders.assign(kShownOffenders + 1, report.green_summary.top_offenders[0]);
  Document hidden = data({.report = report, .label = "x"})["report"];
  EXPECT_EQ(hidden["green_summary"]["top_offenders"].size(), kShownOffenders);
  EXPECT_FALSE(hidden.contains("per_endpoint_io_ops"));
  EXPECT_FALSE(hidden.contains("acknowledged_findings"));
  EXPECT_TRUE(data({.report = report, .label = "x", .show_acknowledged = true})["report"].contains("acknowledged_findings"));
}

// Two findings, an information first, whose texts take `bytes` of the budget together.
struct TwoFindings {
  explicit TwoFindings(std::size_t bytes) {
    report.findings = {finding("t1"), finding("t2")};
    report.findings[0].severity = model::Severity::kInfo;
    report.findings[1].severity = model::Severity::kCritical;
    const Document small = data({.report = report, .label = "x"})["report"]["findings"];
    const std::size_t used = small[0].dump().size() + small[1].dump().size() + 4;
    padding.assign(bytes - used, 'x');
    padding += report.findings[0].suggestion;
    report.findings[0].suggestion = padding;
  }
  model::Report report = full_report();
  std::string padding;
};

TEST(Dashboard, FindingsAreKeptUpToTheBudgetAndThenWorstFirst) {
  const TwoFindings fits(kFindingsBudget);
  EXPECT_FALSE(data({.report = fits.report, .label = "x"}).contains("trimmed_findings"));
  const TwoFindings too_much(kFindingsBudget + 1);
  const Dashboard page = dashboard({.report = too_much.report, .label = "x"});
  const Document trimmed = parsed_json<Document>(block(page.page));
  EXPECT_EQ(trimmed["trimmed_findings"], (Document{{"kept", 1}, {"total", 2}}));
  EXPECT_EQ(trimmed["report"]["findings"][0]["trace_id"], "t2");
  EXPECT_EQ(page.findings.kept, 1U);
  EXPECT_FALSE(data({.report = too_much.report, .label = "x", .max_traces = 5}).contains("trimmed_findings"));
}

TEST(Dashboard, WhatAFindingCostsTakesNothingOfTheBudget) {
  TwoFindings fits(kFindingsBudget);
  for (model::Finding& finding : fits.report.findings) finding.impact = &testing::sample_impact();
  const Document page = data({.report = fits.report, .label = "x"});
  EXPECT_FALSE(page.contains("trimmed_findings"));
  const Document& finding = page["report"]["findings"][0];
  EXPECT_EQ(finding["impact"]["trace_us"], 20'000);
  EXPECT_TRUE(finding.contains("what_if"));
  EXPECT_FALSE(finding.contains("evidence")) << "the trees of the page show it";
  TwoFindings too_much(kFindingsBudget + 1);
  for (model::Finding& other : too_much.report.findings) other.impact = &testing::sample_impact();
  EXPECT_TRUE(data({.report = too_much.report, .label = "x"}).contains("trimmed_findings"));
}

std::vector<analysis::EmbeddedTrace> traces(std::initializer_list<std::string_view> ids) {
  std::vector<analysis::EmbeddedTrace> out;
  for (const std::string_view id : ids) {
    analysis::ExplainSpan span;
    span.span_id = "s";
    span.service = "svc";
    span.endpoint = "GET /";
    span.template_text = "SELECT ?";
    out.push_back({id, {span}});
  }
  return out;
}

std::vector<std::string> ids(const Document& document) {
  std::vector<std::string> out;
  for (const Document& trace : document["embedded_traces"]) out.push_back(trace["trace_id"]);
  return out;
}

TEST(Dashboard, TracesOfASavedReportComeByTheWorstFindingThenLaterFirst) {
  model::Report report = full_report();
  report.findings = {finding("a"), finding("b"), finding("c")};
  report.findings[1].severity = model::Severity::kCritical;
  const auto saved = traces({"a", "none", "b", "c"});
  DashboardInput input = {.report = report, .label = "x", .saved_traces = saved};
  EXPECT_EQ(ids(data(input)), (std::vector<std::string>{"b", "c", "a"}));
  EXPECT_FALSE(data(input).contains("trimmed_traces"));
  input.max_traces = 2;
  EXPECT_EQ(ids(data(input)), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(data(input)["trimmed_traces"], (Document{{"kept", 2}, {"total", 3}}));
  input.max_traces = 0;
  EXPECT_EQ(ids(data(input)).size(), 0U);
}

TEST(Dashboard, AbsentPartsOfASpanStayAbsent) {
  model::Report report = full_report();
  report.findings = {finding("a")};
  auto saved = traces({"a", "a"});
  saved[0].spans[0].timestamp = "2026-01-01T00:00:00Z";
  saved[0].spans[0].parent_span_id = "p";
  saved[0].spans[0].status_code = 503;
  const Document out = data({.report = report, .label = "x", .saved_traces = saved})["embedded_traces"];
  EXPECT_EQ(out[1]["spans"][0]["status_code"], 503);
  EXPECT_EQ(out[1]["spans"][0]["parent_span_id"], "p");
  EXPECT_EQ(out[0]["spans"][0].size(), 7U) << "span_id, service, endpoint, event_type, operation, template, duration_us";
}

}  // namespace
}  // namespace sentinel::report
