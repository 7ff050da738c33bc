#include "report/explain_report.h"

#include <gtest/gtest.h>

#include "golden.h"
#include "sample_report.h"

namespace sentinel::report {
namespace {

using analysis::build_explain_tree;
using analysis::ExplainSpan;
using testing::full_finding;

ExplainSpan span(std::string_view id, std::string_view parent, std::string_view template_text, std::uint64_t us = 800) {
  ExplainSpan s;
  s.span_id = id;
  if (!parent.empty()) s.parent_span_id = parent;
  s.service = "svc";
  s.template_text = template_text;
  s.operation = "SELECT";
  s.timestamp = "2025-07-10T14:32:01.000Z";
  s.duration_us = us;
  return s;
}

std::string text(std::vector<ExplainSpan> spans, const std::vector<model::Finding>& findings = {}) {
  return explain_text(build_explain_tree("t1", std::move(spans), findings), false);
}

TEST(ExplainText, DrawsTheTree) {
  EXPECT_EQ(text({span("a", "", "GET /"), span("b", "a", "SELECT b"), span("c", "b", "SELECT c"), span("d", "a", "SELECT d")}),
            "Trace t1\n"
            "└─ GET / (800µs)\n"
            "   ├─ SELECT b (800µs)\n"
            "   │  └─ SELECT c (800µs)\n"
            "   └─ SELECT d (800µs)\n");
}

TEST(ExplainText, AFindingHangsUnderItsSpan) {
  model::Finding f = full_finding();
  f.pattern.template_text = "SELECT b";
  EXPECT_EQ(text({span("a", "", "SELECT b"), span("b", "a", "SELECT c"), span("c", "", "SELECT d")}, {f}),
            "Trace t1\n"
            "├─ SELECT b (800µs) ← n plus one sql warning (×5)\n"
            "│    ├─ suggestion: Load the rows with one IN query [15.2ms of 20.0ms (76.0%) if batched · 18.4ms on the "
            "critical path]\n"
            "│    ├─ fix [java_jpa]: Use JOIN FETCH (https://example.org/jpa)\n"
            "│    └─ location: shop.B.load (a/B.java:7)\n"
            "│  └─ SELECT c (800µs)\n"
            "└─ SELECT d (800µs)\n");
}

TEST(ExplainText, AFindingWithoutASpanStandsAboveTheTree) {
  model::Finding f = testing::finding();
  f.type = model::FindingType::kPoolSaturation;
  EXPECT_EQ(text({span("a", "", "SELECT b")}, {f}),
            "Trace t1\n"
            "⚠ Trace-level findings:\n"
            "  • pool saturation warning (×5)\n"
            "      └─ suggestion: Load the rows with one IN query\n"
            "\n"
            "└─ SELECT b (800µs)\n");
}

TEST(ExplainText, NamesEachTriggeringTraceOfTheRootsOnce) {
  std::vector<ExplainSpan> spans = {span("a", "", "A"), span("b", "", "B"), span("c", "", "C"), span("d", "a", "D")};
  spans[0].link_trace_id = "p2";
  spans[1].link_trace_id = "p1";
  spans[2].link_trace_id = "p2";
  spans[3].link_trace_id = "p3";
  EXPECT_TRUE(text(spans).starts_with("Trace t1\n↳ triggered by trace p2\n↳ triggered by trace p1\n├─ A"));
}

TEST(ExplainText, DurationsChangeUnitAtAThousand) {
  const auto shown = [](std::uint64_t us) {
    const std::string out = text({span("a", "", "A", us)});
    const std::size_t at = out.find('(');
    return out.substr(at + 1, out.find(')') - at - 1);
  };
  EXPECT_EQ(shown(0), "0µs");
  EXPECT_EQ(shown(999), "999µs");
  EXPECT_EQ(shown(1000), "1.0ms");
  EXPECT_EQ(shown(1250), "1.2ms");
  EXPECT_EQ(shown(999'949), "999.9ms");
  EXPECT_EQ(shown(999'950), "1000.0ms");
  EXPECT_EQ(shown(1'000'000), "1.00s");
}

TEST(ExplainText, ControlCharactersAreReplaced) {
  EXPECT_EQ(explain_text(build_explain_tree("t\x1b", {span("a", "", "A\x1b[31m\xE2\x80\x8B")}, {}), false),
            "Trace t?\n└─ A?[31m (800µs)\n");
}

TEST(ExplainText, ColorsFollowTheSeverity) {
  model::Finding f = testing::finding();
  f.pattern.template_text = "A";
  f.severity = model::Severity::kCritical;
  const std::vector<model::Finding> findings = {f};
  EXPECT_NE(explain_text(build_explain_tree("t1", {span("a", "", "A")}, findings), true)
                .find(" ← \x1b[31mn plus one sql critical (×5)\x1b[0m\n"),
            std::string::npos);
}

TEST(ExplainJson, NestsChildrenAndKeepsTheKeyOrder) {
  model::Finding f = full_finding();
  f.pattern.template_text = "B";
  std::vector<ExplainSpan> spans = {span("a", "", "A"), span("b", "a", "B")};
  spans[0].link_trace_id = "p1";
  const std::vector<model::Finding> findings = {f, testing::finding()};
  testing::expect_golden("explain.json", explain_json(build_explain_tree("t1", spans, findings)));
}

TEST(ExplainJson, ATraceWithoutRootsHasAnEmptyList) {
  EXPECT_EQ(explain_json(build_explain_tree("t1", {span("a", "a", "A")}, {})),
            "{\n  \"trace_id\": \"t1\",\n  \"roots\": []\n}\n");
}

}  // namespace
}  // namespace sentinel::report
