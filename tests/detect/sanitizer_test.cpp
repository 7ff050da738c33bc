// Worked examples of chapter 03 §15.3 and the signals of §5.1.
#include "detect/sanitizer.h"

#include <gtest/gtest.h>

#include "detect/support/traces.h"

namespace sentinel::detect {
namespace {

using testing::Traces;
using Mode = model::DetectionSettings::Sanitizer;

constexpr std::string_view kQuery = "SELECT * FROM oi WHERE order_id = ?";
constexpr std::uint64_t kSpread[] = {100, 50, 200, 60, 250, 80, 300};

struct Shape {
  int count = 7;
  bool spread = false;
  std::string scope = {};
  std::string parent = {};
};

Traces group(const Shape& shape) {
  Traces t;
  t.times(shape.count, 30, [&](int i) {
    testing::SpanWords s = t.sql(kQuery).took(shape.spread ? kSpread[i % 7] : 100);
    if (!shape.scope.empty()) s.scopes({shape.scope});
    if (!shape.parent.empty()) s.parent(shape.parent);
    return s;
  });
  return t;
}

// "N" or "R" in the modes auto, strict, always, never; anything else is shown whole.
std::string verdicts(Traces t) {
  std::string out;
  for (const Mode mode : {Mode::kAuto, Mode::kStrict, Mode::kAlways, Mode::kNever}) {
    t.settings.sanitizer = mode;
    const std::string found = t.found("n_plus") + t.found("redundant");
    out += found.starts_with("*n_plus") ? "N" : found.starts_with("redundant") ? "R" : found;
  }
  return out;
}

constexpr char kHibernate[] = "io.opentelemetry.hibernate-6.0";

TEST(Sanitizer, FollowsTheTableOfTheChapter) {
  EXPECT_EQ(verdicts(group({.scope = kHibernate})), "NRNR");
  EXPECT_EQ(verdicts(group({.spread = true, .scope = kHibernate})), "NNNR");
  EXPECT_EQ(verdicts(group({})), "RRNR");
  EXPECT_EQ(verdicts(group({.spread = true})), "NRNR");
  EXPECT_EQ(verdicts(group({.spread = true, .parent = "p"})), "NNNR");
  EXPECT_EQ(verdicts(group({.count = 14})), "RRNR");
  EXPECT_EQ(verdicts(group({.count = 15})), "RNNR");
}

TEST(Sanitizer, AHeuristicSqlFindingHasOneParameterSetAndAFix) {
  Traces t = group({.spread = true, .scope = kHibernate});
  EXPECT_EQ(t.found(), "*n_plus_one_sql/warning/7/1/180");
  const model::Finding f = t.one("n_plus_one_sql");
  EXPECT_EQ(f.pattern.cv_x1000, 626U);
  ASSERT_TRUE(f.suggested_fix.has_value());
  EXPECT_EQ(f.suggested_fix->framework, "java_jpa");
}

TEST(Sanitizer, ARedundantFindingOfTheSameCodeHasAFixToo) {
  Traces t = group({.scope = kHibernate});
  t.settings.sanitizer = Mode::kNever;
  EXPECT_EQ(t.one("redundant_sql").suggested_fix->framework, "java_jpa");
}

TEST(Sanitizer, VarianceOfExactlyAHalfIsNotEnough) {
  for (const std::uint64_t high : {3U, 4U}) {
    Traces t;
    t.times(6, 30, [&](int i) { return t.sql(kQuery).took(i % 2 == 0 ? 1 : high); });
    EXPECT_EQ(t.found(), high == 3 ? "redundant_sql/warning/6/1/150" : "*n_plus_one_sql/warning/6/1/150");
    if (high == 4) {
      EXPECT_EQ(t.one("n_plus_one_sql").pattern.cv_x1000, 600U);
    }
  }
}

TEST(Sanitizer, SpansThatStartTogetherAreNotSequential) {
  Traces t;
  t.settings.sanitizer = Mode::kStrict;
  t.times(10, 0, [&](int i) { return t.sql(kQuery).parent("p").took(i % 2 == 0 ? 800 : 3800); });
  EXPECT_EQ(t.found(), "redundant_sql/warning/10/1/0; pool_saturation/warning/10/10/0");
}

TEST(Sanitizer, AnUnparseableTimestampLeavesTheSequenceOfTheOthers) {
  Traces t = group({.count = 10, .spread = true, .parent = "p"});
  t.settings.sanitizer = Mode::kStrict;
  testing::SpanWords(t, t.record(3)).stamped("x");
  EXPECT_EQ(t.found(), "*n_plus_one_sql/critical/10/1/0");
}

TEST(Sanitizer, AnEmptyParentIsNoParent) {
  Traces t = group({.spread = true});
  for (std::size_t i = 0; i < t.size(); ++i) testing::SpanWords(t, t.record(i)).parent("");
  t.settings.sanitizer = Mode::kStrict;
  EXPECT_EQ(t.found("redundant"), "redundant_sql/warning/7/1/180");
}

Traces calls(std::string_view template_text, bool spread) {
  Traces t;
  t.times(7, 30, [&](int i) { return t.http(template_text).params("42").took(spread ? kSpread[i] : 100); });
  return t;
}

TEST(Sanitizer, JudgesHttpByVarianceAndPlaceholder) {
  EXPECT_EQ(verdicts(calls("GET user-svc/api/users/{id}", true)), "NNNR");
  EXPECT_EQ(verdicts(calls("GET user-svc/api/health", true)), "NRNR");
  EXPECT_EQ(verdicts(calls("GET user-svc/api/users/{id}", false)), "RRNR");
  EXPECT_EQ(calls("GET user-svc/api/users/{id}", true).found(), "*n_plus_one_http/warning/7/1/180");
}

TEST(Sanitizer, OneLiteralClosesTheGate) {
  Traces t;
  t.times(6, 30, [&](int) { return t.sql(kQuery).scopes({kHibernate}); });
  t.sql(kQuery).params("42").at(200);
  EXPECT_EQ(t.found(), "redundant_sql/warning/6/1/150");
}

TEST(Sanitizer, ATemplateWithoutPlaceholderClosesTheGate) {
  Traces t;
  t.settings.sanitizer = Mode::kAlways;
  t.times(6, 30, [&](int) { return t.sql("SELECT now()"); });
  EXPECT_EQ(t.found(), "redundant_sql/warning/6/1/150");
}

TEST(Sanitizer, AnOrmScopeAnywhereInTheGroupCounts) {
  Traces t = group({});
  testing::SpanWords(t, t.record(6)).scopes({"jdbc", "com.example", "x jpa y"});
  EXPECT_EQ(t.found(), "*n_plus_one_sql/warning/7/1/180");
}

TEST(OrmScope, NeedsAWholeWord) {
  EXPECT_TRUE(is_orm_scope("io.opentelemetry.spring-data-jpa-3.0"));
  EXPECT_TRUE(is_orm_scope("GORM"));
  EXPECT_FALSE(is_orm_scope("my-jpastore"));
  EXPECT_FALSE(is_orm_scope("spring-database"));
  EXPECT_FALSE(is_orm_scope("_jpa"));
  EXPECT_FALSE(is_orm_scope(""));
}

}  // namespace
}  // namespace sentinel::detect
