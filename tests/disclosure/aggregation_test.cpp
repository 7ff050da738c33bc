#include "disclosure/aggregation.h"

#include <gtest/gtest.h>

#include "disclosure/document_reader.h"
#include "disclosure/document_tree.h"
#include "disclosure/support/scene.h"

namespace sentinel::disclosure::test {
namespace {

using nlohmann::json;

json as_json(const Document& document) {
  base::Arena arena;
  return parsed_json<json>(pretty_json(document_tree(document, arena)));
}

// Only the members that the vector names.
json like(const json& pattern, const json& document) {
  json out = json::object();
  for (const auto& [key, value] : pattern.items()) out[key] = document.contains(key) ? document[key] : json("absent");
  return out;
}

TEST(Aggregation, RecordedArchivesGiveTheRecordedFigures) {
  for (const json& row : vectors("aggregation")) {
    const Directory directory;
    std::vector<std::string> inputs;
    for (const json& file : row["files"]) {
      inputs.push_back(directory.file(std::to_string(inputs.size()) + ".ndjson", lines(file.get<std::vector<std::string>>())));
    }
    PeriodRequest request = january(inputs);
    if (row["confidentiality"] == "public") request.confidentiality = Confidentiality::kPublic;
    const PeriodResult result = report_period(request, acme());
    ASSERT_EQ(result.fault != PeriodFault::kNone, row["exit"] != 0) << result.error.text();
    if (row["exit"] != 0) continue;
    const json document = as_json(result.report.document);
    const json& expect = row["expect"];
    EXPECT_EQ(like(expect["scope_manifest"], document["scope_manifest"]), expect["scope_manifest"]);
    EXPECT_EQ(like(expect["calibration_inputs"], document["methodology"]["calibration_inputs"]), expect["calibration_inputs"]);
    EXPECT_EQ(document["aggregate"], expect["aggregate"]);
    EXPECT_EQ(document["applications"], expect["applications"]);
    EXPECT_EQ(document["integrity"]["trace_integrity_chain"], expect["trace_integrity_chain"]);
    EXPECT_EQ(document["notes"]["disclaimers"].size(), expect["disclaimers"]);
  }
}

TEST(Aggregation, WhatIsWrittenReadsBackAsTheSameDocument) {
  for (const json& row : vectors("aggregation")) {
    if (row["exit"] != 0) continue;
    const Directory directory;
    const std::string path = directory.file("0.ndjson", lines(row["files"][0].get<std::vector<std::string>>()));
    PeriodRequest request = january({path});
    request.report_uuid = "00000000-0000-4000-8000-000000000001";
    const PeriodResult result = report_period(request, acme());
    if (result.fault != PeriodFault::kNone) continue;
    base::Arena arena;
    const JsonNode tree = document_tree(result.report.document, arena);
    if (!non_finite_figure(tree).empty()) continue;
    const std::string text = pretty_json(tree);
    const auto read = read_document(text, arena);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(pretty_json(*read), text);
  }
}

Window window_of(std::string_view ts) {
  Window window;
  window.ts = *parse_instant(ts);
  window.traces_analyzed = 1;
  return window;
}

Document finished(const Aggregation& sums) {
  Document document;
  document.period = {*parse_date("2026-01-01"), *parse_date("2026-01-31"), PeriodType::kCustom, 31};
  sums.finish(document);
  return document;
}

TEST(Aggregation, AnEmptyPeriodHasFullCoverageAndOneGap) {
  const Document document = finished(Aggregation(false));
  EXPECT_EQ(document.aggregate.period_coverage, 1.0);
  EXPECT_EQ(document.aggregate.temporal_coverage.largest_gap_days, 31U);
  EXPECT_FALSE(document.aggregate.carbon_breakdown);
  EXPECT_TRUE(document.aggregate.canonical_waste.no_data());
}

TEST(Aggregation, GapsAreCountedAtBothEndsAndBetween) {
  const auto gap = [](std::initializer_list<const char*> days) {
    Aggregation sums(false);
    for (const char* day : days) EXPECT_TRUE(sums.add(window_of(std::string("2026-01-") + day + "T12:00:00Z")));
    return finished(sums).aggregate.temporal_coverage.largest_gap_days;
  };
  EXPECT_EQ(gap({"05", "31"}), 25U);
  EXPECT_EQ(gap({"20"}), 19U);
  EXPECT_EQ(gap({"01", "02", "10"}), 21U);
  EXPECT_EQ(gap({"01", "16", "31"}), 14U);
}

TEST(Aggregation, ServicesPastTheCapAreDroppedAndTotalsAreNot) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kMaxServices + 1; ++i) names.push_back("s" + std::to_string(100'000 + i));
  for (const std::size_t count : {kMaxServices - 1, kMaxServices, kMaxServices + 1}) {
    Aggregation sums(false);
    Window window = window_of("2026-01-05T00:00:00Z");
    for (std::size_t i = 0; i < count; ++i) window.endpoints.push_back({names[i], "/x", 2});
    window.total_io_ops = 2 * count;
    ASSERT_TRUE(sums.add(window));
    Window rest = window_of("2026-01-06T00:00:00Z");
    rest.total_io_ops = 3;
    ASSERT_TRUE(sums.add(rest));  // attributed to no service, exempt from the cap
    const Document document = finished(sums);
    EXPECT_EQ(document.applications.size(), std::min(count, kMaxServices));
    EXPECT_EQ(document.aggregate.total_energy_kwh, static_cast<double>(2 * count) * kProxyKwhPerOp + 3 * kProxyKwhPerOp);
  }
}

TEST(Aggregation, SetsStopAtTheirCaps) {
  Aggregation sums(false);
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) names.push_back("v" + std::to_string(1000 + i));
  for (const std::string& name : names) {
    Window window = window_of("2026-01-05T00:00:00Z");
    window.binary_version = name;
    window.energy_model = name;
    window.co2.emplace().methodology = name;
    window.coefficients.emplace().embodied_per_request_gco2 = 1.0;
    ASSERT_TRUE(sums.add(window));
  }
  const Document document = finished(sums);
  EXPECT_EQ(document.aggregate.binary_versions.size(), kMaxBinaryVersions);
  EXPECT_EQ(document.calibration.energy_source_models.size(), kMaxEnergyModels);
  EXPECT_EQ(document.calibration.carbon_methodologies.size(), kMaxMethodologies);
  EXPECT_EQ(document.calibration.scoring_coefficients, (std::set<std::string>{"embodied_gco2_per_request=1"}));
}

TEST(Aggregation, StrictAttributionNamesTheFirstWindowWithoutServices) {
  Aggregation sums(true);
  Window window = window_of("2026-01-05T00:00:00.5Z");
  window.endpoints = {{"a", "/", 1}};
  EXPECT_TRUE(sums.add(window));
  window.endpoints.clear();
  const auto refused = sums.add(window);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "the window of 2026-01-05T00:00:00.500+00:00 attributes its traffic to no service");
}

TEST(Aggregation, CarbonThatIsNoNumberLeavesTheWindowOut) {
  Aggregation sums(false);
  Window window = window_of("2026-01-05T00:00:00Z");
  window.co2.emplace().total_mid = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(*sums.add(window));
  EXPECT_EQ(sums.windows(), 0U);
  window.co2->total_mid = 1e308;
  EXPECT_TRUE(*sums.add(window));
}

TEST(Aggregation, RequestsOfAServiceRoundHalvesUp) {
  Aggregation sums(false);
  Window window = window_of("2026-01-05T00:00:00Z");
  window.traces_analyzed = 5;
  window.endpoints = {{"a", "/", 5}, {"b", "/", 5}};
  ASSERT_TRUE(sums.add(window));
  const Document document = finished(sums);
  EXPECT_EQ(document.applications[0].total_requests, 3U);
  EXPECT_EQ(document.applications[1].total_requests, 3U);
  EXPECT_EQ(document.aggregate.total_requests, 5U);
}

}  // namespace
}  // namespace sentinel::disclosure::test
