// `pg-stat`, `mysql-stat` and `calibrate` as a person runs them (chapter 02 §5, chapter 04 §16, chapter 06 §1.4).
#include <gtest/gtest.h>

#include "cli/program.h"

namespace sentinel::cli {
namespace {

constexpr std::string_view kExport =
    "query,calls,total_exec_time,mean_exec_time\n\"SELECT * FROM t WHERE id IN (1, 2)\",10,50.5,5.05\nSELECT 7,10,90,9\n";

// Five calls of one statement with different values: a finding.
std::string loop(std::string_view before, std::string_view after) {
  std::string out = "[";
  for (int i = 0; i < 6; ++i) {
    out += i > 0 ? "," : "";
    out += R"({"timestamp":"2026-07-10T14:00:00.00)" + std::to_string(i) + R"(Z","trace_id":"t","span_id":"s)" +
           std::to_string(i) + R"(","service":"shop","type":"sql","operation":"SELECT","target":")" + std::string(before) +
           std::to_string(i) + std::string(after) + R"(","duration_us":800,"source":{"endpoint":"GET /o","method":"m"}})";
  }
  return out + "]";
}

TEST(PgStat, RanksAsText) {
  Program program;
  program.file("stat.csv", std::string(kExport));
  const Result r = program.run("pg-stat -i stat.csv --top-n 1");
  EXPECT_EQ(r.exit, 0);
  EXPECT_EQ(r.err, "");
  EXPECT_EQ(
      r.out,
      "\n=== pg_stat_statements analysis ===\nTotal entries: 2\n\n"
      "--- top by total_exec_time ---\n\n  #1 SELECT ?\n    calls: 10  total: 90.00ms  mean: 9.00ms  rows: 0\n"
      "    blks_hit: 0  blks_read: 0\n\n"
      "--- top by calls ---\n\n  #1 SELECT * FROM t WHERE id IN (?)\n    calls: 10  total: 50.50ms  mean: 5.05ms  rows: 0\n"
      "    blks_hit: 0  blks_read: 0\n\n"
      "--- top by mean_exec_time ---\n\n  #1 SELECT ?\n    calls: 10  total: 90.00ms  mean: 9.00ms  rows: 0\n"
      "    blks_hit: 0  blks_read: 0\n\n"
      "--- top by shared_blks_total ---\n\n  #1 SELECT * FROM t WHERE id IN (?)\n"
      "    calls: 10  total: 50.50ms  mean: 5.05ms  rows: 0\n    blks_hit: 0  blks_read: 0\n\n");
}

TEST(PgStat, MarksTheStatementsThatTracesHoldAndNamesTheirFindings) {
  Program program;
  program.file("stat.csv", "query,calls,total_exec_time\nselect * from orders where id = $1,6,9\nSELECT 1,1,1\n");
  program.file("traces.json", loop("SELECT * FROM orders WHERE id = ", ""));
  const Result r = program.run("pg-stat --input stat.csv --traces traces.json --top-n 2");
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_NE(r.out.find("#1 select * from orders where id = $? [seen in traces] [n_plus_one_sql]\n"), std::string::npos);
  EXPECT_NE(r.out.find("#2 SELECT ?\n"), std::string::npos);
  EXPECT_TRUE(
      r.out.ends_with("--- statements and traces ---\n\n    in both: 1  database only: 1  traces only: 0\n\n"
                      "  Heaviest statements that no trace has:\n    1.00ms  SELECT ?\n\n"))
      << r.out;
}

TEST(PgStat, ShowsAStatementOfSeveralLinesOnOne) {
  Program program;
  program.file("stat.csv", "query,calls,total_exec_time\n\"SELECT a,\r\n  \tb\n FROM  t\tu\",1,1\n");
  EXPECT_NE(program.run("pg-stat --input stat.csv").out.find("  #1 SELECT a, b FROM  t?u\n"), std::string::npos);
}

