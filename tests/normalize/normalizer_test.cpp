#include "normalize/normalizer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "normalize/cache_use.h"
#include "normalize/param_identity.h"
#include "normalize/sql.h"
#include "normalize/template_cache.h"

namespace sentinel::normalize {
namespace {

using model::EventType;
using model::SpanRecord;

class NormalizerTest : public ::testing::Test {
 protected:
  SpanRecord apply(EventType type, std::string_view operation, std::string_view target) {
    SpanRecord record;
    normalizer_.apply(type, operation, target, record);
    return record;
  }
  SpanRecord sql(std::string_view statement) { return apply(EventType::kSql, "postgresql", statement); }
  std::string text(const SpanRecord& record) const { return std::string(symbols_.text(record.template_id)); }

  model::Symbols symbols_;
  Normalizer normalizer_{symbols_};
};

void expect_same(const SpanRecord& a, const SpanRecord& b) {
  EXPECT_EQ(a.template_id, b.template_id);
  EXPECT_EQ(a.params, b.params);
  EXPECT_EQ(a.flags, b.flags);
}

TEST_F(NormalizerTest, EachTypeHasItsTemplate) {
  EXPECT_EQ(text(sql("SELECT 1")), "SELECT ?");
  EXPECT_EQ(text(apply(EventType::kHttpOut, "GET", "http://cart-svc/x/5?a=1")), "GET cart-svc/x/{id}");
  EXPECT_EQ(text(apply(EventType::kHttpOut, "grpc", "shop.v1.Cart/GetItem")), "grpc shop.v1.Cart/GetItem");
  EXPECT_EQ(text(apply(EventType::kMessaging, "kafka", "orders-17 '5'")), "kafka orders-17 '5'");
  EXPECT_EQ(text(apply(EventType::kMessaging, "", "")), " ");
}

TEST_F(NormalizerTest, SetsTypeAndParamsFlagAndKeepsTheOtherFlags) {
  SpanRecord record;
  record.flags = model::kHasParent | model::kHasParams;
  normalizer_.apply(EventType::kMessaging, "kafka", "orders", record);
  EXPECT_EQ(record.type(), EventType::kMessaging);
  EXPECT_TRUE(record.has(model::kHasParent));
  EXPECT_FALSE(record.has(model::kHasParams));
  EXPECT_EQ(record.params, base::Hash128{});

  normalizer_.apply(EventType::kSql, "", "SELECT 1", record);
  EXPECT_EQ(record.type(), EventType::kSql);
  EXPECT_TRUE(record.has(model::kHasParent));
  EXPECT_TRUE(record.has(model::kHasParams));
}

TEST_F(NormalizerTest, ParamsAreEqualExactlyWhenTheListsAre) {
  EXPECT_EQ(sql("SELECT 1, 'b'").params, sql("SELECT '1' , 'b'").params);
  EXPECT_NE(sql("SELECT 'ab', 'c'").params, sql("SELECT 'a', 'bc'").params);
  EXPECT_NE(sql("SELECT 'ab'").params, sql("SELECT 'a', 'b'").params);
  EXPECT_NE(sql("SELECT ''").params, sql("SELECT").params);
  EXPECT_NE(sql("SELECT ''").params, sql("SELECT '', ''").params);
}

TEST_F(NormalizerTest, AHitEqualsTheMissBeforeIt) {
  for (const std::string_view statement : {"SELECT 1", "SELECT a", "", "SELECT 'x' IN (1, 2)"}) {
    const SpanRecord miss = sql(statement);
    expect_same(sql(statement), miss);
    Normalizer other(symbols_);
    SpanRecord again;
    other.apply(EventType::kSql, "postgresql", statement, again);
    expect_same(again, miss);
  }
}

TEST_F(NormalizerTest, TheSameTextOfAnotherTypeOrMethodIsAnotherTemplate) {
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(text(sql("a/5")), "a/?");
    EXPECT_EQ(text(apply(EventType::kHttpOut, "GET", "a/5")), "GET a/{id}");
    EXPECT_EQ(text(apply(EventType::kHttpOut, "get", "a/5")), "get a/{id}");
    EXPECT_EQ(text(apply(EventType::kMessaging, "GET", "a/5")), "GET a/5");
  }
}

TEST_F(NormalizerTest, TheOperationOfAStatementDoesNotMatter) {
  expect_same(apply(EventType::kSql, "mysql", "SELECT 1"), apply(EventType::kSql, "SELECT", "SELECT 1"));
}

TEST_F(NormalizerTest, AnswersStayRightWhenMoreTextsPassThanTheCacheHolds) {
  const std::size_t distinct = TemplateCache::kMaxEntries * 3;
  std::vector<SpanRecord> first;
  for (std::size_t i = 0; i < distinct; ++i)
    first.push_back(sql("SELECT a" + std::to_string(i % 7) + " WHERE id = " + std::to_string(i)));
  std::set<std::pair<std::uint64_t, std::uint64_t>> params;
  for (std::size_t i = 0; i < distinct; ++i) {
    expect_same(sql("SELECT a" + std::to_string(i % 7) + " WHERE id = " + std::to_string(i)), first[i]);
    EXPECT_EQ(text(first[i]), "SELECT a" + std::to_string(i % 7) + " WHERE id = ?");
    params.insert({first[i].params.low, first[i].params.high});
  }
  EXPECT_EQ(params.size(), distinct);
}

TEST(TemplateCache, ASetKeepsItsTwoNewestEntries) {
  TemplateCache cache;
  const auto key = [](std::uint64_t i) { return TemplateCache::Key{.hash = i << 32 | 6, .size = 10}; };
  for (std::uint32_t i = 1; i <= 3; ++i) cache.insert(key(i), i + 10, {i, i});
  EXPECT_EQ(cache.find(key(1)), nullptr);
  ASSERT_NE(cache.find(key(2)), nullptr);
  ASSERT_NE(cache.find(key(3)), nullptr);
  EXPECT_EQ(cache.find(key(2))->template_id, 12u);
  EXPECT_EQ(cache.find(key(3))->template_id, 13u);
  EXPECT_EQ(cache.find(key(3))->params, (base::Hash128{3, 3}));
}

TEST(TemplateCache, TextsOfOneHashDifferByTheirLength) {
  TemplateCache cache;
  cache.insert({.hash = 5, .size = 10}, 12, {});
  EXPECT_NE(cache.find({.hash = 5, .size = 10}), nullptr);
  EXPECT_EQ(cache.find({.hash = 5, .size = 11}), nullptr);
}

TEST(TemplateCache, NothingIsFoundInAFreeEntry) {
  const TemplateCache cache;
  EXPECT_EQ(cache.find({.hash = 0, .size = 0}), nullptr);
}

TEST(TemplateCache, GrowsPastItsSpreadAndOnlyToItsBound) {
  TemplateCache cache;
  constexpr std::uint64_t kRoom = TemplateCache::kFirstEntries / TemplateCache::kSpread;
  const auto key = [](std::uint64_t i) { return TemplateCache::Key{.hash = i * 2, .size = 10}; };
  const auto insert = [&](std::uint64_t i) { cache.insert(key(i), 2, {}); };
  for (std::uint64_t i = 1; i <= kRoom; ++i) insert(i);
  EXPECT_EQ(cache.capacity(), TemplateCache::kFirstEntries);
  EXPECT_NE(cache.find(key(1)), nullptr);
  insert(kRoom + 1);
  EXPECT_EQ(cache.capacity(), TemplateCache::kFirstEntries * 4);
  EXPECT_NE(cache.find(key(kRoom + 1)), nullptr);
  EXPECT_EQ(cache.find(key(1)), nullptr);
  for (std::uint64_t i = 0; i < TemplateCache::kMaxEntries * 3; ++i) insert(i);
  EXPECT_EQ(cache.capacity(), TemplateCache::kMaxEntries);
}

// -- whether the cache is asked

TEST(CacheUse, IsAskedUntilTooFewAnswersHelped) {
  constexpr int kAsked = 4096;
  constexpr int kSkipped = 4 * kAsked;
  // One answer in three pays; one fewer does not.
  for (const int known : {kAsked / 3, kAsked / 3 + 1}) {
    CacheUse use;
    for (int i = 0; i < kAsked; ++i) {
      ASSERT_TRUE(use.ask()) << i;
      use.answered(i < known);
    }
    const bool pays = known * 3 >= kAsked;
    int passed_over = 0;
    while (passed_over <= kSkipped && !use.ask()) ++passed_over;
    EXPECT_EQ(passed_over, pays ? 0 : kSkipped) << known;
  }
}

TEST_F(NormalizerTest, AnswersAreTheSameWhereTheCacheIsPassedOver) {
  // Enough texts that never come again, so that SQL is not asked for; then what a fresh normaliser says of others.
  for (int i = 0; i < 4096; ++i) sql("SELECT a FROM t WHERE x = 'v" + std::to_string(i) + "'");
  model::Symbols symbols;
  Normalizer fresh(symbols);
  for (int i = 0; i < 300; ++i) {
    const std::string statement =
        "SELECT c" + std::to_string(i % 5) + " FROM t WHERE x = '" + std::to_string(i % 9) + "' AND y = 1.5";
    SpanRecord record;
    fresh.apply(EventType::kSql, "", statement, record);
    const SpanRecord here = sql(statement);
    EXPECT_EQ(text(here), symbols.text(record.template_id));
    EXPECT_EQ(here.params, record.params);
    EXPECT_EQ(here.flags, record.flags);
  }
}

// -- statements that are the one before but for their number

// What a normaliser that has seen nothing says.
void expect_as_alone(model::Symbols& symbols, Normalizer& normalizer, const std::string& statement) {
  SpanRecord record;
  normalizer.apply(EventType::kSql, "", statement, record);
  model::Symbols other;
  SpanRecord alone;
  Normalizer(other).apply(EventType::kSql, "", statement, alone);
  EXPECT_EQ(symbols.text(record.template_id), other.text(alone.template_id)) << statement;
  EXPECT_EQ(record.params, alone.params) << statement;
  EXPECT_EQ(record.flags, alone.flags) << statement;
}

TEST_F(NormalizerTest, AStatementAfterOneOfItsShapeIsReadAsIfAlone) {
  const std::vector<std::string> numbers = {"7", "12",  "1234", "12345678", "123456789", "0",   "1.5", "1.", "x",
                                            "",  "12a", "'5'",  "-3",       "$1",        "(1)", "1 2", "/*", "1234567\x80"};
  for (const std::string before : {"SELECT a FROM t WHERE id = ", "WHERE i=", "SELECT a, 'b' FROM t WHERE id = ",
                                   "SELECT a FROM t WHERE id IN (", "SELECT \"a(\" WHERE $1 < ", "id="}) {
    for (const std::string behind : {"", " LIMIT 5", " AND b = 'x'", ")", ".5", "abc", " -- 1", "\""}) {
      for (const std::string& first : numbers) {
        for (const std::string& second : numbers) {
          expect_as_alone(symbols_, normalizer_, before + first + behind);
          expect_as_alone(symbols_, normalizer_, before + second + behind);
        }
      }
    }
  }
}

TEST_F(NormalizerTest, AShapeIsKeptWhileOtherCallsComeBetween) {
  const SpanRecord first = sql("SELECT a FROM t WHERE id = 1");
  apply(EventType::kHttpOut, "GET", "http://cart-svc/x/5?a=1&b=2&c=345678901234567890");
  const SpanRecord second = sql("SELECT a FROM t WHERE id = 2");
  EXPECT_EQ(second.template_id, first.template_id);
  EXPECT_NE(second.params, first.params);
  expect_same(sql("SELECT a FROM t WHERE id = 1"), first);
  EXPECT_EQ(text(sql("SELECT a FROM t WHERE id = b")), "SELECT a FROM t WHERE id = b");
}

TEST(ParamIdentity, ShortListsAreTheirOwnAndOneNumberHasTheSame) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  Scratch scratch;
  for (const std::string value : {"1", "2", "12", "123", "1234", "12345", "1234567", "12345678", "123456789", "12345678901",
                                  "123456789012", "123456789013", "1234567890123456"}) {
    const base::Hash128 identity = identity_of(normalize_sql("= " + value, scratch).params);
    EXPECT_TRUE(seen.insert({identity.low, identity.high}).second) << value;
    if (value.size() > 8) continue;
    std::uint64_t digits = 0;
    std::memcpy(&digits, value.data(), value.size());
    EXPECT_EQ(identity_of_one(digits, value.size()), identity) << value;
  }
  // "1" and "" against "" and "1": as many bytes, other places.
  EXPECT_NE(identity_of(normalize_sql("'1','2'", scratch).params), identity_of(normalize_sql("'12'", scratch).params));
  EXPECT_NE(identity_of(normalize_sql("''", scratch).params), (base::Hash128{}));
}

}  // namespace
}  // namespace sentinel::normalize
