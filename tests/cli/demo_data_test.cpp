#include "cli/demo_data.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "analysis/run.h"
#include "ingest/byte_source.h"
#include "ingest/format.h"
#include "support/files.h"
#include "support/json.h"

namespace sentinel::cli {
namespace {

using nlohmann::json;

json events() { return parsed_json<json>(demo_traces_json()); }

TEST(DemoData, HasAHundredAndThirtyEventsInFourteenTraces) {
  std::set<std::string> traces, spans;
  for (const json& event : events()) {
    traces.insert(event["trace_id"]);
    EXPECT_TRUE(spans.insert(event["span_id"]).second) << event["span_id"];
  }
  EXPECT_EQ(events().size(), 130U);
  EXPECT_EQ(traces.size(), 14U);
}

TEST(DemoData, LoadsThreeRegionsDifferently) {
  std::map<std::string, int> operations;
  for (const json& event : events()) ++operations[event["cloud_region"]];
  EXPECT_EQ(operations, (std::map<std::string, int>{{"eu-central-1", 19}, {"eu-west-3", 52}, {"us-east-1", 59}}));
}

TEST(DemoData, WaypointStatementsRecurInTwoDeployments) {
  std::map<std::string, std::set<std::string>> traces;
  for (const json& event : events()) {
    if (event["target"].get<std::string>().find("FROM ride_waypoint") != std::string::npos) {
      traces[event["grouping"][0]["value"]].insert(event["trace_id"].get<std::string>());
    }
  }
  EXPECT_EQ(traces, (std::map<std::string, std::set<std::string>>{{"velo-eu", {"ride-7101", "ride-7102"}},
                                                                  {"velo-us", {"ride-7203"}}}));
}

TEST(DemoData, ChildrenNameTheFirstSpanOfTheirTrace) {
  std::map<std::string, int> children;
  for (const json& event : events()) {
    if (event.contains("parent_span_id")) ++children[event["parent_span_id"]];
  }
  EXPECT_EQ(children, (std::map<std::string, int>{{"alert-8801-s0", 22}, {"pay-9901-s0", 4}}));
}

TEST(DemoData, FirstEventOfARepeatedRowReadsAsWritten) {
  const json event = events()[1];
  EXPECT_EQ(
      event.dump(),
      R"({"cloud_region":"eu-west-3","code_filepath":"src/main/java/app/velo/rides/WaypointRepository.java",)"
      R"("code_function":"findByRideId","code_lineno":48,"code_namespace":"app.velo.rides.WaypointRepository","duration_us":1150,)"
      R"("grouping":[{"key":"k8s.namespace.name","value":"velo-eu"}],)"
      R"("instrumentation_scopes":["io.opentelemetry.spring-data-1.8","io.opentelemetry.tomcat-10.0"],"operation":"postgresql",)"
      R"("service":"rides-svc","source":{"endpoint":"POST /api/rides/{id}/finish","method":"RideController.finish"},)"
      R"("span_id":"ride-7101-s1","target":"SELECT * FROM ride_waypoint WHERE ride_id = 88101 AND leg = 1",)"
      R"("timestamp":"2026-03-12T09:00:00.004Z","trace_id":"ride-7101","type":"sql"})");
}

// For tests that run the program. SENTINEL_UPDATE_DOCS=1 writes the copy instead.
TEST(DemoData, CopyForOtherTestsIsUpToDate) {
  const std::string path = test_data("demo_traces.json");
  if (std::getenv("SENTINEL_UPDATE_DOCS") != nullptr) std::ofstream(path) << demo_traces_json() << '\n';
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), demo_traces_json() + "\n") << "run SENTINEL_UPDATE_DOCS=1 test_cli";
}

TEST(DemoData, ShowsEveryFindingType) {
  const std::string traces = demo_traces_json();
  const auto source = ingest::memory_source(traces, "demo");
  const config::Config config;
  auto run = analysis::load_traces(*source, &ingest::kNative, 1, config);
  ASSERT_TRUE(run) << run.error().text();
  analysis::analyze(**run, config, model::Confidence::kLocalBatch, 1);
  std::map<std::string_view, int> findings;
  for (const model::Finding& finding : (*run)->report.findings) ++findings[model::slug(finding.type)];
  EXPECT_EQ(findings, (std::map<std::string_view, int>{{"n_plus_one_sql", 3},
                                                       {"n_plus_one_http", 1},
                                                       {"n_plus_one_messaging", 1},
                                                       {"redundant_sql", 1},
                                                       {"redundant_http", 1},
                                                       {"slow_sql", 2},  // in one trace, and across two
                                                       {"slow_http", 1},
                                                       {"slow_messaging", 1},
                                                       {"excessive_fanout", 1},
                                                       {"chatty_service", 1},
                                                       {"pool_saturation", 1},
                                                       {"serialized_calls", 1}}));
}

}  // namespace
}  // namespace sentinel::cli
