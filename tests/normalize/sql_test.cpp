#include "normalize/sql.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "normalize/oracle.h"
#include "normalize/random_text.h"
#include "normalize/vectors.h"

namespace sentinel::normalize {
namespace {

constexpr std::size_t kMaxTarget = 65'536;

oracle::Answer sql(std::string_view statement) {
  Scratch scratch;
  return oracle::unpack(normalize_sql(statement, scratch));
}

std::string template_of(std::string_view statement) { return sql(statement).text; }

TEST(Sql, GivesTheRecordedTemplatesAndParams) {
  Scratch scratch;
  for (const auto& v : testing::vectors("01_sql_vectors.json")) {
    EXPECT_EQ(oracle::unpack(normalize_sql(v.input, scratch)), v.expected) << v.name << ": " << v.input;
    EXPECT_EQ(oracle::sql(v.input), v.expected) << "oracle, " << v.name << ": " << v.input;
  }
}

TEST(Sql, GivesTheRecordedAnswersForLongTexts) {
  Scratch scratch;
  for (const auto& v : testing::long_vectors("01_sql_long_vectors.json")) {
    const std::string_view cut = base::truncate_utf8(v.input, kMaxTarget);
    EXPECT_TRUE(oracle::unpack(normalize_sql(cut, scratch)) == v.expected) << v.name;
  }
}

TEST(Sql, ATemplateIsItsOwnTemplate) {
  for (const auto& v : testing::vectors("01_sql_vectors.json")) {
    EXPECT_EQ(template_of(v.expected.text), v.expected.text) << v.input;
  }
}

// The chapter's own table, where a vector file does not have the row.
TEST(Sql, FollowsTheChaptersTable) {
  using Params = std::vector<std::string>;
  const struct {
    std::string_view statement;
    std::string_view text;
    Params params;
  } rows[] = {
      {"SELECT price*1.20 FROM items WHERE rate < 0.075", "SELECT price*? FROM items WHERE rate < ?", {"1.20", "0.075"}},
      {"SELECT * FROM t WHERE v = .5 OR w = 7.", "SELECT * FROM t WHERE v = .? OR w = ?", {"5", "7."}},
      {"SELECT * FROM t WHERE ver = 1.2.3", "SELECT * FROM t WHERE ver = ?.?", {"1.2", "3"}},
      {"SELECT 1..2", "SELECT ?.?", {"1.", "2"}},
      {"SELECT * FROM t WHERE a = -17 AND b = +3", "SELECT * FROM t WHERE a = -? AND b = +?", {"17", "3"}},
      {"SELECT * FROM t WHERE n = 1e10 OR n = 2.5E-3", "SELECT * FROM t WHERE n = ?e10 OR n = ?E-?", {"1", "2.5", "3"}},
      {"SELECT * FROM t WHERE h = 0x1F", "SELECT * FROM t WHERE h = ?x1F", {"0"}},
      {"SELECT * FROM users WHERE nick = 'O''Neil'", "SELECT * FROM users WHERE nick = ?", {"O'Neil"}},
      {"SELECT * FROM users WHERE nick = ''''", "SELECT * FROM users WHERE nick = ?", {"'"}},
      {"SELECT * FROM users WHERE nick = '' OR nick = '  '", "SELECT * FROM users WHERE nick = ? OR nick = ?", {"", "  "}},
      {R"(SELECT * FROM users WHERE note = 'it\'s fine' AND id = 5)",
       "SELECT * FROM users WHERE note = ?s fine?",
       {R"(it\)", " AND id = 5"}},
      {"SELECT * FROM users WHERE nick = 'never closed", "SELECT * FROM users WHERE nick = ?", {"never closed"}},
      {"SELECT * FROM orders WHERE (id)IN (4, 8)", "SELECT * FROM orders WHERE (id)IN (?, ?)", {"4", "8"}},
      {"SELECT * FROM orders WHERE id IN (?, ?, ?)", "SELECT * FROM orders WHERE id IN (?)", {}},
      {"SELECT * FROM orders WHERE id IN ($1, $2, $3)", "SELECT * FROM orders WHERE id IN ($?, $?, $?)", {}},
      {"SELECT * FROM orders WHERE id IN (%s, %s)", "SELECT * FROM orders WHERE id IN (%s, %s)", {}},
      {"SELECT MIN(5) FROM t WHERE id IN (1, 2)", "SELECT MIN (?) FROM t WHERE id IN (?)", {"5", "1", "2"}},
      {"SELECT MIN(5) FROM t WHERE id = 2", "SELECT MIN(?) FROM t WHERE id = ?", {"5", "2"}},
      {"SELECT $$it's 5 o'clock$$, 6", "SELECT ?, ?", {"it's 5 o'clock", "6"}},
      {"SELECT $fn$ body with $$ inside $fn$ AS b", "SELECT ? AS b", {" body with $$ inside "}},
      {"SELECT $fn$ never closed", "SELECT ?", {" never closed"}},
      {"SELECT $$$$ AS nothing", "SELECT ? AS nothing", {""}},
      {"SELECT * FROM t WHERE id = ?1 AND n = :1 AND q = @1",
       "SELECT * FROM t WHERE id = ?? AND n = :? AND q = @?",
       {"1", "1", "1"}},
      {"SELECT * FROM \"unclosed WHERE id = 42", "SELECT * FROM \"unclosed WHERE id = 42", {}},
      {"SELECT t1.c2 FROM shard_07.tbl2 t1 LIMIT 20 OFFSET 40",
       "SELECT t1.c2 FROM shard_07.tbl2 t1 LIMIT ? OFFSET ?",
       {"20", "40"}},
      {"SELECT col\u00e92 FROM t WHERE id = 1", "SELECT col\u00e9? FROM t WHERE id = ?", {"2", "1"}},
      {"SELECT 1 -- don't cache, id = 9", "SELECT ? -- don?", {"1", "t cache, id = 9"}},
      {"COMMIT", "COMMIT", {}},
      {"", "", {}},
  };
  for (const auto& row : rows)
    EXPECT_EQ(sql(row.statement), (oracle::Answer{std::string(row.text), row.params})) << row.statement;
}

TEST(Sql, AnInOnlyInsideAQuotedIdentifierOrLiteralSetsNoFlag) {
  EXPECT_EQ(template_of("SELECT \" in (1)\", MIN(?)"), "SELECT \" in (1)\", MIN(?)");
  EXPECT_EQ(template_of("SELECT ' in ', MIN(?)"), "SELECT ?, MIN(?)");
}

TEST(Sql, WithTheFlagListsInsideQuotedIdentifiersCollapseToo) {
  EXPECT_EQ(template_of("SELECT \"min ( ? , ? )\" WHERE x in y"), "SELECT \"mIN (?)\" WHERE x in y");
  EXPECT_EQ(template_of("SELECT `in(?)` WHERE x in y"), "SELECT `IN (?)` WHERE x in y");
}

TEST(Sql, ListsThatGrowByOneByteFitHoweverManyThereAre) {
  std::string statement = "x in y ";
  std::string expected = statement;
  for (int i = 0; i < 5000; ++i) {
    statement += "in(?)";
    expected += "IN (?)";
  }
  EXPECT_TRUE(template_of(statement) == expected);
}

TEST(Sql, EveryUnicodeSpaceCountsInAList) {
  for (const std::string& space : oracle::unicode_spaces()) {
    const std::string s = space;
    EXPECT_EQ(template_of("x IN" + s + "(" + s + "1" + s + "," + s + "2" + s + ")"), "x IN (?)");
  }
  for (const char* no_space : {"\u200B", "\u2027", "\u200C", "\u2060", "\uFEFF", "\u0084", "\u1681"}) {
    EXPECT_EQ(template_of("x IN" + std::string(no_space) + "(1)"), "x IN" + std::string(no_space) + "(?)");
  }
}

// Every rule at every place of a block, and at every distance from the end.
TEST(Sql, TokensMayStandAnywhereInABlock) {
  Scratch scratch;
  for (const std::string_view token :
       {"7", "123456789012345678901234567890", "1.5", "''", "'a'", "'it''s'", "'open", "\"q(1)\"", "`q", "$1", "$$x$$",
        "$t$x$t$", "$t$x", "$", "a1", "in (1, 2)", "in(?)", "'0123456789abcdef'", "1.2.3"}) {
    for (std::size_t before = 0; before < 40; ++before) {
      for (std::size_t after = 0; after < 20; ++after) {
        const std::string statement = std::string(before, ' ') + std::string(token) + std::string(after, ' ');
        EXPECT_EQ(oracle::unpack(normalize_sql(statement, scratch)), oracle::sql(statement)) << statement;
      }
    }
  }
}

TEST(Sql, AgreesWithThePlainVersionOnRandomTexts) {
  constexpr std::string_view kPieces[] = {
      "in",   "IN",  "In ",   " in (",  "(",      ")",   "?",       ",",           ", ",         " ",   "\t", "\v",    "'",
      "''",   "\"",  "`",     "$",      "$$",     "$a$", "$1",      "1",           "23",         "4.5", ".",  "a",     "_",
      "MIN(", "in(", "(?,?)", "\u00a0", "\u2003", "é",   "SELECT ", " WHERE x = ", "0123456789", "#",   "%s", "in (?)"};
  testing::RandomText random(testing::test_seed());
  Scratch scratch;
  for (int i = 0; i < 100'000; ++i) {
    const std::string statement = random.text(kPieces, i % 2 == 0 ? 12 : 60);
    const oracle::Answer expected = oracle::sql(statement);
    ASSERT_EQ(oracle::unpack(normalize_sql(statement, scratch)), expected) << statement;
    ASSERT_EQ(normalize_sql(expected.text, scratch).text, expected.text) << statement;
  }
}

TEST(Sql, LiteralValuesAndArityNeverChangeTheTemplate) {
  testing::RandomText random(testing::test_seed());
  const auto literal = [&] {
    std::string text = std::to_string(random.below(1'000'000'000));
    if (random.below(3) == 0) text.append(".").append(std::to_string(random.below(1000)));
    return random.below(2) == 0 ? text : std::string("'").append(text).append("'");
  };
  for (int i = 0; i < 2000; ++i) {
    std::string list = literal();
    for (std::size_t n = random.below(30); n > 0; --n) list += ", " + literal();
    EXPECT_EQ(template_of("SELECT a FROM t WHERE k = " + literal() + " AND id IN (" + list + ")"),
              "SELECT a FROM t WHERE k = ? AND id IN (?)");
  }
}

}  // namespace
}  // namespace sentinel::normalize
