#include "dbstat/merge.h"

#include <gtest/gtest.h>

#include "dbstat/support.h"

namespace sentinel::dbstat {
namespace {

std::string merged(std::string_view text, Dialect dialect) {
  auto statements = read_statements(text, dialect);
  merge_templates(*statements);
  std::string out;
  for (const Statement& s : statements->entries) out += line(s, dialect) + "\n";
  return out;
}

TEST(MergeTemplates, AddsUpRowsOfOneTemplateIntoTheFirst) {
  EXPECT_EQ(
      merged("query,calls,total_exec_time,mean_exec_time,rows,shared_blks_hit,shared_blks_read\n"
             "SELECT 1,1,3,3,1,2,3\nSELECT b,9,9,1,9,9,9\nSELECT 2,2,6,3,10,20,30\nSELECT 3,1,3,3,100,200,300\n",
             Dialect::kPostgres),
      "SELECT ? | 4 calls 12 ms mean 3 | rows 111 hit 222 read 333\nSELECT b | 9 calls 9 ms mean 1 | rows 9 hit 9 read 9\n");
}

TEST(MergeTemplates, CountsStopAtTheLargestNumber) {
  EXPECT_EQ(merged("query,calls,total_exec_time\na,18446744073709551615,1\na,1,1\n", Dialect::kPostgres).substr(0, 30),
            "a | 18446744073709551615 calls");
}

TEST(MergeTemplates, SchemasStayApart) {
  EXPECT_EQ(merged("digest_text,count_star,sum_timer_wait,avg_timer_wait,schema_name,sum_rows_examined\n"
                   "a,1,1e9,1e9,x,1\na,1,1e9,1e9,y,1\na,1,1e9,1e9,NULL,1\na,1,2e9,2e9,x,5\na,0,0,0,NULL,1\n",
                   Dialect::kMysql),
            "a | 2 calls 3 ms mean 1.5 | x sent 0 examined 6\na | 1 calls 1 ms mean 1 | y sent 0 examined 1\n"
            "a | 1 calls 1 ms mean 1 | - sent 0 examined 2\n");
}

TEST(MergeTemplates, FactsAddUpOrAgreeOrGo) {
  EXPECT_EQ(
      merged("query,calls,total_exec_time,queryid,datname,stddev_exec_time,wal_bytes\na,1,1,7,shop,.5,10\na,1,1,7,crm,.5,5\n",
             Dialect::kPostgres),
      "a | 2 calls 2 ms mean 1 | rows 0 hit 0 read 0 queryid=7 wal_bytes=15\n");
}

}  // namespace
}  // namespace sentinel::dbstat
