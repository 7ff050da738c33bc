// Worked examples of chapter 03 §15.2 and the rules of §4.2.
#include <gtest/gtest.h>

#include "detect/support/traces.h"

namespace sentinel::detect {
namespace {

using testing::contains;
using testing::show;
using testing::Traces;

Traces repeats(int count) {
  Traces t;
  t.times(count, 50, [&](int) { return t.sql("SELECT * FROM users WHERE id = ?").params("7"); });
  return t;
}

TEST(Redundant, NeedsTwoAndWarnsFromFiveOn) {
  EXPECT_EQ(repeats(1).found(), "");
  EXPECT_EQ(repeats(2).found(), "redundant_sql/info/2/1/50");
  EXPECT_EQ(repeats(4).found(), "redundant_sql/info/4/1/150");
  EXPECT_EQ(repeats(5).found(), "redundant_sql/warning/5/1/200");
}

TEST(Redundant, HasNeitherWindowLimitNorCriticalNorTiming) {
  Traces t = repeats(12);
  EXPECT_EQ(t.found(), "redundant_sql/warning/12/1/550");
  const model::Finding f = t.one("redundant_sql");
  EXPECT_FALSE(f.pattern.p50_us.has_value());
  EXPECT_FALSE(f.pattern.cv_x1000.has_value());
  EXPECT_PRED2(contains, f.suggestion, "12 times");
}

TEST(Redundant, NeverLooksAtMessages) {
  Traces t;
  t.times(4, 1, [&](int) { return t.publish("kafka x"); });
  EXPECT_EQ(t.found(), "");
}

TEST(Redundant, FindingsComeInOrderOfTheirFirstSpans) {
  Traces t;
  t.sql("A").params("1").at(0);
  t.sql("B").params("1").at(1);
  t.sql("A").params("2").at(2);
  t.sql("A").params("2").at(3);
  t.sql("B").params("1").at(4);
  t.sql("A").params("1").at(5);
  std::vector<std::string> order;
  for (const model::Finding& f : t.findings())
    order.push_back(std::string(f.pattern.template_text) + " " + std::to_string(f.pattern.window_ms));
  EXPECT_EQ(order, (std::vector<std::string>{"A 5", "B 3", "A 1"}));
}

TEST(Redundant, GroupingIdentitiesAndKindsAreApart) {
  Traces t;
  t.sql("A").params("1").group("k", "x");
  t.sql("A").params("1").group("k", "y");
  t.http("A").params("1");
  EXPECT_EQ(t.found(), "");
  t.http("A").params("1").at(3);
  EXPECT_EQ(t.found(), "redundant_http/info/2/1/3");
}

TEST(Redundant, ManyParameterSetsOfOneTemplateAreKeptApart) {
  Traces t;
  t.settings.window_ms = 1;  // keeps N+1 away
  for (int i = 0; i < 60; ++i) t.sql("A").params(i % 30).at(static_cast<std::uint64_t>(i));
  EXPECT_EQ(t.findings().size(), 30U);
  for (const model::Finding& f : t.findings()) EXPECT_EQ(show(f), "redundant_sql/info/2/1/30");
}

}  // namespace
}  // namespace sentinel::detect
