// Which spans a finding says it is about: what impact, the dashboard's trees and the evidence go by.
#include <gtest/gtest.h>

#include <string>

#include "detect/support/traces.h"

namespace sentinel::detect {
namespace {

using testing::Traces;

// "0 1 4" of the only finding of a type.
std::string spans(Traces& traces, std::string_view type) {
  std::string out;
  for (const std::uint32_t place : traces.one(type).spans) out += (out.empty() ? "" : " ") + std::to_string(place);
  return out;
}

TEST(FindingSpans, OfNPlusOneTheWholeTemplate) {
  Traces t;
  t.sql("SELECT other");
  for (int i = 0; i < 5; ++i) t.sql("SELECT a").params(std::to_string(i)).at(10U * static_cast<unsigned>(i));
  EXPECT_EQ(spans(t, "n_plus_one_sql"), "1 2 3 4 5");
}

TEST(FindingSpans, OfRedundantCallsThoseWithTheSameParameters) {
  Traces t;
  for (const char* params : {"1", "2", "1", "3", "1"}) t.sql("SELECT a").params(params);
  EXPECT_EQ(spans(t, "redundant_sql"), "0 2 4");
}

TEST(FindingSpans, OfSlowCallsTheSlowOnes) {
  Traces t;
  for (const unsigned ms : {600U, 10U, 700U, 800U}) t.sql("SELECT a").params(std::to_string(ms)).took(ms * 1000);
  EXPECT_EQ(spans(t, "slow_sql"), "0 2 3");
}

TEST(FindingSpans, OfSlowCallsAcrossTracesThoseOfTheWorstTrace) {
  Traces t;
  t.sql("SELECT quick").in("t2").took(10);
  t.sql("SELECT a").in("t1").params("1").took(600'000);
  t.sql("SELECT a").in("t2").params("2").took(700'000);
  t.sql("SELECT a").in("t2").params("3").took(900'000);
  const model::Finding f = t.one("slow_sql");
  EXPECT_EQ(f.trace_id, "t2");
  EXPECT_EQ(spans(t, "slow_sql"), "1 2");
}

TEST(FindingSpans, OfFanOutTheChildren) {
  Traces t;
  t.http("GET gw/api/x").id("root").took(50'000);
  for (int i = 0; i < 21; ++i) t.publish("kafka d" + std::to_string(i)).parent("root").at(10).took(1000);
  EXPECT_EQ(spans(t, "excessive_fanout"), "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21");
}

TEST(FindingSpans, OfAChattyServiceItsHttpCallsInSpanOrder) {
  Traces t;
  for (int i = 0; i < 8; ++i) {
    t.http("GET a/x").params(std::to_string(i));
    t.http("GET b/y").params(std::to_string(i));
  }
  t.sql("SELECT a");
  EXPECT_EQ(spans(t, "chatty_service"), "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
}

TEST(FindingSpans, OfASaturatedPoolTheCallsOpenWhenThePeakIsFirstReached) {
  Traces t;
  t.sql("SELECT early").at(0).took(5'000);
  for (int i = 0; i < 10; ++i) t.sql("SELECT q" + std::to_string(i)).at(10).took(50'000);
  t.sql("SELECT late").at(60).took(5'000);  // as the others end
  EXPECT_EQ(spans(t, "pool_saturation"), "1 2 3 4 5 6 7 8 9 10");
}

TEST(FindingSpans, OfSerializedCallsTheChainInOrderOfTime) {
  Traces t;
  t.http("GET gw/api/x").id("root").took(900'000);
  t.sql("SELECT c").parent("root").at(400).took(100'000);
  t.sql("SELECT a").parent("root").at(0).took(100'000);
  t.sql("SELECT b").parent("root").at(200).took(100'000);
  t.sql("SELECT beside").parent("root").at(210).took(300'000);
  EXPECT_EQ(spans(t, "serialized_calls"), "2 3 1");
}

}  // namespace
}  // namespace sentinel::detect