TEST(PgStat, MergesRowsOfOneTemplateWhenAsked) {
  Program program;
  program.file("stat.csv", "query,calls,total_exec_time\nSELECT 1,1,1\nSELECT 2,2,5\n");
  EXPECT_NE(program.run("pg-stat --input stat.csv").out.find("Total entries: 2\n"), std::string::npos);
  const std::string out = program.run("pg-stat --input stat.csv --merge-templates").out;
  EXPECT_NE(out.find("Total entries: 1\n"), std::string::npos);
  EXPECT_NE(out.find("calls: 3  total: 6.00ms  mean: 2.00ms"), std::string::npos) << out;
}

TEST(PgStat, SaysInJsonWhatOnlyOneSideHas) {
  Program program;
  program.file("stat.csv", "query,calls,total_exec_time\nSELECT 1,1,1\n");
  program.file("traces.json", loop("SELECT * FROM orders WHERE id = ", ""));
  const Result r = program.run("pg-stat --input stat.csv --traces traces.json --top-n 1 --format json");
  EXPECT_NE(r.out.find("\"evidence\": {\n    \"in_both\": 0,\n    \"database_only\": 1,\n    \"traces_only\": 1,\n"),
            std::string::npos)
      << r.out;
  EXPECT_NE(r.out.find("\"first_traces_only\": [\n      \"SELECT * FROM orders WHERE id = ?\"\n    ]"), std::string::npos)
      << r.out;
}

TEST(PgStat, TracesThatDoNotParseAreAWarningAndMissingOnesAnError) {
  Program program;
  program.environment["RUST_LOG"] = "warn";
  program.file("stat.csv", std::string(kExport));
  program.file("traces.json", "{");
  const Result bad = program.run("pg-stat --input stat.csv --traces traces.json");
  EXPECT_EQ(bad.exit, 0);
  EXPECT_NE(bad.err.find("no statement is marked as seen in traces: "), std::string::npos) << bad.err;
  EXPECT_EQ(bad.out, program.run("pg-stat --input stat.csv").out);
  const Result missing = program.run("pg-stat --input stat.csv --traces none.json");
  EXPECT_EQ(missing.exit, 75);
  EXPECT_EQ(missing.out, "");
  EXPECT_NE(missing.err.find("Error: cannot read the traces: none.json"), std::string::npos) << missing.err;
}

TEST(PgStat, SaysWhatIsMissing) {
  Program program;
  program.file("stat.csv", "query,calls\na,1\n");
  EXPECT_EQ(program.run("pg-stat").err, "Error: either `--input` or `--prometheus` is required\n");
  EXPECT_EQ(program.run("pg-stat").exit, 75);
  const Result r = program.run("pg-stat --input stat.csv");
  EXPECT_EQ(r.exit, 75);
  EXPECT_EQ(r.err,
            "Error: cannot read the pg_stat_statements: stat.csv, line 1: missing required column 'total_exec_time' (the first "
            "line has to name the columns, divided by commas or tabs)\n");
  EXPECT_EQ(program.run("pg-stat --input none.csv").exit, 75);
}

TEST(MysqlStat, KeepsWhatElseTheExportSaysAsEvidence) {
  Program program;
  program.file("stat.tsv",
               "SCHEMA_NAME\tDIGEST_TEXT\tCOUNT_STAR\tSUM_TIMER_WAIT\tAVG_TIMER_WAIT\tSUM_NO_INDEX_USED\nshop\tSELECT "
               "`a`\t2\t4000000000\t2000000000\t2\n");
  const Result r = program.run("mysql-stat --input stat.tsv --format json");
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_NE(r.out.find("\"label\": \"top by no_index_used\""), std::string::npos);
  EXPECT_NE(r.out.find("\"seen_in_traces\": false,\n          \"evidence\": {\n            \"no_index_used\": 2\n          }"),
            std::string::npos)
      << r.out;
  const std::string text = program.run("mysql-stat --input stat.tsv").out;
  EXPECT_NE(text.find("    rows_sent: 0  rows_examined: 0  no_index_used: 2\n"), std::string::npos) << text;
}

TEST(StatCommands, OutputThatCannotBeWrittenIsSaid) {
  Program program;
  program.file("stat.csv", std::string(kExport));
  EXPECT_EQ(program.run("pg-stat --input stat.csv", Stdout::kFull).exit, 75);
  EXPECT_EQ(program.run("pg-stat --input stat.csv", Stdout::kBrokenPipe).exit, 0);
}

