// Comma- and tab-separated exports (chapter 02 §5.2-5.4).
#include <gtest/gtest.h>

#include "dbstat/support.h"

namespace sentinel::dbstat {
namespace {

constexpr std::string_view kOneRow = "SELECT ? | 2 calls 3 ms mean 1.5 | rows 4 hit 5 read 6\n";

TEST(PgTable, ReadsEveryColumnWhateverItsPlaceAndCase) {
  EXPECT_EQ(pg("query,calls,total_exec_time,mean_exec_time,rows,shared_blks_hit,shared_blks_read\nSELECT 1,2,3,1.5,4,5,6\n"),
            kOneRow);
  EXPECT_EQ(pg("SHARED_BLKS_READ,zz,Rows,calls,shared_blks_hit,mean_exec_time,Total_Exec_Time,query\n6,x,4,2,5,1.5,3,SELECT 1"),
            kOneRow);
}

TEST(PgTable, ColumnsOfOtherServersAndClientsStandForTheSame) {
  EXPECT_EQ(pg("query,calls,total_time,mean_time\nSELECT 1,2,3,4\n"), "SELECT ? | 2 calls 3 ms mean 4 | rows 0 hit 0 read 0\n");
  EXPECT_EQ(pg("query,calls,total_time,total_exec_time,mean_exec_time_ms\nSELECT 1,2,9,3,4\n"),
            "SELECT ? | 2 calls 3 ms mean 4 | rows 0 hit 0 read 0\n");
}

TEST(PgTable, AMissingMeanIsTotalByCalls) {
  EXPECT_EQ(pg("query,calls,total_exec_time\nSELECT 1,4,10\nSELECT a,0,7\n"),
            "SELECT ? | 4 calls 10 ms mean 2.5 | rows 0 hit 0 read 0\nSELECT a | 0 calls 7 ms mean 7 | rows 0 hit 0 read 0\n");
}

TEST(PgTable, WhatElseTheExportSaysIsKeptAndNeverInTheWay) {
  EXPECT_EQ(pg("queryid,datname,dbid,query,calls,total_exec_time,stddev_exec_time,blk_read_time,temp_blks_written,wal_bytes\n"
               "-77,shop,16384,SELECT a,1,2,0.5,0.25,3,4096\n,\\N,16384,SELECT b,1,2,x,,-1,\n"),
            "SELECT a | 1 calls 2 ms mean 2 | rows 0 hit 0 read 0 queryid=-77 database=shop stddev_exec_time_ms=0.5 "
            "block_read_time_ms=0.25 temp_blks_written=3 wal_bytes=4096\n"
            "SELECT b | 1 calls 2 ms mean 2 | rows 0 hit 0 read 0\n");
}

TEST(PgTable, QuotedFieldsHoldCommasQuotesAndLineEnds) {
  EXPECT_EQ(pg("query,calls,total_exec_time\n\"SELECT \"\"a\"\", b\r\nFROM t\",1,2\nSELECT \"x,y\",3,4\n"),
            "SELECT \"a\", b\r\nFROM t | 1 calls 2 ms mean 2 | rows 0 hit 0 read 0\n"
            "SELECT x,y | 3 calls 4 ms mean 1.3333333333333333 | rows 0 hit 0 read 0\n");
}

TEST(PgTable, LinesInQuotesAreCountedInMessages) {
  EXPECT_EQ(pg("query,calls,total_exec_time\n\"a\n\nb\",1,2\n\nc,x,2\n"),
            "error: line 6: column calls holds 'x', which is not a whole number from 0 to 18446744073709551615");
  EXPECT_EQ(pg("query,calls,total_exec_time\na,1,2\n\"b,1,2\nc,1,2\n"),
            "error: line 3: a quoted field begins here and is never closed");
}

TEST(PgTable, BlankLinesAndWhiteSpaceAroundRowsDoNotCount) {
  EXPECT_EQ(pg("query,calls,total_exec_time,mean_exec_time,rows,shared_blks_hit,shared_blks_read\r\n\r\n  \t\r\n"
               "  SELECT 1, 2 ,3,\t1.5,4,5,6  \r\n"),
            kOneRow);
  EXPECT_EQ(
      pg("\nquery,calls,total_exec_time\na,1,2\n"),
      "error: line 1: missing required column 'query' (the first line has to name the columns, divided by commas or tabs)");
}

TEST(PgTable, AByteOrderMarkIsPassedOver) { EXPECT_EQ(pg("\xEF\xBB\xBFquery,calls,total_exec_time\nb,1,2\n").front(), 'b'); }

TEST(PgTable, TabsSeparateWhenTheHeaderSaysSo) {
  EXPECT_EQ(pg("query\tcalls\ttotal_exec_time\nSELECT a,\\tb\\n  FROM \\\\ t\t2\t3\n\t1\t2\n"),
            "SELECT a,\tb\n  FROM \\ t | 2 calls 3 ms mean 1.5 | rows 0 hit 0 read 0\n | 1 calls 2 ms mean 2 | rows 0 hit 0 "
            "read 0\n");
}

TEST(PgTable, MissingColumnsAreNamedInTheirOrder) {
  EXPECT_EQ(pg("a,b\n1,2\n").substr(0, 48), "error: line 1: missing required column 'query' (");
  EXPECT_EQ(pg("query\n1\n").substr(0, 48), "error: line 1: missing required column 'calls' (");
  EXPECT_EQ(pg("query,calls\n1,2\n").substr(0, 55), "error: line 1: missing required column 'total_exec_time");
}

TEST(PgTable, ShortRowsLackTextButNotNumbers) {
  EXPECT_EQ(pg("calls,total_exec_time,query\n1,2\n"), " | 1 calls 2 ms mean 2 | rows 0 hit 0 read 0\n");
  EXPECT_EQ(pg("query,calls,total_exec_time,rows\na,1,2\n"), "error: line 2: the row ends before column rows");
  EXPECT_EQ(pg("query,calls,total_exec_time\na,1\n"),
            "error: line 2: column total_exec_time is empty where a number should be");
}

TEST(PgTable, WholeNumbersAreExactToTheLast) {
  const auto calls = [](std::string_view cell) { return pg("query,calls,total_exec_time\na," + std::string(cell) + ",0\n"); };
  EXPECT_EQ(calls("18446744073709551615").substr(0, 30), "a | 18446744073709551615 calls");
  EXPECT_EQ(calls("+5").substr(0, 11), "a | 5 calls");
  for (const char* bad : {"18446744073709551616", "-1", "5.0", "", "0x5", "1 2", "++1"})
    EXPECT_TRUE(calls(bad).starts_with("error: line 2: column calls ")) << bad;
}

TEST(PgTable, RealNumbersInAnyForm) {
  const auto total = [](std::string_view cell) {
    const auto read = read_statements("query,calls,total_exec_time\na,1," + std::string(cell) + "\n", Dialect::kPostgres);
    return read ? number(read->entries[0].total_exec_time_ms) : "refused";
  };
  EXPECT_EQ(total("1e3"), "1000");
  EXPECT_EQ(total(".5"), "0.5");
  EXPECT_EQ(total("5."), "5");
  EXPECT_EQ(total("+2.5E-1"), "0.25");
  EXPECT_EQ(total("1e400"), "inf");
  EXPECT_EQ(total("1e-400"), "0");
  EXPECT_EQ(total("-Infinity"), "-inf");
  for (const char* bad : {"abc", "1_000", "0x10", "1e", "nan(1)", "+-1", ".", "1 2"}) EXPECT_EQ(total(bad), "refused") << bad;
}

TEST(PgTable, NothingInIt) {
  for (const char* empty : {"", " \n\t", "query,calls,total_exec_time\n", "query,calls,total_exec_time\n\n  \n"})
    EXPECT_EQ(pg(empty).substr(0, 18), "error: empty input") << empty;
  EXPECT_EQ(pg("\xff\xfe").substr(0, 43), "error: line 0: CSV error: the text is not U");
}

TEST(PgTable, RowsUpToTheMaximum) {
  const std::string three = "query,calls,total_exec_time\na,1,1\nb,1,1\nc,1,1\n\n";
  EXPECT_NE(pg(three, 4), "");
  EXPECT_EQ(pg(three, 3), pg(three));
  EXPECT_EQ(
      pg(three, 2),
      "error: line 4: more than the maximum of 2 rows (export only the statements that matter, such as the first 10000 by "
      "total time)");
}

TEST(PgTable, CutAnywhereItNeverReadsPastItsEnd) {
  const std::string whole = "query,calls,total_exec_time\n\"a\n\"\"b\",1,2\nc,3,4\n";
  for (std::size_t n = 0; n <= whole.size(); ++n) {
    const std::string cut = whole.substr(0, n);  // its own allocation: a checker of memory sees the end
    EXPECT_FALSE(pg(cut).empty()) << n;
  }
}

TEST(MysqlTable, PicosecondsBecomeMilliseconds) {
  EXPECT_EQ(mysql("SCHEMA_NAME,DIGEST_TEXT,COUNT_STAR,SUM_TIMER_WAIT,AVG_TIMER_WAIT,SUM_ROWS_SENT,SUM_ROWS_EXAMINED\n"
                  "shop,SELECT `a` FROM `t` WHERE `id` = ?,10,45005000000000,4500500000000,10,500\n"
                  "s,SELECT ?,20,20000000000000000000,1000000000,20,5\n"),
            "SELECT `a` FROM `t` WHERE `id` = ? | 10 calls 45005 ms mean 4500.5 | shop sent 10 examined 500\n"
            "SELECT ? | 20 calls 20000000000 ms mean 1 | s sent 20 examined 5\n");
}

TEST(MysqlTable, RowsWithoutADigestAreSkippedBeforeTheirNumbersAreRead) {
  constexpr std::string_view kHead = "digest_text,count_star,sum_timer_wait,avg_timer_wait\n";
  for (const char* null : {"", "NULL", "null", "\\N", "  "}) {
    EXPECT_EQ(mysql(std::string(kHead) + "x,1,1e9,1e9\n" + null + ",a,b,c\n"),
              "x | 1 calls 1 ms mean 1 | - sent 0 examined 0\n")
        << null;
  }
  EXPECT_TRUE(mysql(std::string(kHead) + "NULL,1,1,1\n").starts_with("error: empty input"));
}

TEST(MysqlTable, SchemasAreTrimmedAndMayBeNull) {
  const auto schema = [](std::string_view cell) {
    const auto read = read_statements(
        "digest_text,count_star,sum_timer_wait,avg_timer_wait,schema_name,x\na,1,1,1," + std::string(cell) + ",\n",
        Dialect::kMysql);
    return read ? read->entries[0].schema_name.value_or("(null)") : read.error().text();
  };
  EXPECT_EQ(schema(" shop "), "shop");
  EXPECT_EQ(schema("NULLS"), "NULLS");
  for (const char* null : {"", " Null ", "\\N"}) EXPECT_EQ(schema(null), "(null)") << null;
}

TEST(MysqlTable, BatchModeOfTheClientIsUnderstood) {
  EXPECT_EQ(mysql("SCHEMA_NAME\tDIGEST_TEXT\tCOUNT_STAR\tSUM_TIMER_WAIT\tAVG_TIMER_WAIT\tSUM_NO_INDEX_USED\tQUANTILE_95\n"
                  "NULL\tSELECT `a` , `b`\t1\t2000000000\t2000000000\t7\t3000000000\n"),
            "SELECT `a` , `b` | 1 calls 2 ms mean 2 | - sent 0 examined 0 p95_exec_time_ms=3 no_index_used=7\n");
}

}  // namespace
}  // namespace sentinel::dbstat
