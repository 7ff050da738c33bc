#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "cli/events.h"
#include "cli/program.h"
#include "support/json.h"

namespace sentinel::cli {
namespace {

using nlohmann::json;

// A critical finding, by which the gate fails.
std::string traces() { return queries("t", 12); }

class ReportFiles : public ::testing::Test {
 protected:
  void SetUp() override { program.file("traces.json", traces()); }
  Program program;
};

TEST_F(ReportFiles, EachFormatGoesToItsFileBesideStandardOutput) {
  const Result plain = program.run("analyze -i traces.json");
  const Result r = program.run("analyze -i traces.json --output json=r.json --output sarif=r.sarif junit=r.xml text=r.txt");
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_NE(r.out.find("=== perf-sentinel report ==="), std::string::npos);
  EXPECT_EQ(parsed_json<json>(program.content("r.json"))["findings"].size(), 1U);
  EXPECT_EQ(parsed_json<json>(program.content("r.sarif"))["runs"][0]["results"].size(), 1U);
  EXPECT_EQ(program.content("r.xml").find("<?xml"), 0U);
  EXPECT_NE(program.content("r.txt").find("=== perf-sentinel report ==="), std::string::npos);
  EXPECT_EQ(plain.exit, 0);
}

TEST_F(ReportFiles, StandardOutputHasWhatFormatSays) {
  EXPECT_EQ(program.run("analyze -i traces.json --format ndjson --output json=r.json").out.find("{\"type\":"), 0U);
  EXPECT_EQ(program.run("analyze -i traces.json --ci --output text=r.txt").out.find("{\n"), 0U);
  EXPECT_EQ(program.run("analyze -i traces.json --ci --output json=r.json --format markdown").out.find("<!--"), 0U);
}

TEST_F(ReportFiles, TwoOutputsToOneFileAreRefusedBeforeAnythingIsRead) {
  program.file("there.json", "kept");
  for (const char* outputs :
       {"json=x --output text=x", "json=x --output text=./x", "json=there.json --output text=./there.json",
        "json=x text=../nowhere/../x text=./x", "json=x json=x"}) {
    const Result r = program.run("analyze -i nowhere.json --output " + std::string(outputs));
    EXPECT_EQ(r.exit, 2) << outputs << r.err;
    EXPECT_NE(r.err.find("which another '--output' writes too"), std::string::npos) << r.err;
  }
  EXPECT_EQ(program.content("there.json"), "kept");
  EXPECT_EQ(program.run("analyze -i traces.json --output json=/dev/null text=/dev/null").exit, 0);
}

TEST_F(ReportFiles, TheInputIsNotOverwritten) {
  const Result r = program.run("analyze -i traces.json --output json=./traces.json");
  EXPECT_EQ(r.exit, 2);
  EXPECT_NE(r.err.find("which is the input"), std::string::npos) << r.err;
  EXPECT_EQ(program.content("traces.json"), traces());
}

TEST_F(ReportFiles, ADashIsNoFile) {
  const Result r = program.run("analyze -i traces.json --output json=-");
  EXPECT_EQ(r.exit, 2);
  EXPECT_NE(r.err.find("--format"), std::string::npos) << r.err;
}

TEST_F(ReportFiles, AFileThatCannotBeWrittenIsNamedAndTheOthersAreWritten) {
  const Result r = program.run("analyze -i traces.json --output json=no/such/r.json --output text=r.txt");
  EXPECT_EQ(r.exit, 75);
  EXPECT_EQ(r.err, "Error: cannot write no/such/r.json: No such file or directory\n");
  EXPECT_NE(program.content("r.txt"), "");
  EXPECT_NE(r.out, "");
}

TEST_F(ReportFiles, AFailedGateWinsOverAFailedWrite) {
  const Result r = program.run("analyze -i traces.json --ci --output json=/dev/full");
  EXPECT_EQ(r.exit, 1);
  EXPECT_NE(r.err.find("cannot write /dev/full: "), std::string::npos);
  EXPECT_NE(r.err.find("Quality gate FAILED\n"), std::string::npos);
}

TEST_F(ReportFiles, FallbackFileMustLieInTheRepository) {
  for (const char* path : {"/etc/passwd", "../x", "C:/x", "a/%2e%2e/x"}) {
    const Result r = program.run("analyze -i nowhere.json --fallback-file " + std::string(path));
    EXPECT_EQ(r.exit, 2) << path;
    EXPECT_NE(r.err.find("'--fallback-file' is " + std::string(path)), std::string::npos) << r.err;
  }
  const Result r = program.run("analyze -i traces.json --format gitlab-codequality --fallback-file src/main.c");
  EXPECT_EQ(parsed_json<json>(r.out)[0]["location"]["path"], "src/main.c");
}

TEST_F(ReportFiles, DiffWritesSarifOfNewFindingsOnly) {
  program.file("none.json", "[]");
  const auto results = [&](const char* line) { return parsed_json<json>(program.run(line).out)["runs"][0]["results"]; };
  EXPECT_EQ(results("diff --before none.json --after traces.json --format sarif")[0]["baselineState"], "new");
  EXPECT_TRUE(results("diff --before traces.json --after traces.json --format sarif").empty());
}

TEST_F(ReportFiles, SarifLimitIsToldOnStandardError) {
  json events = parsed_json<json>(traces());
  const std::size_t count = events.size();
  for (std::size_t i = 0; i < count; ++i) {
    events.push_back(events[i]);
    events.back()["trace_id"] = "u";
    events.back()["span_id"] = "u" + std::to_string(i);
  }
  program.file("two.json", events.dump());
  const Result r = program.run("analyze -i two.json --format sarif --sarif-max 1");
  EXPECT_EQ(parsed_json<json>(r.out)["runs"][0]["results"].size(), 1U);
  EXPECT_EQ(r.err, "Warning: 1 finding left out of standard output (sarif): --sarif-max raises the limit, up to 25000\n");
  EXPECT_EQ(program.run("analyze -i two.json --format sarif --sarif-max 2").err, "");
  EXPECT_EQ(program.run("analyze -i two.json --sarif-max 25001").exit, 2);
  EXPECT_EQ(program.run("analyze -i two.json --sarif-max 0").exit, 2);
  EXPECT_EQ(program.run("analyze -i two.json --sarif-max 1 --sarif-compat").exit, 2);
}

}  // namespace
}  // namespace sentinel::cli