TEST(Calibrate, WritesTheFactorsThatAnalyzeThenUses) {
  Program program;
  program.file("traces.json", loop("SELECT * FROM orders WHERE id = ", ""));
  program.file("energy.csv",
               "timestamp,service,energy_kwh\n2026-07-10T14:00:00Z,shop,0.0000006\n2026-07-10T14:00:05Z,shop,0.0000006\n");
  const Result r = program.run("calibrate --traces traces.json --measured-energy energy.csv --output cal.toml");
  EXPECT_EQ(r.exit, 0);
  EXPECT_EQ(r.out, "");
  EXPECT_EQ(r.err,
            "Calibrated 1 service over 5s:\n  shop  2.0x default  200.00 µWh an operation (default 100.00 µWh)\n\nWritten to "
            "cal.toml\n");
  program.file("with.toml", "[green]\ncalibration_file = \"cal.toml\"\ndefault_region = \"eu-west-3\"\n");
  const Result analyzed = program.run("analyze --input traces.json --config with.toml --format json");
  EXPECT_NE(analyzed.out.find("\"energy_model\": \"io_proxy_v3+cal\""), std::string::npos) << analyzed.out;
}

TEST(Calibrate, NeverWritesOverWhatItReads) {
  Program program;
  program.file("traces.json", "t");
  program.file("energy.csv", "e");
  for (const char* output : {"traces.json", "energy.csv"}) {
    EXPECT_EQ(program.run(std::string("calibrate --traces traces.json --measured-energy energy.csv --output ") + output).exit,
              2);
  }
  EXPECT_EQ(program.content("traces.json") + program.content("energy.csv"), "te");
}

TEST(Calibrate, WithoutAnyFactorNothingIsWritten) {
  Program program;
  program.environment["RUST_LOG"] = "warn";
  program.file("traces.json", loop("SELECT ", ""));
  program.file("energy.csv", "timestamp,service,energy_kwh\n2026-07-10T14:00:00Z,cart,1\n");
  const Result r = program.run("calibrate --traces traces.json --measured-energy energy.csv --output cal.toml");
  EXPECT_EQ(r.exit, 75);
  EXPECT_NE(r.err.find("service 'cart' is left out"), std::string::npos) << r.err;
  EXPECT_NE(r.err.find("Error: cannot calibrate: no measured service has an operation"), std::string::npos) << r.err;
  EXPECT_EQ(program.content("cal.toml"), "");
}

TEST(Calibrate, RefusesWhatItCannotReadOrWrite) {
  Program program;
  program.file("traces.json", loop("SELECT ", ""));
  program.file("energy.csv", "timestamp,service,energy_kwh\n2026-07-10T14:00:00Z,shop,x\n");
  program.file("good.csv", "timestamp,service,energy_kwh\n2026-07-10T14:00:00Z,shop,1\n");
  program.file("latin.csv", "timestamp,service,energy_kwh\n2026-07-10T14:00:00Z,caf\xe9,1\n");
  const auto run = [&](const char* csv, const char* out) {
    return program.run("calibrate --traces traces.json --measured-energy " + std::string(csv) + " --output " + out);
  };
  EXPECT_EQ(run("energy.csv", "o").err,
            "Error: cannot read the measured energy: energy.csv, line 2: value 'x' is not a finite number of at least 0\n");
  EXPECT_EQ(run("none.csv", "o").err, "Error: cannot read the measured energy: none.csv: No such file or directory\n");
  EXPECT_EQ(run("latin.csv", "o").err, "Error: cannot read the measured energy: latin.csv: not UTF-8\n");
  EXPECT_EQ(run("good.csv", "no/dir/o").exit, 75);
  EXPECT_EQ(run("energy.csv", "o").exit, 75);
  EXPECT_EQ(program.run("calibrate --traces none.json --measured-energy good.csv").exit, 75);
  EXPECT_EQ(program.run("calibrate --traces traces.json").exit, 2);
}

}  // namespace
}  // namespace sentinel::cli
