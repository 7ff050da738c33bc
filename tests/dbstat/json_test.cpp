// JSON exports (chapter 02 §5.2-5.4).
#include <gtest/gtest.h>

#include "dbstat/support.h"

namespace sentinel::dbstat {
namespace {

constexpr std::string_view kRow =
    R"({"query":"SELECT 1","calls":2,"total_exec_time":3,"mean_exec_time":1.5,"rows":4,"shared_blks_hit":5,"shared_blks_read":6})";
constexpr std::string_view kOne = "SELECT ? | 2 calls 3 ms mean 1.5 | rows 4 hit 5 read 6\n";

std::string array(std::string_view rows) { return "[" + std::string(rows) + "]"; }

TEST(PgJson, AnArrayOfObjects) {
  EXPECT_EQ(pg(array(kRow)), kOne);
  EXPECT_EQ(pg(" \n" + array(std::string(kRow) + " , " + std::string(kRow)) + "\n"), std::string(kOne) + std::string(kOne));
}

TEST(PgJson, OneObjectAfterAnother) {
  EXPECT_EQ(pg(kRow), kOne);
  EXPECT_EQ(pg(std::string(kRow) + "\r\n" + std::string(kRow) + "\n"), std::string(kOne) + std::string(kOne));
  EXPECT_EQ(pg(std::string(kRow) + "\n]"), "error: line 2 column 1: invalid JSON: expected an object, one a statement");
}

TEST(PgJson, AnObjectAroundTheArray) {
  EXPECT_EQ(pg(R"({"at":"2026-07-01","rows":)" + array(kRow) + R"(,"n":1})"), kOne);
  EXPECT_TRUE(pg(R"({"a":[1],"b":[2]})").starts_with("error: line 1 column 18: invalid JSON: the object that ends here lacks"));
}

TEST(PgJson, NamesOfOtherServersAndFactsBeside) {
  EXPECT_EQ(
      pg(R"([{"query":"a","calls":1,"total_time":2,"queryid":-7,"dbid":5,"datname":"shop","wal_bytes":[1],"zz":{"y":[]}}])"),
      "a | 1 calls 2 ms mean 2 | rows 0 hit 0 read 0 queryid=-7 database=shop\n");
}

TEST(PgJson, RefusesWithThePlace) {
  const auto refusal = [](std::string_view row) { return pg(array(row)); };
  EXPECT_EQ(refusal("{}"), "error: line 1 column 4: invalid JSON: the object that ends here lacks the member 'query'");
  EXPECT_EQ(refusal(R"({"query":null})").substr(0, 24), "error: line 1 column 11:");
  EXPECT_EQ(refusal(R"({"calls":1,"calls":2})"), "error: line 1 column 21: invalid JSON: the member 'calls' comes twice");
  EXPECT_EQ(refusal(R"({"total_time":1,"total_exec_time":2})"),
            "error: line 1 column 36: invalid JSON: the member 'total_exec_time' comes twice");
  for (const char* bad :
       {"1", "null", "[]", R"({"calls":10.0})", R"({"calls":"10"})", R"({"calls":-1})", R"({"total_time":"7"})",
        R"({"total_time":1e999})", R"({"rows":null})", R"({"query":5})", R"({"query":"a"} x)"})
    EXPECT_TRUE(refusal(bad).starts_with("error: line 1 column ")) << bad << refusal(bad);
  EXPECT_EQ(pg("[" + std::string(kRow) + "\n]x"), "error: line 2 column 2: invalid JSON: text after the end of the array");
}

TEST(PgJson, NamesAreExact) { EXPECT_TRUE(pg(R"([{"QUERY":"a","CALLS":1,"TOTAL_TIME":2}])").starts_with("error: ")); }

TEST(PgJson, UnreadMembersMayNest) {
  const auto nested = [](std::size_t depth) {
    return pg(R"([{"query":"a","calls":1,"total_time":2,"zz":)" + std::string(depth, '[') + std::string(depth, ']') + "}]");
  };
  EXPECT_EQ(nested(126), "a | 1 calls 2 ms mean 2 | rows 0 hit 0 read 0\n");
  EXPECT_TRUE(nested(127).starts_with("error: "));
}

TEST(PgJson, RowsUpToTheMaximum) {
  const std::string two = array(std::string(kRow) + "," + std::string(kRow));
  EXPECT_EQ(pg(two, 2), pg(two));
  EXPECT_NE(pg(two, 1).find("more than the maximum of 1 rows"), std::string::npos);
}

TEST(PgJson, EmptyArrays) {
  EXPECT_EQ(pg("[]").substr(0, 18), "error: empty input");
  EXPECT_EQ(pg(R"({"rows":[]})").substr(0, 18), "error: empty input");
}

TEST(PgJson, CutAnywhereItIsAnError) {
  const std::string whole = array(kRow);
  for (std::size_t n = 1; n < whole.size(); ++n) EXPECT_TRUE(pg(whole.substr(0, n)).starts_with("error: ")) << n;
}

TEST(MysqlJson, NamesAllUpperOrAllLower) {
  constexpr std::string_view kExpected = "a | 3 calls 6 ms mean 2 | shop sent 1 examined 9\n";
  EXPECT_EQ(mysql(R"([{"SCHEMA_NAME":" shop ","DIGEST_TEXT":"a","COUNT_STAR":3,"SUM_TIMER_WAIT":6000000000,)"
                  R"("AVG_TIMER_WAIT":2000000000,"SUM_ROWS_SENT":1,"SUM_ROWS_EXAMINED":9}])"),
            kExpected);
  EXPECT_EQ(mysql(R"([{"schema_name":"shop","digest_text":"a","count_star":3,"sum_timer_wait":6e9,)"
                  R"("avg_timer_wait":2e9,"sum_rows_sent":1,"sum_rows_examined":9}])"),
            kExpected);
  EXPECT_TRUE(mysql(R"([{"Digest_Text":"a","Count_Star":3,"Sum_Timer_Wait":6,"Avg_Timer_Wait":2}])")
                  .ends_with("lacks the member 'COUNT_STAR'"));
  EXPECT_TRUE(mysql(R"([{"COUNT_STAR":3,"count_star":3}])").ends_with("'COUNT_STAR' comes twice"));
}

TEST(MysqlJson, RowsWithoutADigestAreSkippedOnceTheirTypesHold) {
  constexpr std::string_view kRest = R"("COUNT_STAR":1,"SUM_TIMER_WAIT":1e9,"AVG_TIMER_WAIT":1e9})";
  const auto two = [&](std::string_view digest) {
    return mysql("[{" + std::string(digest) + std::string(kRest) + R"(,{"DIGEST_TEXT":"a",)" + std::string(kRest) + "]");
  };
  for (const char* null : {"", R"("DIGEST_TEXT":null,)", R"("DIGEST_TEXT":"NULL",)"})
    EXPECT_EQ(two(null), "a | 1 calls 1 ms mean 1 | - sent 0 examined 0\n") << null;
  EXPECT_TRUE(two(R"("DIGEST_TEXT":5,)").starts_with("error: "));
  EXPECT_NE(mysql("[{" + std::string(kRest) + "]").find("no row has a usable DIGEST_TEXT"), std::string::npos);
  EXPECT_TRUE(mysql(R"([{"DIGEST_TEXT":null,"COUNT_STAR":"x"}])").starts_with("error: "));
}

}  // namespace
}  // namespace sentinel::dbstat
