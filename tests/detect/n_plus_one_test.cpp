// Worked examples of chapter 03 §15.1 and the rules of §4.1.
#include <gtest/gtest.h>

#include "detect/support/traces.h"

namespace sentinel::detect {
namespace {

using testing::contains;
using testing::joined;
using testing::Traces;

constexpr std::string_view kQuery = "SELECT * FROM t WHERE id = ?";

Traces queries(int count, std::uint64_t every_ms) {
  Traces t;
  t.times(count, every_ms, [&](int i) { return t.sql(kQuery).params(i); });
  return t;
}

TEST(NPlusOne, FiresAtTheThresholdNotBelow) {
  EXPECT_EQ(queries(4, 10).found(), "");
  EXPECT_EQ(queries(5, 10).found(), "n_plus_one_sql/warning/5/5/40");
}

TEST(NPlusOne, CarriesPlaceTimesAndTiming) {
  Traces t = queries(5, 10);
  const model::Finding f = t.one("n_plus_one_sql");
  EXPECT_EQ(f.trace_id, "t1");
  EXPECT_EQ(f.service, "order-svc");
  EXPECT_EQ(f.source_endpoint, "POST /api/orders");
  EXPECT_EQ(f.pattern.template_text, kQuery);
  EXPECT_EQ(f.pattern.p50_us, 800U);
  EXPECT_EQ(f.pattern.p99_us, 800U);
  EXPECT_EQ(f.pattern.cv_x1000, 0U);
  EXPECT_EQ(f.first_timestamp, "2025-07-10T14:32:01.000Z");
  EXPECT_EQ(f.last_timestamp, "2025-07-10T14:32:01.040Z");
  EXPECT_FALSE(f.code_location.present());
  EXPECT_TRUE(f.scopes.empty());
  EXPECT_FALSE(f.suggested_fix.has_value());
  EXPECT_PRED2(contains, f.suggestion, "5 queries");
  EXPECT_PRED2(contains, f.suggestion, "IN (");
}

TEST(NPlusOne, TheWindowLimitIsInclusive) {
  EXPECT_EQ(queries(5, 125).found(), "n_plus_one_sql/warning/5/5/500");
  Traces t = queries(4, 125);
  t.sql(kQuery).params(4).at(501);
  EXPECT_EQ(t.found(), "");
}

TEST(NPlusOne, IsCriticalFromTenOn) {
  EXPECT_EQ(queries(9, 10).found(), "n_plus_one_sql/warning/9/9/80");
  EXPECT_EQ(queries(10, 10).found("n_plus"), "n_plus_one_sql/critical/10/10/90");
}

TEST(NPlusOne, ClaimsItsRepeatsFromRedundant) {
  Traces t = queries(5, 10);
  t.sql(kQuery).params(0).at(60);
  t.sql(kQuery).params(0).at(70);
  EXPECT_EQ(t.found(), "n_plus_one_sql/warning/7/5/70");
}

TEST(NPlusOne, TooFewDistinctParametersLeaveTheGroupToRedundant) {
  Traces t = queries(4, 10);
  for (const std::uint64_t at : {60, 61, 62}) t.sql(kQuery).params(0).at(at);
  EXPECT_EQ(t.found(), "redundant_sql/info/4/1/62");
}

TEST(NPlusOne, AGroupRejectedByItsWindowIsNotClaimed) {
  Traces t = queries(5, 200);
  t.sql(kQuery).params(0).at(900);
  EXPECT_EQ(t.found(), "redundant_sql/info/2/1/900");
}

TEST(NPlusOne, OneStrayCallWidensTheWindowOfTheWholeGroup) {
  Traces t = queries(5, 10);
  t.sql(kQuery).params(99).at(2000);
  EXPECT_EQ(t.found(), "");
}

TEST(NPlusOne, CoversHttpCalls) {
  Traces t;
  t.times(5, 10, [&](int i) { return t.http("GET user-svc/api/users/{id}").params(i); });
  EXPECT_EQ(t.found(), "n_plus_one_http/warning/5/5/40");
  EXPECT_PRED2(contains, t.one("n_plus_one_http").suggestion, "5 calls");
}

TEST(NPlusOne, CountsPublishesAsOneParameterSetAndNamesTheBroker) {
  for (const int count : {4, 5}) {
    Traces t;
    t.times(count, 10, [&](int) { return t.publish("kafka order.events"); });
    if (count == 4) {
      EXPECT_EQ(t.found(), "");
      continue;
    }
    EXPECT_EQ(t.found(), "n_plus_one_messaging/warning/5/1/40");
    const model::Finding f = t.one("n_plus_one_messaging");
    ASSERT_TRUE(f.suggested_fix.has_value());
    EXPECT_EQ(f.suggested_fix->framework, "kafka");
    EXPECT_EQ(f.suggested_fix->pattern, "n_plus_one_messaging");
    EXPECT_PRED2(contains, f.suggestion, "5 messages");
  }
}

TEST(NPlusOne, SpansOfTwoServicesMergeUnderTheFirst) {
  Traces t;
  t.times(6, 10, [&](int i) { return t.sql(kQuery).params(i).service(i % 2 == 0 ? "a" : "b"); });
  EXPECT_EQ(t.found(), "n_plus_one_sql/warning/6/6/50");
  EXPECT_EQ(t.one("n_plus_one_sql").service, "a");
}

TEST(NPlusOne, OddTimestampsAreComparedByBytes) {
  for (const std::string odd : {"2025-07-10T14:32:01Z", "not-a-timestamp"}) {
    Traces t;
    t.times(6, 10, [&](int i) { return t.sql(kQuery).params(i); });
    t.record(0).start_us = 0;
    testing::SpanWords(t, t.record(0)).stamped(odd);
    EXPECT_EQ(t.found(), "n_plus_one_sql/warning/6/6/0");
    const model::Finding f = t.one("n_plus_one_sql");
    EXPECT_EQ(f.first_timestamp, "2025-07-10T14:32:01.010Z");
    EXPECT_EQ(f.last_timestamp, odd);
  }
}

TEST(NPlusOne, GroupingIdentitiesAreCountedApart) {
  Traces t;
  t.times(6, 10, [&](int i) { return t.sql(kQuery).params(i).group(i < 3 ? "tenant.id" : "k8s.namespace.name", "prod"); });
  EXPECT_EQ(t.found(), "");
  t.settings.n_plus_one_threshold = 3;
  EXPECT_EQ(t.found(), "n_plus_one_sql/warning/3/3/20; n_plus_one_sql/warning/3/3/20");
}

TEST(NPlusOne, OneTextOfTwoKindsIsTwoGroups) {
  Traces t;
  t.times(4, 10, [&](int i) { return t.sql("kafka x").params(i); });
  t.times(4, 10, [&](int) { return t.publish("kafka x"); });
  EXPECT_EQ(t.found(), "");
}

TEST(NPlusOne, CarriesTheOriginOfTheFirstSpan) {
  Traces t;
  t.times(5, 10, [&](int i) {
    return t.sql(kQuery).params(i).scopes({"leaf-" + std::to_string(i), "root"}).code("load", "src/Orders.java", "shop");
  });
  const model::Finding f = t.one("n_plus_one_sql");
  EXPECT_EQ(joined(f.scopes), "leaf-0 root");
  EXPECT_EQ(f.code_location.function, "load");
  EXPECT_EQ(f.code_location.filepath, "src/Orders.java");
  EXPECT_EQ(f.code_location.code_namespace, "shop");
  EXPECT_FALSE(f.code_location.lineno.has_value());
}

}  // namespace
}  // namespace sentinel::detect
