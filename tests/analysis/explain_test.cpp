#include "analysis/explain.h"

#include <gtest/gtest.h>

#include <string>

namespace sentinel::analysis {
namespace {

// "id" or "id<parent" per span, in input order; timestamps rise unless given as "@t".
std::vector<ExplainSpan> spans(const std::vector<std::string>& texts) {
  std::vector<ExplainSpan> out;
  for (const std::string& text : texts) {
    ExplainSpan span;
    std::string_view rest = text;
    if (const std::size_t time = rest.find('@'); time != std::string_view::npos) {
      span.timestamp = rest.substr(time + 1);
      rest = rest.substr(0, time);
    }
    const std::size_t parent = rest.find('<');
    span.span_id = rest.substr(0, parent);
    if (parent != std::string_view::npos) span.parent_span_id = rest.substr(parent + 1);
    span.template_text = span.span_id;
    out.push_back(span);
  }
  return out;
}

// The tree as "a(b(c) d) e"; texts must outlive the call.
std::string tree(const std::vector<std::string>& texts) {
  const ExplainTree t = build_explain_tree("t", spans(texts), {});
  std::string out;
  std::uint32_t depth = 0;
  for (std::size_t i = 0; i < t.nodes.size(); ++i) {
    const ExplainNode& node = t.nodes[i];
    if (i > 0) {
      if (node.depth > depth) out += '(';
      if (node.depth <= depth) out.append(depth - node.depth, ')') += ' ';
    }
    out += t.spans[node.span].span_id;
    depth = node.depth;
  }
  return out.append(depth, ')');
}

TEST(ExplainTree, RootsKeepSpanOrderAndChildrenSortByTimestampText) {
  EXPECT_EQ(tree({"b@2", "a@1"}), "b a");
  EXPECT_EQ(tree({"r", "x<r@10", "y<r@9", "z<r@10"}), "r(x z y)");
}

TEST(ExplainTree, ASpanOfAnUnknownParentIsARoot) { EXPECT_EQ(tree({"a<ghost", "b<a"}), "a(b)"); }

TEST(ExplainTree, TheLastSpanOfARepeatedIdGetsTheChildren) { EXPECT_EQ(tree({"p", "p", "x<p"}), "p p(x)"); }

TEST(ExplainTree, AnEmptyIdIsAnIdLikeAnyOther) { EXPECT_EQ(tree({"", "x<"}), "(x)"); }

TEST(ExplainTree, CyclesHaveNoRootAndDoNotAppear) {
  EXPECT_EQ(tree({"a<a"}), "");
  EXPECT_EQ(tree({"a<b", "b<a", "c<b", "d"}), "d");
}

TEST(ExplainTree, DepthEndsAt256) {
  for (const std::size_t count : {256U, 257U, 258U, 300U}) {
    std::vector<std::string> chain = {"0"};
    for (std::size_t i = 1; i < count; ++i) chain.push_back(std::to_string(i) + "<" + std::to_string(i - 1));
    const ExplainTree t = build_explain_tree("t", spans(chain), {});
    EXPECT_EQ(t.nodes.size(), std::min<std::size_t>(count, 257));
    EXPECT_EQ(t.nodes.back().depth, std::min<std::size_t>(count - 1, 256));
  }
}

TEST(ExplainTree, LongChainsAndCyclesTakeNoStack) {
  constexpr std::size_t kSpans = 100'000;
  std::vector<std::string> chain = {"0"};
  for (std::size_t i = 1; i < kSpans; ++i) chain.push_back(std::to_string(i) + "<" + std::to_string(i - 1));
  EXPECT_EQ(build_explain_tree("t", spans(chain), {}).nodes.size(), 257U);
  chain[0] = "0<" + std::to_string(kSpans - 1);
  EXPECT_EQ(build_explain_tree("t", spans(chain), {}).nodes.size(), 0U);
}

model::Finding finding_in(std::string_view trace, std::string_view template_text) {
  model::Finding f;
  f.trace_id = trace;
  f.pattern.template_text = template_text;
  return f;
}

TEST(ExplainTree, AFindingGoesToEverySpanOfItsTemplateElseToTheTrace) {
  std::vector<ExplainSpan> list = spans({"1", "2", "3"});
  list[0].template_text = list[2].template_text = "A";
  list[1].template_text = "B";
  const std::vector<model::Finding> findings = {finding_in("t", "A"), finding_in("t", "none"), finding_in("other", "B"),
                                                finding_in("t", "A")};
  const ExplainTree t = build_explain_tree("t", list, findings);
  ASSERT_EQ(t.findings_of(0).size(), 2U);
  EXPECT_EQ(t.findings_of(0)[0], &findings[0]);
  EXPECT_EQ(t.findings_of(0)[1], &findings[3]);
  EXPECT_EQ(t.findings_of(1).size(), 0U);
  EXPECT_EQ(t.findings_of(2).size(), 2U);
  ASSERT_EQ(t.trace_level.size(), 1U);
  EXPECT_EQ(t.trace_level[0], &findings[1]);
}

TEST(ExplainSpans, ReadsRecordsBackAsText) {
  model::Symbols symbols;
  model::SpanRecord a;
  a.start_us = 1'752'157'921'000'000;
  a.duration_us = 800;
  a.span_id = 0xABC;
  a.service = symbols.texts.intern("svc");
  a.template_id = symbols.texts.intern("SELECT ?");
  a.operation = symbols.texts.intern("SELECT");
  model::SpanRecord b = a;
  b.flags = model::kHasParent | model::kSpanIdIsText | model::kParentIdIsText;
  b.span_id = symbols.texts.intern("x");
  b.parent_id = base::kEmptyText;
  b.extra = symbols.add_extra({symbols.texts.intern("soon"), {}, symbols.texts.intern("producer"), 0});
  const model::SpanRecord* records[] = {&a, &b};
  base::Arena texts;
  const std::vector<ExplainSpan> out = explain_spans({0, records}, symbols, texts);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[0].span_id, "0000000000000abc");
  EXPECT_EQ(out[0].parent_span_id.data(), nullptr);
  EXPECT_EQ(out[0].link_trace_id.data(), nullptr);
  EXPECT_EQ(out[0].timestamp, "2025-07-10T14:32:01.000Z");
  EXPECT_EQ(out[0].service, "svc");
  EXPECT_EQ(out[0].template_text, "SELECT ?");
  EXPECT_EQ(out[0].operation, "SELECT");
  EXPECT_EQ(out[0].duration_us, 800U);
  EXPECT_EQ(out[1].span_id, "x");
  EXPECT_NE(out[1].parent_span_id.data(), nullptr);
  EXPECT_EQ(out[1].parent_span_id, "");
  EXPECT_EQ(out[1].link_trace_id, "producer");
  EXPECT_EQ(out[1].timestamp, "soon");
}

}  // namespace
}  // namespace sentinel::analysis
