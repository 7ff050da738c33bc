// Scoring with what a daemon has measured: chapter 04 §19.6 to the last bit, tags, and figures of declared workloads.
#include "score/readings.h"

#include <gtest/gtest.h>

#include "score/grid_data.h"
#include "score/support/scene.h"

namespace sentinel::score::test {
namespace {

constexpr double kPay = 4.340277777777778e-8;

struct Measured : Scene {
  Measured() {
    config.default_region = "eu-west-3";
    daemon.readings = &readings;
  }
  void traffic() {
    for (const char* statement : {"SELECT 1", "INSERT INTO t", "DELETE FROM t"}) span("t1", "pay").sql(statement);
    span("t1", "cart").sql("SELECT 1");
  }
  Readings readings;
};

TEST(Readings, AWindowThatMixesMeasuredEnergyAndRealTimeIntensity) {
  Measured scene;
  scene.readings.services["pay"] = {kPay, EnergySource::kAlumetRapl};
  scene.readings.regions["eu-west-3"] = {56.0, true, "TIME_SLICER_AVERAGE"};
  scene.traffic();
  const model::GreenSummary s = scene.score().summary;
  EXPECT_EQ(s.per_service_energy_kwh.at("cart"), 5e-8);
  EXPECT_EQ(s.per_service_energy_kwh.at("pay"), 1.3020833333333334e-07);
  EXPECT_EQ(s.energy_kwh, 1.8020833333333334e-07);
  EXPECT_EQ(s.co2->operational_gco2, 1.1605416666666666e-05);
  ASSERT_EQ(s.regions.size(), 1U);
  EXPECT_EQ(s.regions[0].grid_intensity, 56.0);
  EXPECT_EQ(s.regions[0].source, model::IntensitySource::kRealTime);
  EXPECT_EQ(s.regions[0].estimated, true);
  EXPECT_EQ(s.regions[0].estimation_method, "TIME_SLICER_AVERAGE");
  EXPECT_EQ(s.co2->total.model, "electricity_maps_api");
  EXPECT_EQ(s.co2->total.methodology, "sci_v1_numerator+transport");
  EXPECT_EQ(s.co2->avoidable.methodology, "sci_v1_operational_ratio");
  EXPECT_EQ(s.co2->sci_per_trace->methodology, "sci_v1_intensity");
  EXPECT_EQ(s.energy_model, "electricity_maps_api");
  EXPECT_EQ(s.per_service_energy_model.at("pay"), "alumet_rapl");
  EXPECT_EQ(s.per_service_energy_model.at("cart"), "electricity_maps_api");
  EXPECT_EQ(s.per_service_measured_ratio.at("pay"), 1.0);
  EXPECT_EQ(s.per_service_measured_ratio.at("cart"), 0.0);
}

TEST(Readings, TheBestSourceOfAWindowNamesIt) {
  for (std::size_t best = 0; best < kEnergySources; ++best) {
    Measured scene;
    for (std::size_t i = 0; i <= best; ++i) {
      const std::string service = "svc-" + std::to_string(i);
      scene.readings.services[service] = {1e-8, static_cast<EnergySource>(i)};
      scene.span("t1", service);
    }
    scene.span("t1", "unmeasured");
    const model::GreenSummary s = scene.score().summary;
    const std::string tag(model_tag_of(static_cast<EnergySource>(best)));
    EXPECT_EQ(s.energy_model, tag);
    EXPECT_EQ(s.per_service_energy_model.at("unmeasured"), tag);
    EXPECT_EQ(s.per_service_energy_model.at("svc-0"), "cloud_specpower");
  }
}

TEST(Readings, AMeasuredServiceIsNeverCalibrated) {
  Measured scene;
  scene.config.calibration_factors = std::map<std::string, double>{{"pay", 3.0}};
  scene.readings.services["pay"] = {kPay, EnergySource::kCloudSpecpower};
  scene.span("t1", "pay");
  const model::GreenSummary s = scene.score().summary;
  EXPECT_EQ(s.energy_kwh, kPay);
  EXPECT_EQ(s.energy_model, "cloud_specpower");
  Measured both;
  both.config.calibration_factors = std::map<std::string, double>{{"cart", 2.0}};
  both.span("t1", "cart").sql("SELECT 1");
  EXPECT_EQ(both.score().summary.energy_model, "io_proxy_v3+cal");
}

TEST(Readings, ARegionOutOfTheTablesLivesOnItsReading) {
  Measured scene;
  scene.readings.regions["my-dc"] = {100.0, std::nullopt, std::nullopt};
  scene.span("t1", "a").http().region("MY-DC");
  const model::GreenSummary s = scene.score().summary;
  EXPECT_EQ(s.regions[0].status, "out_of_table");
  EXPECT_EQ(s.regions[0].pue, 1.5);
  EXPECT_EQ(s.regions[0].co2_gco2, 1e-7 * 100.0 * 1.5);
  EXPECT_EQ(s.regions[0].source, model::IntensitySource::kRealTime);
  EXPECT_FALSE(s.regions[0].estimated);
  scene.readings.regions["my-dc"].grams_per_kwh = 0.0;
  const model::RegionRow row = scene.score().summary.regions[0];
  EXPECT_EQ(row.source, model::IntensitySource::kAnnual);
  EXPECT_EQ(row.pue, 0.0);
}

TEST(Readings, OffendersHaveNoCarbonOnceAnythingIsMeasured) {
  Measured scene;
  scene.config.per_operation_coefficients = false;
  scene.span("t1", "a");
  EXPECT_TRUE(scene.score().summary.top_offenders[0].co2_grams);
  scene.readings.services["elsewhere"] = {1e-8, EnergySource::kKeplerEbpf};
  EXPECT_FALSE(scene.score().summary.top_offenders[0].co2_grams);
  scene.readings.services.clear();
  scene.readings.regions["fr"] = {1.0, std::nullopt, std::nullopt};
  EXPECT_FALSE(scene.score().summary.top_offenders[0].co2_grams);
}

TEST(Readings, ADeclaredDatabaseIsBilledBesideTheTotals) {
  Measured scene;
  scene.readings.database = {true, DeliveredEnergy{2e-5, "alumet_rapl", "EU-West-3"}};
  for (int i = 0; i < 4; ++i) scene.span("t1", "a").sql("SELECT 1");
  scene.finding(model::FindingType::kNPlusOneSql, "t1", "SELECT ?", 3);
  const model::GreenSummary s = scene.score().summary;
  ASSERT_TRUE(s.database_waste);
  EXPECT_EQ(s.database_waste->energy_kwh, 2e-5);
  EXPECT_EQ(s.database_waste->ratio, 0.5);
  EXPECT_EQ(s.database_waste->waste_kwh, 1e-5);
  EXPECT_EQ(s.database_waste->model, "alumet_rapl");
  EXPECT_EQ(s.database_waste->region, "EU-West-3");
  ASSERT_TRUE(s.database_waste->energy_gco2);
  const RegionFacts& paris = *find_region("eu-west-3");
  EXPECT_EQ(*s.database_waste->energy_gco2, 2e-5 * paris.annual * pue(paris.provider));
  EXPECT_EQ(*s.database_waste->waste_gco2, *s.database_waste->energy_gco2 * 0.5);
  EXPECT_EQ(s.energy_kwh, 4 * 5e-8);
  EXPECT_FALSE(s.messaging_waste);
}

TEST(Readings, EnergyOfAWorkloadTakesTheAnnualOrTheRealTimeIntensity) {
  const auto grams = [](std::optional<std::string> region, std::optional<double> live) {
    Measured scene;
    scene.readings.broker = {true, DeliveredEnergy{1e-3, "broker_specpower", std::move(region)}};
    if (live) scene.readings.regions["my-dc"] = scene.readings.regions["us-west-2"] = {*live, std::nullopt, std::nullopt};
    scene.span("t1", "a");
    const model::GreenSummary s = scene.score().summary;
    EXPECT_EQ(s.messaging_waste->ratio, 0.0);
    EXPECT_EQ(s.messaging_waste->waste_kwh, 0.0);
    return s.messaging_waste->energy_gco2;
  };
  const RegionFacts& oregon = *find_region("us-west-2");
  EXPECT_EQ(grams("us-west-2", std::nullopt), 1e-3 * oregon.annual * pue(oregon.provider));
  EXPECT_EQ(grams("us-west-2", 10.0), 1e-3 * 10.0 * pue(oregon.provider));
  EXPECT_EQ(grams("my-dc", 10.0), 1e-3 * 10.0 * 1.5);
  EXPECT_EQ(grams("my-dc", std::nullopt), std::nullopt);
  EXPECT_EQ(grams(std::nullopt, 10.0), std::nullopt);
}

TEST(Readings, WhatIsDeclaredIsNeverEstimated) {
  Measured scene;
  scene.span("t1", "a").sql("SELECT 1");
  scene.span("t1", "a").messaging();
  EXPECT_EQ(scene.score().summary.database_waste->model, "estimated");
  scene.readings.database.declared = scene.readings.broker.declared = true;
  EXPECT_FALSE(scene.score().summary.database_waste);
  EXPECT_FALSE(scene.score().summary.messaging_waste);
}

TEST(EnergyModel, OneThatOutlivesAWindowGivesTheSameFigures) {
  Scene scene;
  scene.config.default_region = "fr";
  scene.span("t1", "a").sql("SELECT 1");
  EnergyModel model(scene.symbols, uses_coefficients(scene.config));
  scene.daemon.energy = &model;
  EXPECT_EQ(scene.score().summary.energy_kwh, 5e-8);
  for (int i = 0; i < 100; ++i) scene.span("t2", "b").sql("DELETE FROM t" + std::to_string(i));
  model.cover_texts();
  const double kept = scene.score().summary.energy_kwh;
  scene.daemon.energy = nullptr;
  EXPECT_EQ(kept, scene.score().summary.energy_kwh);
}

}  // namespace
}  // namespace sentinel::score::test
