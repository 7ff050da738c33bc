#include "cli/impact_flags.h"

#include <gtest/gtest.h>

#include <string>

#include "cli/program.h"
#include "model/impact.h"

namespace sentinel::cli {
namespace {

TEST(ParseSaving, ReadsWholeAndBrokenNumbersOfEachUnit) {
  EXPECT_EQ(parse_saving("20ms"), 20'000U);
  EXPECT_EQ(parse_saving("1.5s"), 1'500'000U);
  EXPECT_EQ(parse_saving("800us"), 800U);
  EXPECT_EQ(parse_saving("800µs"), 800U);
  EXPECT_EQ(parse_saving("0ms"), 0U);
  EXPECT_EQ(parse_saving("1.001ms"), 1001U);
  EXPECT_EQ(parse_saving("0.9us"), 0U);
}

TEST(ParseSaving, RefusesWhatIsNoTime) {
  for (const char* text : {"", "20", "ms", "-1ms", "-0ms", "1e3ms", "20 ms", "20MS", "1m", "20ms ", "nan", "infs", "1e400s",
                           "99999999999999999999s", "0x10ms", "+5ms"}) {
    EXPECT_FALSE(parse_saving(text)) << text;
  }
}

TEST(KeepSavings, LeavesOutWhatSavesLessAndSaysHowMany) {
  std::vector<model::FindingImpact> impacts(3);
  for (model::FindingImpact& impact : impacts) {
    impact.trace_us = 100'000;
    impact.fix = model::Fix::kBatch;
  }
  impacts[0].fixed_trace_us = 80'001;  // one below the bound
  impacts[1].fixed_trace_us = 80'000;  // at it
  impacts[2].fixed_trace_us = 79'999;  // one above
  model::Report report;
  report.findings.resize(4);
  for (std::size_t i = 0; i < impacts.size(); ++i) report.findings[i].impact = &impacts[i];
  keep_savings(report, 20'000, "20ms");
  ASSERT_EQ(report.findings.size(), 2U);
  EXPECT_EQ(report.findings[0].impact, &impacts[1]);
  EXPECT_EQ(report.findings[1].impact, &impacts[2]);
  ASSERT_EQ(report.warning_details.size(), 1U);
  EXPECT_EQ(report.warning_details[0].message,
            "2 findings were left out: fixing it would save less than 20ms of its trace (--min-saving)");
}

TEST(KeepSavings, ABoundOfZeroKeepsAll) {
  model::Report report;
  report.findings.resize(2);
  keep_savings(report, 0, "0ms");
  EXPECT_EQ(report.findings.size(), 2U);
  EXPECT_TRUE(report.warning_details.empty());
}

// Five queries of 800 us, one every 2 ms, in trace "a"; of 8 ms, one every 20 ms, in trace "b".
std::string two_traces() {
  std::string events;
  const auto add = [&](const char* trace, int ms, int us, int id) {
    events += (events.empty() ? "[" : ",") + std::string(R"({"timestamp":"2025-07-10T14:32:01.)") +
              std::to_string(1000 + ms).substr(1) + R"(Z","trace_id":")" + trace + R"(","span_id":"s)" + std::to_string(ms) +
              R"(","service":"shop","type":"sql","operation":"SELECT","target":"SELECT * FROM )" + trace +
              " WHERE id = " + std::to_string(id) + R"(","duration_us":)" + std::to_string(us) +
              R"(,"source":{"endpoint":"GET /","method":"m"}})";
  };
  for (int i = 0; i < 5; ++i) add("a", 2 * i, 800, i);
  for (int i = 0; i < 5; ++i) add("b", 20 * i, 8000, i);
  return events + "]";
}

TEST(AnalyzeBySaving, TheTextReportSaysWhatEachFixSaves) {
  Program program;
  program.input = two_traces();
  const Result result = program.run("analyze --sort saving");
  EXPECT_EQ(result.exit, 0) << result.err;
  const std::size_t b = result.out.find("    Saving:   32.0ms of 88.0ms (36.4%) if batched · 40.0ms on the critical path\n");
  const std::size_t a = result.out.find("    Saving:   3.2ms of 8.8ms (36.4%) if batched · 4.0ms on the critical path\n");
  EXPECT_LT(b, a);
  EXPECT_NE(a, std::string::npos) << result.out;
}

TEST(AnalyzeBySaving, TheUsualTextReportDoesNot) {
  Program program;
  program.input = two_traces();
  EXPECT_EQ(program.run("analyze").out.find("Saving:"), std::string::npos);
}

TEST(AnalyzeBySaving, JsonAlwaysHasTheMembers) {
  Program program;
  program.input = two_traces();
  const std::string out = program.run("analyze --format json").out;
  EXPECT_NE(out.find("\"saving_us\": 3200,"), std::string::npos) << out;
  EXPECT_NE(out.find("\"saving_us\": 32000,"), std::string::npos);
}

TEST(AnalyzeBySaving, SmallSavingsAreLeftOutButJudged) {
  Program program;
  program.input = two_traces();
  const Result result = program.run("analyze --min-saving 20ms");
  EXPECT_EQ(result.exit, 0);
  EXPECT_NE(result.out.find("Found 1 finding(s):"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("[tuning] 1 finding was left out: fixing it would save less than 20ms of its trace"),
            std::string::npos);
}

TEST(AnalyzeBySaving, ATimeThatIsNoneIsAMistakeOfTheCommandLine) {
  Program program;
  program.input = two_traces();
  const Result result = program.run("analyze --min-saving soon");
  EXPECT_EQ(result.exit, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "Error: invalid value 'soon' for '--min-saving <TIME>' (a time is written like 20ms, 1.5s or 800us)\n");
}

}  // namespace
}  // namespace sentinel::cli
