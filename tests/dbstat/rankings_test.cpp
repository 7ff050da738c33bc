// Rankings, and the keys by which statements are found in traces (chapter 02 §5.6, §5.7).
#include "dbstat/rankings.h"

#include <gtest/gtest.h>

#include "dbstat/support.h"
#include "dbstat/trace_match.h"

namespace sentinel::dbstat {
namespace {

// "top by calls: b a", names being the templates.
std::string ranking(const Statements& statements, std::size_t index, std::size_t top_n = 10) {
  const Ranked ranked = rank(statements, top_n);
  if (index >= ranked.rankings.size()) return "none";
  std::string out = std::string(ranked.rankings[index].label) + ":";
  for (const std::uint32_t i : ranked.rankings[index].entries) out += " " + statements.entries[i].normalized_template;
  return out;
}

Statements table(std::string_view rows, Dialect dialect = Dialect::kPostgres) {
  const std::string header = dialect == Dialect::kPostgres
                                 ? "query,calls,total_exec_time,mean_exec_time,shared_blks_hit,shared_blks_read\n"
                                 : "digest_text,count_star,sum_timer_wait,avg_timer_wait,sum_rows_examined,sum_no_index_used\n";
  return std::move(*read_statements(header + std::string(rows), dialect));
}

TEST(Rankings, FourByDescendingWeightTiesInFileOrder) {
  const Statements s = table("a,1,9,9,0,0\nb,5,3,2,1,1\nc,5,3,4,0,2\n");
  EXPECT_EQ(ranking(s, 0), "top by total_exec_time: a b c");
  EXPECT_EQ(ranking(s, 1), "top by calls: b c a");
  EXPECT_EQ(ranking(s, 2), "top by mean_exec_time: a c b");
  EXPECT_EQ(ranking(s, 3), "top by shared_blks_total: b c a");
  EXPECT_EQ(ranking(s, 4), "none");
}

TEST(Rankings, CutToTheFirstN) {
  const Statements s = table("a,1,1,1,0,0\nb,1,2,1,0,0\nc,1,3,1,0,0\n");
  EXPECT_EQ(ranking(s, 0, 0), "top by total_exec_time:");
  EXPECT_EQ(ranking(s, 0, 2), "top by total_exec_time: c b");
  EXPECT_EQ(ranking(s, 0, 3), "top by total_exec_time: c b a");
  EXPECT_EQ(ranking(s, 0, 4), "top by total_exec_time: c b a");
}

TEST(Rankings, NanComesLastAfterMinusInfinity) {
  const Statements s = table("a,1,nan,1,0,0\nb,1,-inf,1,0,0\nc,1,nan,1,0,0\nd,1,inf,1,0,0\n");
  EXPECT_EQ(ranking(s, 0), "top by total_exec_time: d b a c");
}

TEST(Rankings, BlocksAddUpToTheLargestNumberAtMost) {
  const Statements s = table("a,1,1,1,5,6\nb,1,1,1,18446744073709551615,18446744073709551615\n");
  EXPECT_EQ(ranking(s, 3), "top by shared_blks_total: b a");
}

TEST(Rankings, FullScansAreRankedWhereTheExportCountsThem) {
  const Statements s = table("a,1,1,1,5,\nb,1,1,1,6,9\n", Dialect::kMysql);
  EXPECT_EQ(ranking(s, 3), "top by rows_examined: b a");
  EXPECT_EQ(ranking(s, 4), "top by no_index_used: b a");
  const Statements silent = table("a,1,1,1,5,\n", Dialect::kMysql);
  EXPECT_EQ(ranking(silent, 4), "none");
}

TEST(ComparisonKey, PostgresLeavesOutParameterNumbersWhiteSpaceAndCase) {
  const auto key = [](std::string_view text) { return comparison_key(Dialect::kPostgres, text); };
  EXPECT_EQ(key("SELECT *  FROM t\n WHERE id = $? "), "select * from t where id = ?");
  EXPECT_EQ(key("select * from t where id = ?"), "select * from t where id = ?");
  EXPECT_EQ(key("SELECT x FROM t WHERE id IN ($?, $?, $?)"), key("select x from t where id in (?)"));
  EXPECT_EQ(key("SELECT \"Camel  Case\" FROM T"), "select \"Camel  Case\" from t");
  EXPECT_NE(key("SELECT \"A\""), key("SELECT \"a\""));
}

TEST(ComparisonKey, MysqlLeavesOutBackticksAndBlanksAroundPunctuation) {
  const auto key = [](std::string_view text) { return comparison_key(Dialect::kMysql, text); };
  EXPECT_EQ(key("SELECT `a` . `b` "), "select a.b");
  EXPECT_EQ(key("a != ?"), "a!=?");
  EXPECT_EQ(key("SELECT\tx  FROM\n`w` WHERE `y` = ? AND n=?"), "select x from w where y=?and n=?");
  EXPECT_EQ(key("a @ b"), "a @ b");
  EXPECT_EQ(key("a \xC2\xA0 b"), "a b");
  EXPECT_EQ(key("  `` "), "");
}

TEST(MatchTraces, SaysWhatBothHaveAndWhatOnlyOne) {
  Statements s =
      table("SELECT b FROM t,1,1,1,0,0\nSELECT a FROM t WHERE id = $1,1,5,1,0,0\nSELECT c,1,nan,1,0,0\nSELECT d,1,2,1,0,0\n");
  const TraceStatement traces[] = {{"SELECT x FROM y", {}},
                                   {"select a from t where id = ?", {}},
                                   {"SELECT a FROM t WHERE id = ?", "slow_sql"},
                                   {"SELECT a  FROM t WHERE id = ?", "n_plus_one_sql"},
                                   {"SELECT a FROM t WHERE id = ?", "slow_sql"}};
  const TraceCoverage coverage = match_traces(s, traces);
  EXPECT_FALSE(s.entries[0].seen_in_traces);
  EXPECT_TRUE(s.entries[1].seen_in_traces);
  EXPECT_EQ(s.entries[1].findings, (std::vector<std::string_view>{"slow_sql", "n_plus_one_sql"}));
  EXPECT_EQ(coverage.in_both, 1U);
  EXPECT_EQ(coverage.database_only, (std::vector<std::uint32_t>{3, 0, 2}));
  EXPECT_EQ(coverage.traces_only, std::vector<std::string>{"SELECT x FROM y"});
}

TEST(MatchTraces, EmptyTracesMarkNothing) {
  Statements s = table("SELECT a,1,1,1,0,0\n");
  EXPECT_EQ(match_traces(s, {}).database_only.size(), 1U);
  EXPECT_FALSE(s.entries[0].seen_in_traces);
}

}  // namespace
}  // namespace sentinel::dbstat
