#include "correlate/batch.h"

#include <gtest/gtest.h>

#include <string>

namespace sentinel::correlate {
namespace {

using model::SpanRecord;

// "a1 b2|a3": spans of traces a and b in two batches, each with a number as its start.
struct Input {
  model::Symbols symbols;
  std::vector<std::vector<SpanRecord>> batches;

  explicit Input(std::string_view spans) : batches(1) {
    for (std::size_t i = 0; i < spans.size(); ++i) {
      if (spans[i] == '|') batches.emplace_back();
      if (spans[i] < 'a' || spans[i] > 'z') continue;
      SpanRecord& r = batches.back().emplace_back();
      r.trace = symbols.texts.intern(spans.substr(i, 1));
      r.start_us = static_cast<std::uint64_t>(spans[i + 1] - '0');
    }
  }
};

std::string grouped(std::string_view spans) {
  const Input input(spans);
  const model::TraceSet set = group_by_trace(input.batches, input.symbols);
  std::string out;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const model::TraceView view = set.view(i);
    out += std::string(input.symbols.text(view.trace)) + ":";
    for (const SpanRecord* span : view.spans) {
      EXPECT_EQ(span->trace, view.trace);
      out += std::to_string(span->start_us);
    }
    out += " ";
  }
  return out;
}

TEST(GroupByTrace, TracesComeInOrderOfAppearanceAndSpansInInputOrder) {
  EXPECT_EQ(grouped("a1"), "a:1 ");
  EXPECT_EQ(grouped("b1 a2 b3 a4 c5"), "b:13 a:24 c:5 ");
  EXPECT_EQ(grouped("a3 a1 a2"), "a:312 ") << "times do not matter";
}

TEST(GroupByTrace, ATraceReachesOverBatches) {
  EXPECT_EQ(grouped("a1 b2|b3|a4 c5"), "a:14 b:23 c:5 ");
  EXPECT_EQ(grouped("||a1||"), "a:1 ");
}

TEST(GroupByTrace, NoSpansAreNoTraces) {
  EXPECT_EQ(grouped(""), "");
  EXPECT_EQ(grouped("|"), "");
  const model::Symbols symbols;
  EXPECT_EQ(group_by_trace({}, symbols).size(), 0U);
}

TEST(GroupByTrace, TheEmptyTraceIdIsATraceLikeAnother) {
  Input input("a1 a2 a3");
  input.batches[0][0].trace = base::kEmptyText;
  input.batches[0][2].trace = base::kEmptyText;
  const model::TraceSet set = group_by_trace(input.batches, input.symbols);
  ASSERT_EQ(set.size(), 2U);
  EXPECT_EQ(set.view(0).spans.size(), 2U);
  EXPECT_EQ(set.view(0).spans[1], &input.batches[0][2]) << "the set points at the records themselves";
}

TEST(GroupByTrace, ManyTracesKeepTheirSpans) {
  model::Symbols symbols;
  std::vector<std::vector<SpanRecord>> batches(7);
  constexpr std::size_t kTraces = 1000;
  constexpr std::size_t kSpans = 20'000;
  for (std::size_t i = 0; i < kSpans; ++i) {
    SpanRecord& r = batches[i * batches.size() / kSpans].emplace_back();
    r.trace = symbols.texts.intern(std::to_string(i * 7919 % kTraces));
    r.start_us = i;
  }
  for (const unsigned threads : {1U, 2U, 16U}) {
    const model::TraceSet set = group_by_trace(batches, symbols, threads);
    ASSERT_EQ(set.size(), kTraces);
    ASSERT_EQ(set.spans.size(), kSpans);
    for (std::size_t t = 0; t < kTraces; ++t) {
      const model::TraceView view = set.view(t);
      ASSERT_EQ(view.spans.size(), kSpans / kTraces);
      for (std::size_t i = 0; i < view.spans.size(); ++i) EXPECT_EQ(view.spans[i]->start_us, t + i * kTraces);
    }
  }
}

}  // namespace
}  // namespace sentinel::correlate
