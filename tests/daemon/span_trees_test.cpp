#include "daemon/span_trees.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sentinel::daemon {
namespace {

class SpanTreesTest : public ::testing::Test {
 protected:
  std::vector<model::SpanRecord> spans(std::string_view trace, const std::vector<std::uint64_t>& ids, std::uint64_t us = 1) {
    std::vector<model::SpanRecord> out;
    for (const std::uint64_t id : ids) {
      model::SpanRecord& s = out.emplace_back();
      s.trace = symbols_.texts.intern(trace);
      s.span_id = id;
      s.service = symbols_.texts.intern("cart");
      s.endpoint = symbols_.texts.intern("GET /");
      s.operation = symbols_.texts.intern("SELECT");
      s.template_id = symbols_.texts.intern("SELECT ?");
      s.duration_us = us;
    }
    return out;
  }
  void retain(SpanTrees& trees, std::string_view trace, const std::vector<std::uint64_t>& ids, std::uint64_t us = 1) {
    trees.retain(symbols_.texts.intern(trace), spans(trace, ids, us), symbols_);
  }
  std::vector<std::string> snapshot(const SpanTrees& trees, const std::vector<std::string_view>& ids, std::size_t budget) {
    return trees.snapshot(ids, symbols_, budget);
  }
  model::Symbols symbols_;
};

std::string id_text(std::uint64_t id) { return "\"span_id\":\"000000000000000" + std::to_string(id) + "\""; }

std::size_t count(std::string_view text, std::string_view piece) {
  std::size_t n = 0;
  for (std::size_t at = text.find(piece); at != std::string_view::npos; at = text.find(piece, at + 1)) ++n;
  return n;
}

constexpr std::size_t kPlenty = 1 << 20;

TEST_F(SpanTreesTest, a_trace_flushed_again_keeps_old_spans_before_new_ones) {
  SpanTrees trees({.traces = 5, .spans_per_trace = 10});
  retain(trees, "t", {1, 2}, 1);
  retain(trees, "t", {2, 3}, 2);
  const auto taken = snapshot(trees, {"t"}, kPlenty);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_LT(taken[0].find(id_text(1)), taken[0].find(id_text(2)));
  EXPECT_LT(taken[0].find(id_text(2)), taken[0].find(id_text(3)));
  EXPECT_EQ(count(taken[0], id_text(2)), 1U);
  EXPECT_EQ(count(taken[0], "\"duration_us\":2"), 2U);
}

TEST_F(SpanTreesTest, spans_that_came_twice_in_one_flush_stay_twice) {
  SpanTrees trees({.traces = 5, .spans_per_trace = 10});
  retain(trees, "t", {1, 1});
  EXPECT_EQ(count(snapshot(trees, {"t"}, kPlenty).at(0), id_text(1)), 2U);
}

TEST_F(SpanTreesTest, past_the_number_of_spans_the_oldest_go) {
  SpanTrees trees({.traces = 5, .spans_per_trace = 2});
  retain(trees, "t", {1, 2, 3});
  const std::string taken = snapshot(trees, {"t"}, kPlenty).at(0);
  EXPECT_EQ(count(taken, "span_id"), 2U);
  EXPECT_EQ(count(taken, id_text(1)), 0U);
}

TEST_F(SpanTreesTest, past_the_number_of_traces_the_least_recently_flushed_goes) {
  SpanTrees trees({.traces = 2, .spans_per_trace = 9});
  retain(trees, "one", {1});
  retain(trees, "two", {1});
  retain(trees, "one", {2});
  retain(trees, "three", {1});
  const auto taken = snapshot(trees, {"one", "two", "three"}, kPlenty);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_TRUE(taken[0].starts_with("{\"trace_id\":\"one\""));
  EXPECT_TRUE(taken[1].starts_with("{\"trace_id\":\"three\""));
}

TEST_F(SpanTreesTest, what_does_not_fit_is_left_out_and_what_comes_after_is_not) {
  SpanTrees trees({.traces = 5, .spans_per_trace = 100});
  retain(trees, "small old", {1});
  retain(trees, "large", std::vector<std::uint64_t>(50, 1));
  retain(trees, "small new", {1});
  const std::size_t small = snapshot(trees, {"small new"}, kPlenty)[0].size();
  EXPECT_EQ(snapshot(trees, {"small old", "large", "small new"}, 3 * small).size(), 2U);
  EXPECT_EQ(snapshot(trees, {"small new"}, small).size(), 1U);
  EXPECT_TRUE(snapshot(trees, {"small new"}, small - 1).empty());
}

TEST_F(SpanTreesTest, without_room_for_traces_nothing_is_kept) {
  SpanTrees trees({.traces = 0, .spans_per_trace = 10});
  retain(trees, "t", {1});
  EXPECT_TRUE(snapshot(trees, {"t"}, kPlenty).empty());
}

TEST_F(SpanTreesTest, after_renewal_traces_are_found_by_their_new_ids) {
  SpanTrees trees({.traces = 5, .spans_per_trace = 10});
  retain(trees, "gone", {});
  retain(trees, "t", {1});
  model::Symbols next;
  next.texts.intern("something else");
  const base::TextId moved = next.texts.intern("t");
  trees.renew([&](model::SpanRecord& record) {
    record.trace = moved;
    for (base::TextId* id : {&record.service, &record.endpoint, &record.operation, &record.template_id}) {
      *id = next.texts.intern(symbols_.text(*id));
    }
  });
  symbols_ = std::move(next);
  retain(trees, "t", {2});
  const auto taken = snapshot(trees, {"t"}, kPlenty);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(count(taken[0], "span_id"), 2U);
  EXPECT_EQ(count(taken[0], "SELECT ?"), 2U);
}

}  // namespace
}  // namespace sentinel::daemon
