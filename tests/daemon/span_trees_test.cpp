#include "daemon/span_trees.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sentinel::daemon {
namespace {

analysis::ExplainSpan span(std::string_view id, std::uint64_t duration_us = 1) {
  analysis::ExplainSpan s;
  s.span_id = id;
  s.service = "cart";
  s.endpoint = "GET /";
  s.operation = "SELECT";
  s.template_text = "SELECT ?";
  s.duration_us = duration_us;
  return s;
}

std::size_t count(std::string_view text, std::string_view piece) {
  std::size_t n = 0;
  for (std::size_t at = text.find(piece); at != std::string_view::npos; at = text.find(piece, at + 1)) ++n;
  return n;
}

constexpr std::size_t kPlenty = 1 << 20;

TEST(SpanTrees, a_trace_flushed_again_keeps_old_spans_before_new_ones) {
  SpanTrees trees({.traces = 5, .spans_per_trace = 10});
  trees.retain("t", {span("a", 1), span("b", 1)});
  trees.retain("t", {span("b", 2), span("c", 2)});
  const auto taken = trees.snapshot({"t"}, kPlenty);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_LT(taken[0].find("\"a\""), taken[0].find("\"b\""));
  EXPECT_LT(taken[0].find("\"b\""), taken[0].find("\"c\""));
  EXPECT_EQ(count(taken[0], "\"span_id\":\"b\""), 1U);
  EXPECT_EQ(count(taken[0], "\"duration_us\":2"), 2U);
}

TEST(SpanTrees, past_the_number_of_spans_the_oldest_go) {
  SpanTrees trees({.traces = 5, .spans_per_trace = 2});
  trees.retain("t", {span("a"), span("b"), span("c")});
  const std::string taken = trees.snapshot({"t"}, kPlenty).at(0);
  EXPECT_EQ(count(taken, "span_id"), 2U);
  EXPECT_EQ(count(taken, "\"span_id\":\"a\""), 0U);
}

TEST(SpanTrees, past_the_number_of_traces_the_least_recently_flushed_goes) {
  SpanTrees trees({.traces = 2, .spans_per_trace = 9});
  trees.retain("one", {span("a")});
  trees.retain("two", {span("a")});
  trees.retain("one", {span("b")});
  trees.retain("three", {span("a")});
  const auto taken = trees.snapshot({"one", "two", "three"}, kPlenty);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_TRUE(taken[0].starts_with("{\"trace_id\":\"one\""));
  EXPECT_TRUE(taken[1].starts_with("{\"trace_id\":\"three\""));
}

TEST(SpanTrees, what_does_not_fit_is_left_out_and_what_comes_after_is_not) {
  SpanTrees trees({.traces = 5, .spans_per_trace = 100});
  trees.retain("small old", {span("a")});
  trees.retain("large", std::vector<analysis::ExplainSpan>(50, span("a")));
  trees.retain("small new", {span("a")});
  const std::size_t small = trees.snapshot({"small new"}, kPlenty)[0].size();
  EXPECT_EQ(trees.snapshot({"small old", "large", "small new"}, 3 * small).size(), 2U);
  EXPECT_EQ(trees.snapshot({"small new"}, small).size(), 1U);
  EXPECT_TRUE(trees.snapshot({"small new"}, small - 1).empty());
}

TEST(SpanTrees, without_room_for_traces_nothing_is_kept) {
  SpanTrees trees({.traces = 0, .spans_per_trace = 10});
  trees.retain("t", {span("a")});
  EXPECT_TRUE(trees.snapshot({"t"}, kPlenty).empty());
}

}  // namespace
}  // namespace sentinel::daemon
