#include "cli/dispatch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "cli/events.h"
#include "cli/program.h"
#include "cli/table/common_flags.h"
#include "ingest/format.h"
#include "report/renderers.h"
#include "support/json.h"

namespace sentinel::cli {
namespace {

TEST(CommandTable, OnlyCommandsThatEndByThemselvesKeepTheMemoryTheyFree) {
  std::string names;
  for (const Command* command : kProgram.actions) {
    if (command->reads_and_ends) names += std::string(command->name) + " ";
  }
  EXPECT_EQ(names, "analyze explain bench report diff rehearse ");
}

class Dispatch : public ::testing::Test {
 protected:
  Dispatch() {
    program.file("good.json", queries("t1", 6));
    program.file("bad.json", queries("t1", 12));
    program.file("broken.json", "[{]");
  }
  Program program;
};

TEST_F(Dispatch, VersionIsOneLine) {
  const Result r = program.run("--version");
  EXPECT_EQ(r.exit, 0);
  EXPECT_EQ(r.out, "perf-sentinel " SENTINEL_VERSION "\n");
  EXPECT_EQ(r.err, "");
  EXPECT_EQ(program.run("version").out.find("perf-sentinel " SENTINEL_VERSION "\nrevision: "), 0u);
}

TEST_F(Dispatch, HelpGoesToStandardOutputUnlessNothingWasAsked) {
  EXPECT_EQ(program.run("--help").exit, 0);
  EXPECT_NE(program.run("--help").out, "");
  const Result none = program.run("");
  EXPECT_EQ(none.exit, 2);
  EXPECT_EQ(none.out, "");
  EXPECT_EQ(none.err, program.run("-h").out);
}

TEST_F(Dispatch, UsageErrorsExit2) {
  const Result r = program.run("analyze --nope");
  EXPECT_EQ(r.exit, 2);
  EXPECT_EQ(r.out, "");
  EXPECT_EQ(r.err.find("error: unknown flag '--nope'"), 0u);
}

TEST_F(Dispatch, AViewWithoutATerminalIsRefused) {
  const Result view = program.run("analyze -i good.json --tui");
  EXPECT_EQ(view.exit, 1);
  EXPECT_NE(view.err.find("terminal"), std::string::npos);
}

TEST_F(Dispatch, AnalyzeWritesAReportAndGatesOnlyWhenAsked) {
  const Result text = program.run("analyze -i bad.json");
  EXPECT_EQ(text.exit, 0);
  EXPECT_NE(text.out.find("=== perf-sentinel report ==="), std::string::npos);
  EXPECT_EQ(text.out.find('\033'), std::string::npos) << "no colours into a file";
  EXPECT_EQ(text.err, "");
  const Result gated = program.run("analyze -i bad.json --ci");
  EXPECT_EQ(gated.exit, 1);
  EXPECT_FALSE(parsed_json<nlohmann::json>(gated.out)["quality_gate"]["passed"].get<bool>());
  EXPECT_EQ(gated.err, "Quality gate FAILED\n");
  EXPECT_EQ(program.run("analyze -i bad.json --ci --format text").out.find("{"), std::string::npos);
  program.file("lenient.toml", "[thresholds]\nn_plus_one_sql_critical_max = 1\nio_waste_ratio_max = 1.0\n");
  EXPECT_EQ(program.run("analyze -i bad.json --ci -c lenient.toml").exit, 0);
}

TEST_F(Dispatch, AnalyzeReadsStandardInputOnlyWithoutInput) {
  program.input = queries("from-stdin", 6);
  EXPECT_NE(program.run("analyze").out.find("from-stdin"), std::string::npos);
  EXPECT_EQ(program.run("analyze -i good.json").out.find("from-stdin"), std::string::npos);
  EXPECT_EQ(program.run("analyze -i -").exit, 75) << "a file name like any other";
}

TEST_F(Dispatch, AnalyzeGivesTheSameBytesAtAnyNumberOfThreads) {
  const auto findings = [&](const std::string& threads) {
    auto report =
        parsed_json<nlohmann::ordered_json>(program.run("analyze -i bad.json --format json --threads " + threads).out);
    report["analysis"]["duration_ms"] = 0;
    return report.dump();
  };
  EXPECT_EQ(findings("1"), findings("4"));
}

TEST(InputFormatFlag, OffersExactlyTheFormatsThereAre) {
  std::string known = "auto";
  for (const ingest::Format* format : {&ingest::kNative, &ingest::kJaeger, &ingest::kZipkin, &ingest::kOtlpJson,
                                       &ingest::kOtlpNdjson, &ingest::kOtlpProtobuf}) {
    known += " " + std::string(format->name);
  }
  EXPECT_EQ(kInputFormatFlag.choices, known);
}

TEST(FormatFlags, OfferExactlyTheFormsThereAre) {
  std::string known;
  for (const report::Renderer& renderer : report::renderers()) known += (known.empty() ? "" : " ") + std::string(renderer.kind);
  const Outcome analyze("analyze");
  EXPECT_EQ(analyze.parsed.arguments.find_flag("format")->choices, known);
  EXPECT_EQ(analyze.parsed.arguments.find_flag("output")->choices, known);
}

TEST_F(Dispatch, InputFormatRefusesEveryOther) {
  EXPECT_EQ(program.run("analyze -i good.json --input-format native").exit, 0);
  EXPECT_EQ(program.run("analyze -i good.json --input-format auto").exit, 0);
  for (const char* format : {"jaeger", "otlp-json", "otlp-ndjson", "otlp-protobuf"}) {
    EXPECT_EQ(program.run("analyze -i good.json --input-format " + std::string(format)).exit, 75) << format;
  }
}

TEST_F(Dispatch, WhatCannotBeReadExits75AndIsNamed) {
  const Result missing = program.run("analyze -i nowhere.json");
  EXPECT_EQ(missing.exit, 75);
  EXPECT_EQ(missing.out, "");
  EXPECT_NE(missing.err.find("nowhere.json"), std::string::npos);
  const Result broken = program.run("analyze -i broken.json");
  EXPECT_EQ(broken.exit, 75);
  EXPECT_EQ(broken.err.find("Error: cannot ingest events: "), 0u) << broken.err;
  EXPECT_EQ(program.run("analyze -i good.json -c nowhere.toml").exit, 75);
  program.file("bad.toml", "[detection]\nmax_fanout = 0\n");
  EXPECT_EQ(program.run("demo -c bad.toml").exit, 75);
  EXPECT_NE(program.run("pg-stat -i x -c bad.toml").err.find("max_fanout"), std::string::npos);
  program.file("acks.toml", "[[acknowledged]]\n");
  EXPECT_EQ(program.run("analyze -i good.json --acknowledgments acks.toml").exit, 75);
  EXPECT_EQ(program.run("analyze -i good.json --acknowledgments acks.toml --no-acknowledgments").exit, 0);
}

// -- standard output that does not take what it is given

TEST_F(Dispatch, AReaderThatWentAwayIsNoError) {
  for (const char* line : {"analyze -i good.json", "analyze -i good.json --format json", "demo", "man", "--help", "--version",
                           "completions bash", "explain -i good.json --trace-id t1"}) {
    const Result r = program.run(line, Stdout::kBrokenPipe);
    EXPECT_EQ(r.exit, 0) << line;
    EXPECT_EQ(r.err, "") << line;
  }
  EXPECT_EQ(program.run("analyze -i bad.json --ci", Stdout::kBrokenPipe).exit, 1) << "the verdict stays";
}

TEST_F(Dispatch, AClosedStandardOutputIsLikeTheNullDevice) {
  const Result r = program.run("analyze -i good.json", Stdout::kClosed);
  EXPECT_EQ(r.exit, 0);
  EXPECT_EQ(r.err, "");
}

TEST_F(Dispatch, AFullDiskIsReportedUnlessTheGateFailed) {
  for (const char* line : {"analyze -i good.json", "analyze -i good.json --format json", "demo", "man", "--help"}) {
    const Result r = program.run(line, Stdout::kFull);
    EXPECT_EQ(r.exit, 75) << line;
    EXPECT_NE(r.err.find("cannot write standard output"), std::string::npos) << line;
  }
  const Result gated = program.run("analyze -i bad.json --ci", Stdout::kFull);
  EXPECT_EQ(gated.exit, 1);
  EXPECT_EQ(gated.err, "Quality gate FAILED\n");
}

// -- the other subcommands

TEST_F(Dispatch, DemoShowsEveryKindOfFindingAndAFailedGateThatDecidesNothing) {
  const Result r = program.run("demo");
  EXPECT_EQ(r.exit, 0);
  EXPECT_NE(r.out.find("=== perf-sentinel demo ==="), std::string::npos);
  for (const char* label : {"N+1 SQL", "N+1 HTTP", "N+1 messaging", "Redundant SQL", "Redundant HTTP", "Slow SQL", "Slow HTTP",
                            "Slow messaging", "Excessive fanout", "Chatty service", "Pool saturation", "Serialized calls"}) {
    EXPECT_NE(r.out.find(label), std::string::npos) << label;
  }
  EXPECT_NE(r.out.find("estimated/time_slicer_average"), std::string::npos);
  EXPECT_NE(r.out.find("analyze --ci"), std::string::npos);
}

TEST_F(Dispatch, ExplainShowsATraceOrListsThoseThereAre) {
  const Result text = program.run("explain -i good.json --trace-id t1");
  EXPECT_EQ(text.exit, 0);
  EXPECT_EQ(text.out.find("Trace t1\n"), 0u);
  EXPECT_EQ(parsed_json<nlohmann::json>(program.run("explain -i good.json --trace-id t1 --format json").out)["roots"].size(),
            6u);
  nlohmann::json all = nlohmann::json::array();
  std::string ids;
  for (int i = 0; i < 23; ++i) {
    all.push_back(parsed_json<nlohmann::json>(queries("t" + std::to_string(i), 1))[0]);
    if (i < 20) ids += (i > 0 ? ", t" : "t") + std::to_string(i);
  }
  program.file("many.json", all.dump());
  const Result unknown = program.run("explain -i many.json --trace-id nope");
  EXPECT_EQ(unknown.exit, 75);
  EXPECT_EQ(unknown.out, "");
  EXPECT_NE(unknown.err.find("'nope'"), std::string::npos);
  EXPECT_NE(unknown.err.find(": " + ids + " ... and 3 more\n"), std::string::npos) << unknown.err;
}

TEST_F(Dispatch, ExplainOfAReportNeedsEmbeddedTraces) {
  program.file("report.json", program.run("analyze -i good.json --format json").out);
  const Result r = program.run("explain -i report.json --trace-id t1");
  EXPECT_EQ(r.exit, 75);
  EXPECT_NE(r.err.find("max_retained_traces"), std::string::npos) << r.err;
  program.file("newer.json", R"({"findings": 7})");
  EXPECT_NE(program.run("explain -i newer.json --trace-id t1").err.find("newer version"), std::string::npos);
}

TEST_F(Dispatch, BenchPrintsItsFiguresInOrder) {
  const Result r = program.run("bench --synthetic-events 500 --iterations 3 --threads 1");
  ASSERT_EQ(r.exit, 0) << r.err;
  const auto figures = parsed_json<nlohmann::ordered_json>(r.out);
  std::string keys;
  for (const auto& [key, value] : figures.items()) keys += key + " ";
  EXPECT_EQ(keys,
            "iterations events_per_iteration throughput_events_per_sec latency_per_event_us rss_before_bytes rss_peak_bytes "
            "total_elapsed_ms durations_ns ");
  EXPECT_EQ(figures["iterations"], 3);
  EXPECT_EQ(figures["events_per_iteration"], 500);
  EXPECT_EQ(figures["durations_ns"].size(), 3u);
  EXPECT_LE(figures["rss_before_bytes"].get<std::uint64_t>(), figures["rss_peak_bytes"].get<std::uint64_t>());
  EXPECT_LE(figures["latency_per_event_us"]["p50"].get<double>(), figures["latency_per_event_us"]["p99"].get<double>());
}

TEST_F(Dispatch, BenchTakesAFileAndRefusesOneWithoutEvents) {
  const Result r = program.run("bench -i good.json --iterations 1");
  ASSERT_EQ(r.exit, 0) << r.err;
  EXPECT_EQ(parsed_json<nlohmann::json>(r.out)["events_per_iteration"], 6);
  program.file("none.json", "[]");
  EXPECT_EQ(program.run("bench -i none.json").exit, 75);
}

TEST_F(Dispatch, ValidateSaysWhetherTheConfigurationIsUsable) {
  const Result good = program.run("validate");
  EXPECT_EQ(good.exit, 0) << good.err;
  EXPECT_EQ(std::count(good.out.begin(), good.out.end(), '\n'), 1);
  program.file(".perf-sentinel.toml", "[detection]\nmax_fanout = 7\n");
  const Result explained = program.run("validate --explain");
  EXPECT_EQ(explained.exit, 0);
  EXPECT_NE(explained.out.find("max_fanout"), std::string::npos);
  EXPECT_NE(explained.out.find(".perf-sentinel.toml:2"), std::string::npos) << explained.out;
  program.file("bad.toml", "[detection]\nmax_fanout = 0\n");
  const Result bad = program.run("validate -c bad.toml");
  EXPECT_EQ(bad.exit, 75);
  EXPECT_EQ(bad.out, "");
  EXPECT_NE(bad.err.find("max_fanout"), std::string::npos) << bad.err;
}

}  // namespace
}  // namespace sentinel::cli
