// Recorded figures of chapter 04: equal to the last bit.
#include "score/support/vectors.h"

#include <gtest/gtest.h>

namespace sentinel::score::test {
namespace {

using nlohmann::json;

config::GreenConfig plain(std::string region) {
  config::GreenConfig green;
  green.default_region = std::move(region);
  return green;
}

SpanBuilder add_typed(Scene& scene, const json& row) {
  SpanBuilder span = scene.span("t", "a");
  if (row["type"] == "sql") span.sql(row["target"].get<std::string>());
  if (row["type"] == "http_out") span.http(row["target"].get<std::string>());
  if (row["type"] == "messaging") span.messaging();
  if (!row["response_size_bytes"].is_null()) span.response(row["response_size_bytes"].get<std::uint64_t>());
  return span;
}

TEST(EnergyVectors, ProxyEnergyOfAnOperation) {
  for (const json& row : read_vectors("04_energy_vectors.json", "proxy")) {
    for (const bool per_operation : {true, false}) {
      Scene scene;
      scene.config = plain("fr");
      scene.config.per_operation_coefficients = per_operation;
      add_typed(scene, row);
      EXPECT_EQ(scene.score().summary.energy_kwh,
                row[per_operation ? "energy_kwh" : "energy_kwh_without_coefficients"].get<double>())
          << row;
    }
  }
}

TEST(EnergyVectors, IntensityFollowsTheTimestamp) {
  for (const json& row : read_vectors("04_energy_vectors.json", "time")) {
    for (const char* region : {"eu-west-1", "eu-west-3", "us-central1"}) {
      Scene scene;
      scene.config = plain(region);
      scene.span("t", "a").http().at(row["timestamp"].get<std::string>());
      const Scores scores = scene.score();
      ASSERT_EQ(scores.summary.regions.size(), 1U);
      const model::RegionRow& got = scores.summary.regions[0];
      EXPECT_EQ(got.grid_intensity, row[region]["intensity"].get<double>()) << region << row;
      EXPECT_EQ(model::slug(got.source), row[region]["source"].get<std::string>()) << region << row;
      EXPECT_EQ(got.co2_gco2, row[region]["co2"].get<double>()) << region << row;
    }
  }
}

TEST(EnergyVectors, EveryRegionAtRecordedHours) {
  for (const json& row : read_vectors("04_energy_vectors.json", "region")) {
    char text[32];
    std::snprintf(text, sizeof(text), "2025-%02d-10T%02d:00:00.000Z", row["month"].get<int>(), row["hour"].get<int>());
    for (const bool hourly : {true, false}) {
      Scene scene;
      scene.config = plain(row["region"]);
      scene.config.use_hourly_profiles = hourly;
      scene.span("t", "a").http().at(text);
      const Scores scores = scene.score();
      EXPECT_EQ(scores.summary.per_service_carbon_kgco2eq.at("a"),
                row[hourly ? "kgco2_per_1e7_kwh_op" : "annual"].get<double>())
          << row;
      EXPECT_EQ(scores.summary.regions.at(0).pue, row["pue"].get<double>()) << row;
    }
  }
}

TEST(EnergyVectors, TransportOfACallToAnotherRegion) {
  for (const json& row : read_vectors("04_energy_vectors.json", "transport")) {
    Scene scene;
    scene.config.use_hourly_profiles = false;
    const std::string callee = row.contains("callee_region") ? row["callee_region"].get<std::string>() : "us-east-1";
    scene.config.service_regions = {{row.contains("callee_region") ? "b" : "order-api", callee}};
    scene.span("t", "caller")
        .http(row["target"].get<std::string>())
        .response(1'000'000'000)
        .region(row.contains("caller_region") ? row["caller_region"].get<std::string>() : "eu-west-3");
    const Scores scores = scene.score();
    const json got = scores.summary.transport_gco2 ? json(*scores.summary.transport_gco2) : json();
    EXPECT_EQ(got, row["transport_gco2"]) << row;
    EXPECT_EQ(scores.summary.co2->transport_gco2, scores.summary.transport_gco2);
  }
}

TEST(SummaryVectors, WholeRunsGiveTheSameBits) {
  int number = 0;
  for (const json& row : read_vectors("04_summary_vectors.json", "cases")) {
    Scene scene;
    scene.config = green_config(row["config"].get<std::string>(), row.value("profiles", json()), row.value("calibration", ""));
    for (const json& event : row["events"]) add_event(scene, event);
    for (const json& finding : row["findings"]) add_finding(scene, finding);
    const json got = to_json(scene.score().summary);
    EXPECT_EQ(got, row["green_summary"]) << "case " << number << json::diff(row["green_summary"], got).dump(1);
    ++number;
  }
  EXPECT_EQ(number, 40);
}

}  // namespace
}  // namespace sentinel::score::test
