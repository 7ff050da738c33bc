// Worked examples of chapter 03 §15.8 and the rules of §4.8.
#include <gtest/gtest.h>

#include "detect/support/traces.h"

namespace sentinel::detect {
namespace {

using testing::contains;
using testing::show;
using testing::Traces;

// The chain and the times that the advice names, "" when silent.
std::string serialized(std::string_view children) {
  Traces t;
  t.http("GET gw").id("root").endpoint("POST /api/orders").took(1'000'000);
  t.lay("root", children);
  if (t.found("serialized").empty()) return "";
  const model::Finding f = t.one("serialized_calls");
  std::string steps;
  std::string rest(f.suggestion);
  const std::size_t stop = rest.find(". ");
  for (std::size_t at = rest.find('`'); at < stop; at = rest.find('`', at)) {
    const std::size_t end = rest.find('`', at + 1);
    steps += rest.substr(at + 1, end - at - 1) + " ";
    at = end + 1;
  }
  rest.erase(0, stop);
  const auto number_after = [&](std::string_view word) {
    const std::size_t at = rest.find(word) + word.size();
    return rest.substr(at, rest.find(' ', at) - at);
  };
  return steps + show(f).substr(std::string("serialized_calls/").size()) + " total " + number_after("took ") + " parallel " +
         number_after("best is ");
}

TEST(SerializedCalls, NeedsThreeInARow) {
  EXPECT_EQ(serialized("A 100-200  B 220-320"), "");
  EXPECT_EQ(serialized("A 100-220  B 220-315  C 315-395"), "A B C info/3/3/215 total 295 parallel 120");
}

TEST(SerializedCalls, OneTemplateIsNoChain) {
  EXPECT_EQ(serialized("A 0-10  A 10-20  A 20-30"), "");
  EXPECT_EQ(serialized("A 0-10  A 10-20  B 20-30"), "A A B info/3/2/20 total 30 parallel 10");
}

TEST(SerializedCalls, PicksTheLongestChainNotTheFirst) {
  EXPECT_EQ(serialized("A 0-200  B 100-150  C 160-300  D 310-400"), "B C D info/3/3/210 total 280 parallel 140");
}

TEST(SerializedCalls, TheLaterOneWinsATie) {
  EXPECT_EQ(serialized("A 0-50  B 60-110  C 120-170  D 125-175"), "A B D info/3/3/125 total 150 parallel 50");
  EXPECT_EQ(serialized("A 0-50  B 10-60  C 120-170  D 180-230"), "B C D info/3/3/170 total 150 parallel 50");
}

TEST(SerializedCalls, EmptySpansAtOneInstantAreNoChain) { EXPECT_EQ(serialized("A 5-5  B 5-5  C 5-5  D 5-5  E 5-5"), ""); }

TEST(SerializedCalls, LosesAChainWhereEmptyCallsShareAnEnd) {
  EXPECT_EQ(serialized("A 0-5  B 5-5  C 5-5  D 10-15"), "");  // as chapter 03 §4.8 asks
}

TEST(SerializedCalls, TakesItsPlaceFromTheParentElseFromTheFirstStep) {
  Traces t;
  t.http("GET gw").id("root").endpoint("GET /parent").service("gw");
  t.lay("root", "A 0-10  B 10-20  C 20-30");
  t.lay("ghost", "D 0-10  E 10-20  F 20-30");
  EXPECT_EQ(t.found("serialized"), "serialized_calls/info/3/3/20; serialized_calls/info/3/3/20");
  EXPECT_EQ(t.findings()[0].source_endpoint, "GET /parent");
  EXPECT_EQ(t.findings()[0].service, "gw");
  EXPECT_EQ(t.findings()[0].pattern.template_text, "GET /parent");
  EXPECT_EQ(t.findings()[1].source_endpoint, "POST /api/orders");
}

TEST(SerializedCalls, LeavesOutUnparseableTimestamps) {
  Traces t;
  t.lay("p", "A 0-10  B 10-20  C 20-30");
  testing::SpanWords(t, t.record(1)).stamped("2025-07-10");
  EXPECT_EQ(t.found("serialized"), "");
}

TEST(SerializedCalls, NamesParallelPrimitivesOfSeveralLanguages) {
  Traces t;
  t.lay("p", "A 0-10  B 10-20  C 20-30");
  const std::string advice(t.one("serialized_calls").suggestion);
  for (const char* name :
       {"CompletableFuture.allOf", "Task.WhenAll", "asyncio.gather", "Promise.all", "errgroup", "tokio::join!"}) {
    EXPECT_PRED2(contains, advice, name);
  }
  EXPECT_PRED2(contains, advice, "`A` (10 ms), then `B` (10 ms), then `C` (10 ms).");
}

TEST(SerializedCalls, ListsTwentyStepsAndCountsTheRest) {
  for (const int steps : {20, 21}) {
    Traces t;
    for (int i = 0; i < steps; ++i) {
      t.http("S" + std::to_string(i)).parent("p").at(static_cast<std::uint64_t>(i)).took(1000);
    }
    const std::string advice(t.one("serialized_calls").suggestion);
    EXPECT_PRED2(contains, advice, steps == 20 ? "`S19` (1 ms). " : "`S19` (1 ms) and 1 more. ");
    EXPECT_EQ(t.one("serialized_calls").pattern.occurrences, static_cast<std::uint64_t>(steps));
  }
}

TEST(SerializedCalls, SaturatesTheTotal) {
  Traces t;
  constexpr std::uint64_t kLong = ~std::uint64_t{0} / 1000 * 999;
  t.http("A").parent("p").at(0).took(kLong);
  t.http("B").parent("p").took(kLong);
  t.record(1).start_us = ~std::uint64_t{1};
  t.settings.serialized_min_sequential = 2;
  EXPECT_PRED2(contains, t.one("serialized_calls").suggestion, "took 18446744073709551 ms");
}

}  // namespace
}  // namespace sentinel::detect
