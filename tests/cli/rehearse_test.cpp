// `rehearse` gives for every value what a separate `analyze` with that value gives.
#include "analysis/rehearse.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "cli/program.h"
#include "support/json.h"

namespace sentinel::cli {
namespace {

using Json = nlohmann::ordered_json;

void add(Json& events, const std::string& trace, const std::string& type, const std::string& target, int start_ms,
         int duration_us, const std::string& parent) {
  std::string time = std::to_string(1000 + start_ms);
  events.push_back({{"timestamp", "2025-07-10T14:32:0" + time.substr(0, 1) + "." + time.substr(1) + "Z"},
                    {"trace_id", trace},
                    {"span_id", trace + "-" + std::to_string(events.size())},
                    {"parent_span_id", parent},
                    {"service", "order-svc"},
                    {"type", type},
                    {"operation", type == "sql" ? "SELECT" : "GET"},
                    {"target", target},
                    {"duration_us", duration_us},
                    {"source", {{"endpoint", "GET /orders"}, {"method", "load"}}}});
}

// Traces in which every threshold of [detection] decides something between its small values.
std::string workload() {
  Json events = Json::array();
  for (int t = 2; t < 14; ++t) {
    const std::string trace = "t" + std::to_string(t);
    for (int i = 0; i < t; ++i) {
      add(events, trace, "sql", "SELECT * FROM item WHERE id = " + std::to_string(i), i * t, 900 + 100 * i, "root");
      add(events, trace, "sql", "SELECT * FROM slow", 40 * i, 40'000 * (i + 1), "wide");
      add(events, trace, "http_out", "http://a/x" + std::string(static_cast<std::size_t>(i), 'y'), 10 * i, 9000, "calls");
    }
  }
  return events.dump();
}

class Rehearse : public ::testing::Test {
 protected:
  Rehearse() { program.file("in.json", workload()); }

  [[nodiscard]] Json analyzed(const std::string& key, std::uint64_t value) const {
    program.file("one.toml", "[detection]\n" + key + " = " + std::to_string(value) + "\n");
    return parsed_json<Json>(program.run("analyze -i in.json --format json -c one.toml").out);
  }
  Program program;
};

TEST_F(Rehearse, EachRowIsASeparateAnalysis) {
  const std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> keys = {{"n_plus_one_min_occurrences", {3, 12}},
                                                                               {"window_duration_ms", {19, 31}},
                                                                               {"slow_query_threshold_ms", {76, 84}},
                                                                               {"slow_query_min_occurrences", {1, 6}},
                                                                               {"max_fanout", {5, 13}},
                                                                               {"chatty_service_min_calls", {5, 13}},
                                                                               {"pool_saturation_concurrent_threshold", {2, 6}},
                                                                               {"serialized_min_sequential", {2, 8}}};
  for (const auto& [key, range] : keys) {
    const Result r = program.run_words({"rehearse", "-i", "in.json", "--format", "json", "--key",
                                        key + "=" + std::to_string(range.first) + ".." + std::to_string(range.second)});
    ASSERT_EQ(r.exit, 0) << r.err;
    const Json rehearsal = parsed_json<Json>(r.out)["rehearsals"][0];
    EXPECT_EQ(rehearsal["key"], "detection." + key);
    ASSERT_EQ(rehearsal["values"].size(), range.second - range.first + 1);
    std::size_t different = 0;
    for (const Json& row : rehearsal["values"]) {
      const Json report = analyzed(key, row["value"].get<std::uint64_t>());
      std::map<std::string, std::size_t> types;
      std::map<std::string, std::size_t> severities = {{"critical", 0}, {"warning", 0}, {"info", 0}};
      for (const Json& finding : report["findings"]) {
        ++types[finding["type"]];
        ++severities[finding["severity"]];
      }
      const std::string about = key + " = " + row["value"].dump();
      EXPECT_EQ(row["findings"], report["findings"].size()) << about;
      EXPECT_EQ(nlohmann::json(row["by_type"]), nlohmann::json(types)) << about;
      EXPECT_EQ(nlohmann::json(row["by_severity"]), nlohmann::json(severities)) << about;
      EXPECT_EQ(row["quality_gate_passed"], report["quality_gate"]["passed"]) << about;
      different += row["findings"] != rehearsal["values"][0]["findings"] ? 1 : 0;
    }
    EXPECT_GT(different, 0U) << key << " decides nothing here";
  }
}

TEST_F(Rehearse, AcknowledgedFindingsAreLeftOutAsInAnalyze) {
  const Json before = analyzed("n_plus_one_min_occurrences", 5);
  std::string signature;
  for (const Json& f : before["findings"]) {
    if (f["type"] == "n_plus_one_sql") signature = f["signature"];
  }
  program.file(".perf-sentinel-acknowledgments.toml",
               "[[acknowledged]]\nsignature = \"" + signature +
                   "\"\nacknowledged_by = \"me\"\nacknowledged_at = \"d\"\nreason = \"r\"\n");
  const Result r =
      program.run_words({"rehearse", "-i", "in.json", "--format", "json", "--key", "n_plus_one_min_occurrences=5"});
  const Json after = analyzed("n_plus_one_min_occurrences", 5);
  EXPECT_LT(after["findings"].size(), before["findings"].size());
  EXPECT_EQ(parsed_json<Json>(r.out)["rehearsals"][0]["values"][0]["findings"], after["findings"].size());
}

TEST_F(Rehearse, KeysAreTriedOneAfterTheOtherAndTheTextMarksTheConfiguredValue) {
  const Result r = program.run_words({"rehearse", "-i", "in.json", "--key", "max_fanout=5,20", "detection.max_fanout=7"});
  ASSERT_EQ(r.exit, 0) << r.err;
  EXPECT_NE(r.out.find("detection.max_fanout (* configured: 20)\n"), std::string::npos);
  EXPECT_NE(r.out.find("\n   * 20 "), std::string::npos) << r.out;
}

TEST_F(Rehearse, BadKeysAreUsageErrorsBeforeAnythingIsRead) {
  const auto error = [&](const std::string& key) {
    const Result r = program.run_words({"rehearse", "-i", "missing.json", "--key", key});
    EXPECT_EQ(r.exit, 2) << key;
    return r.err.substr(0, r.err.find(" (expected"));
  };
  EXPECT_EQ(error("nope=1"), "Error: --key nope=1: 'nope' is no threshold");
  EXPECT_EQ(error("grouping_attributes=1"), "Error: --key grouping_attributes=1: 'grouping_attributes' is no threshold");
  EXPECT_EQ(error("max_fanout"), "Error: --key max_fanout: it names no values");
  EXPECT_EQ(error("max_fanout=x"), "Error: --key max_fanout=x: 'x' is no number and no range");
  EXPECT_EQ(error("max_fanout=5..4"), "Error: --key max_fanout=5..4: the range '5..4' runs backwards");
  EXPECT_EQ(error("max_fanout=0"), "Error: --key max_fanout=0: max_fanout must be from 1 to 100000");
  EXPECT_EQ(error("max_fanout=100001"), "Error: --key max_fanout=100001: max_fanout must be from 1 to 100000");
}

// "1 4 7" or the error up to its hint.
std::string values(std::string_view text) {
  const auto plan = analysis::parse_rehearsal(text);
  if (!plan) return plan.error().what;
  std::string out;
  for (const std::uint64_t v : plan->values) out += (out.empty() ? "" : " ") + std::to_string(v);
  return out;
}

TEST(RehearsalPlan, RangesIncludeBothEndsAndStepsStopWithinThem) {
  EXPECT_EQ(values("max_fanout=3..5"), "3 4 5");
  EXPECT_EQ(values("max_fanout=3..3"), "3");
  EXPECT_EQ(values("max_fanout=1..9/4"), "1 5 9");
  EXPECT_EQ(values("max_fanout=1..8/4"), "1 5");
  EXPECT_EQ(values("max_fanout=9,3..5,4"), "9 3 4 5") << "in the order given, each once";
  EXPECT_EQ(values("window_duration_ms=9223372036854775806..9223372036854775807"), "9223372036854775806 9223372036854775807");
}

TEST(RehearsalPlan, AThousandValuesAtMost) {
  EXPECT_EQ(analysis::parse_rehearsal("max_fanout=1..1000")->values.size(), 1000U);
  EXPECT_EQ(values("max_fanout=1..1001"), "--key max_fanout=1..1001: more than 1000 values");
  EXPECT_EQ(values("window_duration_ms=1..9223372036854775807"),
            "--key window_duration_ms=1..9223372036854775807: more than 1000 values");
}

}  // namespace
}  // namespace sentinel::cli
