// `diff` as a whole: trace files and saved reports on either side, bands and exit codes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/events.h"
#include "cli/program.h"
#include "support/json.h"

namespace sentinel::cli {
namespace {

using Json = nlohmann::ordered_json;

class DiffCommand : public ::testing::Test {
 protected:
  DiffCommand() {
    program.file("none.json", queries("t1", 2));
    program.file("warning.json", queries("t1", 6));
    program.file("critical.json", queries("t1", 12));
    program.file("warning-report.json", program.run("analyze --format json -i warning.json").out);
    program.file("critical-report.json", program.run("analyze --format json -i critical.json").out);
  }
  Program program;
};

TEST_F(DiffCommand, ExitsZeroWhateverItFindsWhenNothingWasAsked) {
  const Result r = program.run("diff --before none.json --after critical.json");
  EXPECT_EQ(r.exit, 0);
  EXPECT_EQ(r.err, "");
  EXPECT_NE(r.out.find("1 new, 0 resolved"), std::string::npos);
  EXPECT_EQ(r.out.find("Verdict"), std::string::npos);
}

TEST_F(DiffCommand, NeverWritesOverWhatItReads) {
  for (const std::string output : {"none.json", "./critical.json"}) {
    const std::string before = program.content(output);
    const Result refused = program.run("diff --before none.json --after critical.json --format json -o " + output);
    EXPECT_EQ(refused.exit, 2) << output;
    EXPECT_NE(refused.err.find("'--output' names " + output + ", as '--"), std::string::npos) << refused.err;
    EXPECT_EQ(program.content(output), before);
  }
  EXPECT_EQ(program.run("diff --before none.json --after critical.json -o warning.json").exit, 0) << "any other file may go";
}

TEST_F(DiffCommand, ASavedReportOnEitherSideGivesTheSameAsItsTraces) {
  const std::string expected = program.run("diff --format json --before warning.json --after critical.json").out;
  ASSERT_EQ(parsed_json<Json>(expected)["severity_changes"].size(), 1U);
  for (const char* line : {"diff --format json --before warning-report.json --after critical.json",
                           "diff --format json --before warning.json --after critical-report.json",
                           "diff --format json --before warning-report.json --after critical-report.json"}) {
    const Result r = program.run(line);
    EXPECT_EQ(r.exit, 0) << line;
    EXPECT_EQ(r.out, expected) << line;
  }
}

TEST_F(DiffCommand, AReportSavedInAnotherOrderIsTheSameReport) {
  program.file("two.json",
               queries("t1", 12).substr(0, queries("t1", 12).size() - 1) + "," + queries("t1", 6, "other").substr(1));
  program.file("sorted.json", program.run("analyze --format json --sort impact -i two.json").out);
  EXPECT_NE(program.run("diff --before sorted.json --after two.json").out.find("No differences"), std::string::npos);
}

TEST_F(DiffCommand, AByteOrderMarkBeforeAReportIsPassedOver) {
  program.file("marked.json", "\xEF\xBB\xBF" + program.content("warning-report.json"));
  EXPECT_EQ(program.run("diff --before marked.json --after warning.json").exit, 0);
}

TEST_F(DiffCommand, NamingAFormatTakesBothSidesAsTraces) {
  EXPECT_EQ(program.run("diff --before warning.json --after critical.json --input-format native").exit, 0);
  EXPECT_EQ(program.run("diff --before warning-report.json --after critical.json --input-format native").exit, 75);
}

TEST_F(DiffCommand, AnIncompleteReportSaysWhatIsMissingAndWhere) {
  Json report = parsed_json<Json>(program.content("warning-report.json"));
  report["findings"][0].erase("service");
  program.file("bad.json", report.dump());
  const Result r = program.run("diff --before bad.json --after warning.json");
  EXPECT_EQ(r.exit, 75);
  EXPECT_EQ(r.out, "");
  EXPECT_EQ(r.err,
            "Error: cannot ingest events: bad.json: findings[0]: not a complete report: required key \"service\" is missing\n");
}

TEST_F(DiffCommand, AnotherThresholdInASavedReportIsSaid) {
  program.environment["RUST_LOG"] = "warn";
  program.file("other.toml", "[detection]\nmax_fanout = 7\nwindow_duration_ms = 300\n");
  const Result r = program.run("diff -c other.toml --before warning-report.json --after warning.json");
  EXPECT_EQ(r.exit, 0);
  EXPECT_TRUE(r.err.ends_with("the two runs have different thresholds: window_duration_ms 500 and 300, max_fanout 20 and 7\n"))
      << r.err;
  EXPECT_EQ(program.run("diff --before warning-report.json --after warning.json").err, "");
}

TEST_F(DiffCommand, BandsDecideTheExitCode) {
  const auto exits = [&](std::vector<std::string> flags) {
    const std::vector<std::string> line = {"diff", "--before", "none.json", "--after", "warning.json", "--format", "json"};
    flags.insert(flags.begin(), line.begin(), line.end());
    return program.run_words(flags).exit;
  };
  EXPECT_EQ(exits({"--fail-on", "new"}), 1);
  EXPECT_EQ(exits({"--fail-on", "new:critical"}), 0);
  EXPECT_EQ(exits({"--fail-on", "new:critical", "--comment-on", "new"}), 3);
  EXPECT_EQ(exits({"--fail-on", "new:warning", "--comment-on", "new"}), 1);
  EXPECT_EQ(exits({"--fail-on", "regression,new:info:n_plus_one_sql"}), 1);
  EXPECT_EQ(exits({"--fail-on", "regression", "--fail-on", "new:info:n_plus_one_sql"}), 1) << "repeatable";
  EXPECT_EQ(exits({"--comment-on", "new:info:slow_sql"}), 0);
}

TEST_F(DiffCommand, TheVerdictIsOneLineOnStandardErrorAndTheEndOfTheText) {
  const Result answer =
      program.run("diff --before none.json --after warning.json --format json --fail-on new:warning,regression");
  EXPECT_EQ(answer.err, "Diff verdict: FAIL: --fail-on new:warning (1)\n");
  EXPECT_EQ(parsed_json<Json>(answer.out).size(), 4U) << "the JSON has no key of its own for it";
  const Result text = program.run("diff --before none.json --after warning.json --fail-on new:critical");
  EXPECT_EQ(text.err, "Diff verdict: PASS\n");
  EXPECT_TRUE(text.out.ends_with("Verdict: PASS\n\n"));
}

TEST_F(DiffCommand, ABadRuleIsAUsageErrorBeforeAnythingIsRead) {
  const Result r = program.run("diff --before missing.json --after missing.json --fail-on newer");
  EXPECT_EQ(r.exit, 2);
  EXPECT_EQ(r.err, "Error: 'newer' is no kind of change in the rule 'newer' (expected new, regression or any)\n");
}

TEST_F(DiffCommand, FailWinsOverAFailedWriteAndCommentDoesNot) {
  const std::string line = "diff --before none.json --after warning.json -o no/such/dir/out ";
  EXPECT_EQ(program.run(line).exit, 75);
  EXPECT_EQ(program.run(line + "--fail-on new").exit, 1);
  EXPECT_EQ(program.run(line + "--comment-on new").exit, 75);
}

TEST_F(DiffCommand, AcknowledgmentsCountOnBothSidesAndForSavedReports) {
  const Json report = parsed_json<Json>(program.content("warning-report.json"));
  program.file("acks.toml", "[[acknowledged]]\nsignature = \"" + report["findings"][0]["signature"].get<std::string>() +
                                "\"\nacknowledged_by = \"me\"\nacknowledged_at = \"2026-01-01\"\nreason = \"known\"\n");
  for (const char* after : {"warning.json", "warning-report.json"}) {
    const std::string line = std::string("diff --fail-on new --before none.json --after ") + after;
    EXPECT_EQ(program.run(line).exit, 1) << after;
    EXPECT_EQ(program.run(line + " --acknowledgments acks.toml").exit, 0) << after;
    EXPECT_EQ(program.run(line + " --acknowledgments acks.toml --no-acknowledgments").exit, 1) << after;
  }
}

TEST_F(DiffCommand, GivesTheSameBytesAtAnyNumberOfThreads) {
  const std::string line = "diff --format json --before warning.json --after critical.json --threads ";
  EXPECT_EQ(program.run(line + "1").out, program.run(line + "7").out);
}

}  // namespace
}  // namespace sentinel::cli
