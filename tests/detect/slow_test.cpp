// Worked examples of chapter 03 §15.4 and the rules of §4.3 and §4.4.
#include <gtest/gtest.h>

#include "detect/support/traces.h"

namespace sentinel::detect {
namespace {

using testing::contains;
using testing::joined;
using testing::Traces;

Traces slow_queries(const std::vector<std::uint64_t>& durations_us) {
  Traces t;
  t.times(static_cast<int>(durations_us.size()), 100, [&](int i) {
    return t.sql("SELECT * FROM big WHERE id = ?").params(i).took(durations_us[static_cast<std::size_t>(i)]);
  });
  return t;
}

TEST(Slow, IsStrictlyAboveTheLimit) {
  EXPECT_EQ(slow_queries({500'000, 500'000, 500'000}).found(), "");
  EXPECT_EQ(slow_queries({500'001, 500'001, 500'001}).found(), "slow_sql/warning/3/3/200");
}

TEST(Slow, NeedsThreeOccurrences) { EXPECT_EQ(slow_queries({600'000, 600'001}).found(), ""); }

TEST(Slow, IsCriticalStrictlyAboveFiveTimesTheLimit) {
  Traces t = slow_queries({600'000, 700'000, 2'500'000});
  EXPECT_EQ(t.found("slow"), "slow_sql/warning/3/3/200");
  const model::Finding f = t.one("slow_sql");
  EXPECT_EQ(f.pattern.p50_us, 700'000U);
  EXPECT_EQ(f.pattern.p99_us, 2'500'000U);
  EXPECT_EQ(f.pattern.cv_x1000, 689U);
  EXPECT_EQ(slow_queries({600'000, 700'000, 2'500'001}).found("slow"), "slow_sql/critical/3/3/200");
}

TEST(Slow, CountsSlowSpansOnlyAndTheirParameters) {
  Traces t;
  t.settings.window_ms = 1;
  t.times(5, 100, [&](int i) { return t.sql("Q").params(i / 2).took(i % 2 == 0 ? 600'000 : 10); });
  EXPECT_EQ(t.found("slow"), "slow_sql/warning/3/3/400");
}

TEST(Slow, CoversHttpAndMessaging) {
  Traces t;
  t.times(3, 1000, [&](int) { return t.http("GET a/b").took(600'000); });
  t.times(3, 1000, [&](int) { return t.publish("nats q").took(600'000); });
  EXPECT_EQ(t.found("slow"), "slow_http/warning/3/1/2000; slow_messaging/warning/3/1/2000");
  EXPECT_EQ(t.one("slow_messaging").suggested_fix->framework, "nats");
}

TEST(Slow, GroupsComeInOrderOfTheirFirstSlowSpan) {
  Traces t;
  t.sql("A").took(1);
  t.times(3, 1, [&](int) { return t.sql("B").took(600'000); });
  t.times(3, 1, [&](int) { return t.sql("A").took(600'000); });
  std::vector<std::string> order;
  for (const model::Finding& f : t.findings()) {
    if (f.type == model::FindingType::kSlowSql) order.emplace_back(f.pattern.template_text);
  }
  EXPECT_EQ(order, (std::vector<std::string>{"B", "A"}));
}

TEST(SlowAcrossTraces, ReportsTheWorstTrace) {
  Traces t;
  t.sql("Q").in("ta").took(600'000).at(0);
  t.sql("Q").in("tb").took(700'000).at(1000);
  EXPECT_EQ(t.found(), "");
  t.sql("Q").in("tc").took(800'000).at(2000).scopes({"github.com/x"});
  EXPECT_EQ(t.found(), "slow_sql/warning/3/0/2000");
  const model::Finding f = t.one("slow_sql");
  EXPECT_EQ(f.trace_id, "tc");
  EXPECT_EQ(f.pattern.p50_us, 700'000U);
  EXPECT_EQ(f.pattern.p99_us, 800'000U);
  EXPECT_EQ(f.pattern.cv_x1000, 117U);
  EXPECT_PRED2(contains, f.suggestion, "p50 700.0 ms, p95 800.0 ms, p99 800.0 ms over 3");
  EXPECT_EQ(joined(f.scopes), "github.com/x");
  EXPECT_FALSE(f.suggested_fix.has_value());
}

TEST(SlowAcrossTraces, ComesAfterAllFindingsOfTraces) {
  Traces t;
  for (const std::uint64_t us : {600'000, 650'000, 800'000}) t.sql("Q").in("ta").took(us).at((t.size() - 1) * 100);
  t.sql("Q").in("tb").took(700'000).at(1000);
  EXPECT_EQ(t.found(), "redundant_sql/info/3/1/200; slow_sql/warning/3/1/200; slow_sql/warning/4/0/1000");
  EXPECT_EQ(t.findings()[1].pattern.p50_us, 650'000U);
  EXPECT_EQ(t.findings()[1].pattern.cv_x1000, 124U);
  EXPECT_EQ(t.findings()[2].trace_id, "ta");
  EXPECT_EQ(t.findings()[2].pattern.p50_us, 650'000U);
  EXPECT_EQ(t.findings()[2].pattern.cv_x1000, 108U);
}

TEST(SlowAcrossTraces, AmongEqualDurationsTheLastIsTheWorst) {
  Traces t;
  for (const char* trace : {"ta", "tb", "tc"}) t.sql("Q").in(trace).took(600'000).service(trace);
  EXPECT_EQ(t.one("slow_sql").service, "tc");
}

TEST(SlowAcrossTraces, OneTraceIsNotEnough) {
  Traces t;
  t.times(3, 1, [&](int) { return t.sql("Q").in("ta").took(600'000); });
  t.sql("other").in("tb").took(1);
  EXPECT_EQ(t.found("slow"), "slow_sql/warning/3/1/2");
}

TEST(SlowAcrossTraces, ALimitPastTheLargestTimeIsNeverReached) {
  Traces t;
  t.settings.slow_threshold_ms = ~std::uint64_t{0};
  t.times(3, 1, [&](int) { return t.sql("Q").took(~std::uint64_t{0}); });
  EXPECT_EQ(t.found("slow"), "");
}

}  // namespace
}  // namespace sentinel::detect
