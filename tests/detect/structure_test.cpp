// Worked examples of chapter 03 §15.5 to §15.7 and the rules of §4.5 to §4.7: fan-out, chattiness, pools.
#include <gtest/gtest.h>

#include "detect/support/traces.h"

namespace sentinel::detect {
namespace {

using testing::contains;
using testing::Traces;

// -- excessive_fanout

Traces fanout(int children, std::string_view parent = "root") {
  Traces t;
  t.http("GET gw/api/x").id("root").took(50'000).endpoint("GET /x").service("gw");
  for (int i = 0; i < children; ++i) t.publish("kafka d" + std::to_string(i)).parent(parent).at(10).took(1000);
  return t;
}

TEST(ExcessiveFanout, FiresAboveTheLimit) {
  EXPECT_EQ(fanout(20).found(), "");
  EXPECT_EQ(fanout(21).found(), "excessive_fanout/warning/21/21/0");
  EXPECT_EQ(fanout(60).found(), "excessive_fanout/warning/60/60/0");
  EXPECT_EQ(fanout(61).found(), "excessive_fanout/critical/61/61/0");
}

TEST(ExcessiveFanout, TakesItsPlaceFromTheParent) {
  Traces t = fanout(21);
  const model::Finding f = t.one("excessive_fanout");
  EXPECT_EQ(f.pattern.template_text, "GET gw/api/x");
  EXPECT_EQ(f.service, "gw");
  EXPECT_EQ(f.source_endpoint, "GET /x");
  EXPECT_EQ(f.first_timestamp, "2025-07-10T14:32:01.010Z");
  EXPECT_PRED2(contains, f.suggestion, "21 child calls");
  EXPECT_PRED2(contains, f.suggestion, "20 allowed");
}

TEST(ExcessiveFanout, NamesAnAbsentParentByItsId) {
  Traces t = fanout(21, "ghost");
  const model::Finding f = t.one("excessive_fanout");
  EXPECT_EQ(f.pattern.template_text, "parent:ghost");
  EXPECT_EQ(f.service, "order-svc");
  EXPECT_EQ(f.source_endpoint, "POST /api/orders");
}

TEST(ExcessiveFanout, AnAllZeroParentIsAnOrdinaryKey) {
  EXPECT_EQ(fanout(21, "0000000000000000").one("excessive_fanout").pattern.template_text, "parent:0000000000000000");
}

TEST(ExcessiveFanout, AnEmptyParentIsAnOrdinaryKey) {
  EXPECT_EQ(fanout(21, "").one("excessive_fanout").pattern.template_text, "parent:");
}

TEST(ExcessiveFanout, TheLastOfRepeatedIdsIsTheParent) {
  Traces t = fanout(21);
  t.http("GET later").id("root").endpoint("GET /later");
  EXPECT_EQ(t.one("excessive_fanout").pattern.template_text, "GET later");
}

TEST(ExcessiveFanout, HexAndTextIdsAreNotMixedUp) {
  Traces t;
  for (int i = 0; i < 11; ++i) t.publish("kafka d" + std::to_string(i)).parent("000000000000000a");
  const model::TextId text = 10;  // a text whose id equals the value above
  for (int i = 0; i < 11; ++i) t.publish("kafka e" + std::to_string(i)).parent(std::string(t.symbols.text(text)));
  EXPECT_EQ(t.found(), "");
}

// -- chatty_service

Traces chatter(int calls) {
  Traces t;
  for (int i = 0; i < calls; ++i) t.http("GET svc/" + std::to_string(i % 5)).params(i);
  return t;
}

TEST(ChattyService, FiresAboveTheLimit) {
  EXPECT_EQ(chatter(15).found("chatty"), "");
  EXPECT_EQ(chatter(16).found("chatty"), "chatty_service/warning/16/5/0");
  EXPECT_EQ(chatter(45).found("chatty"), "chatty_service/warning/45/5/0");
  EXPECT_EQ(chatter(46).found("chatty"), "chatty_service/critical/46/5/0");
}

TEST(ChattyService, NamesTheTwoMostCalledTemplates) {
  Traces t = chatter(16);
  const model::Finding f = t.one("chatty_service");
  EXPECT_EQ(f.pattern.template_text, "POST /api/orders");
  EXPECT_PRED2(contains, f.suggestion, "POST /api/orders made 16 HTTP calls");
  EXPECT_PRED2(contains, f.suggestion, "`GET svc/0` (4) and `GET svc/1` (3)");
}

TEST(ChattyService, DoesNotCountSql) {
  Traces t = chatter(10);
  for (int i = 0; i < 10; ++i) t.sql("S" + std::to_string(i));
  EXPECT_EQ(t.found("chatty"), "");
}

TEST(ChattyService, GroupingIdentitiesAreApartAndOrderedByEndpoint) {
  Traces t;
  t.settings.chatty_service_min_calls = 3;
  for (int i = 0; i < 4; ++i) t.http("GET a/" + std::to_string(i)).group("service.namespace", "finance").endpoint("Z");
  for (int i = 0; i < 4; ++i) t.http("GET b/" + std::to_string(i)).group("service.namespace", "commerce").endpoint("Y");
  EXPECT_EQ(t.found("chatty"), "chatty_service/warning/4/4/0; chatty_service/warning/4/4/0");
  EXPECT_EQ(t.findings()[0].source_endpoint, "Y");
  EXPECT_EQ(t.findings()[0].grouping[0].value, "commerce");
}

TEST(ChattyService, OneTemplateOnlyIsNamedAlone) {
  Traces t;
  for (int i = 0; i < 16; ++i) t.http("GET svc").params(i);
  EXPECT_PRED2(contains, t.one("chatty_service").suggestion, "all of them to `GET svc`");
}

// -- pool_saturation

struct Load {
  std::uint64_t at_ms;
  std::uint64_t us;
};

Traces pool(int count, std::uint64_t every_ms, std::vector<Load> more = {}) {
  Traces t;
  t.times(count, every_ms, [&](int i) { return t.sql("Q" + std::to_string(i)).took(200'000); });
  for (const Load& l : more) t.sql("more" + std::to_string(l.at_ms)).at(l.at_ms).took(l.us);
  return t;
}

TEST(PoolSaturation, FiresAtTheThresholdAndIsNeverCritical) {
  EXPECT_EQ(pool(9, 1).found(), "");
  EXPECT_EQ(pool(10, 1).found(), "pool_saturation/warning/10/10/9");
  EXPECT_EQ(pool(31, 1).found(), "pool_saturation/warning/31/31/30");
  Traces t = pool(10, 1);
  const model::Finding f = t.one("pool_saturation");
  EXPECT_EQ(f.pattern.template_text, "order-svc");
  EXPECT_PRED2(contains, f.suggestion, "order-svc had 10 SQL calls open at once within 9 ms");
  EXPECT_PRED2(contains, f.suggestion, "db.client.connection.pool.*");
}

TEST(PoolSaturation, AnEndComesBeforeAStartAtTheSameTime) {
  EXPECT_EQ(pool(9, 0, {{200, 1000}}).found(), "");
  EXPECT_EQ(pool(9, 0, {{199, 1}}).found(), "pool_saturation/warning/10/10/199");
}

TEST(PoolSaturation, AnEmptySpanCountsOnlyWhereNothingIsOpen) {
  EXPECT_EQ(pool(9, 0, {{100, 0}}).found(), "");
  EXPECT_EQ(pool(9, 0, {{0, 0}}).found(), "pool_saturation/warning/10/10/0");
}

TEST(PoolSaturation, ReportsThePeakNotTheCount) {
  Traces t;
  t.settings.pool_saturation_concurrent_threshold = 2;
  for (const auto& [from, to] : {std::pair{0, 100}, {50, 150}, {120, 220}, {200, 300}}) {
    t.sql("Q" + std::to_string(from)).at(static_cast<std::uint64_t>(from)).took(static_cast<std::uint64_t>(to - from) * 1000);
  }
  EXPECT_EQ(t.found(), "pool_saturation/warning/2/4/200");
}

TEST(PoolSaturation, ServicesAndGroupingsAreApart) {
  Traces t;
  t.times(18, 0, [&](int i) { return t.sql("Q" + std::to_string(i)).took(200'000).service(i % 2 == 0 ? "a" : "b"); });
  EXPECT_EQ(t.found(), "");
  t.sql("x").service("b").took(200'000);
  EXPECT_EQ(t.found(), "pool_saturation/warning/10/10/0");
  EXPECT_EQ(t.one("pool_saturation").service, "b");
  testing::SpanWords(t, t.record(1)).group("k", "v");
  EXPECT_EQ(t.found(), "");
}

TEST(PoolSaturation, UnparseableTimestampsAreLeftOutOfTheSweepNotOfTheCount) {
  Traces t = pool(11, 0);
  testing::SpanWords(t, t.record(0)).stamped("x");
  EXPECT_EQ(t.found(), "pool_saturation/warning/10/11/0");
}

}  // namespace
}  // namespace sentinel::detect
