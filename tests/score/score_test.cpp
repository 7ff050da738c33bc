#include "score/score.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>

#include "score/support/scene.h"
#include "score/support/vectors.h"

namespace sentinel::score::test {
namespace {

using model::FindingType;
using model::IntensitySource;

std::string region_number(int i) { return "r-" + std::to_string(i); }

TEST(Score, WorkedExampleOfOneRegion) {  // 04 §19.1
  Scene scene;
  scene.config.default_region = "eu-west-3";
  for (int i = 0; i < 6; ++i) scene.span("t", "order-svc", "GET /o").sql("SELECT ?").at("2025-07-10T14:32:01Z");
  scene.finding(FindingType::kNPlusOneSql, "t", "SELECT ?", 6, "order-svc", "GET /o");
  const model::GreenSummary s = scene.score().summary;
  EXPECT_EQ(s.io_waste_ratio, 0.8333333333333334);
  ASSERT_TRUE(s.co2.has_value());
  EXPECT_EQ(s.co2->operational_gco2, 1.0729499999999998e-5);
  EXPECT_EQ(s.co2->total.mid, 0.0010107295);
  EXPECT_EQ(s.co2->total.low, 0.00050536475);
  EXPECT_EQ(s.co2->total.high, 0.002021459);
  EXPECT_EQ(s.co2->avoidable.mid, 8.941249999999998e-6);
  EXPECT_EQ(s.co2->total.model, "io_proxy_v3");
  ASSERT_EQ(s.regions.size(), 1U);
  EXPECT_EQ(s.regions[0].grid_intensity, 31.099999999999998);
  EXPECT_EQ(s.per_service_carbon_kgco2eq.at("order-svc"), 1.0729499999999999e-8);
  ASSERT_TRUE(s.database_waste.has_value());
  EXPECT_EQ(s.database_waste->waste_kwh, 2.5e-7);
  EXPECT_EQ(s.database_waste->waste_gco2, 8.941249999999998e-6);
  EXPECT_FALSE(s.messaging_waste.has_value());
}

TEST(Score, WorkedExampleOfSeveralRegions) {  // 04 §19.2
  Scene scene;
  scene.config.service_regions = {{"order-api", "us-west1"}, {"lab", "mars-1"}};
  const char* at = "2025-01-15T18:00:00Z";
  scene.span("t1", "web").http("http://Order-API:8080/x").response(2'000'000).region("EU-WEST-3").at(at);
  scene.span("t1", "order-api").sql("INSERT ?").at(at);
  scene.span("t1", "lab").sql("UPDATE ?").at(at);
  scene.span("t2", "ghost").sql("SELECT ?").at(at);
  const model::GreenSummary s = scene.score().summary;
  EXPECT_EQ(s.transport_gco2, 0.0055844);
  EXPECT_EQ(s.co2->operational_gco2, 4.0447999999999996e-5);
  EXPECT_EQ(s.co2->total.mid, 0.007624848);
  EXPECT_EQ(s.co2->sci_per_trace->mid, 0.003812424);
  EXPECT_EQ(s.energy_kwh, 5e-7);
  EXPECT_EQ(s.energy_model, "io_proxy_v3");
  EXPECT_FALSE(s.per_service_region.contains("ghost"));
  EXPECT_EQ(s.per_service_region.at("web"), "eu-west-3");
  std::string rows;
  for (const model::RegionRow& row : s.regions) rows += row.region + ":" + row.status + " ";
  EXPECT_EQ(rows, "us-west1:known eu-west-3:known mars-1:out_of_table unknown:unresolved ");
  EXPECT_EQ(s.database_waste->energy_gco2, 2.6487e-5);
  EXPECT_EQ(s.database_waste->ratio, 0.0);
}

TEST(Score, CustomProfileGivesAnUnlistedRegionItsCarbon) {  // 04 §19.8
  for (const bool hourly : {true, false}) {
    Scene scene;
    scene.config.use_hourly_profiles = hourly;
    scene.config.custom_profiles["my-dc"].months[0].fill(500.0);
    for (int i = 0; i < 6; ++i) scene.span("t", "a").http().region("my-dc");
    const model::GreenSummary s = scene.score().summary;
    ASSERT_EQ(s.regions.size(), 1U);
    EXPECT_EQ(s.regions[0].status, "out_of_table");
    EXPECT_EQ(s.regions[0].grid_intensity, hourly ? 500.0 : 0.0);
    EXPECT_EQ(s.regions[0].pue, hourly ? 1.5 : 0.0);
    EXPECT_EQ(s.regions[0].source, hourly ? IntensitySource::kHourly : IntensitySource::kAnnual);
    EXPECT_EQ(s.co2->operational_gco2, hourly ? 0.00044999999999999993 : 0.0);
    EXPECT_EQ(s.energy_model, hourly ? "io_proxy_v2" : "io_proxy_v1");
  }
}

TEST(Score, EmptyInputHasNoCarbonButSaysHowItWouldScore) {
  Scene scene;
  const Scores scores = scene.score();
  EXPECT_FALSE(scores.summary.co2.has_value());
  EXPECT_TRUE(scores.summary.regions.empty());
  EXPECT_TRUE(scores.per_endpoint_io_ops.empty());
  EXPECT_EQ(scores.summary.energy_model, "");
  ASSERT_TRUE(scores.summary.scoring_config.has_value());
  EXPECT_EQ(scores.summary.scoring_config->embodied_per_request_gco2, 0.001);
  EXPECT_EQ(scores.summary.scoring_config->network_energy_per_byte_kwh, 4e-11);
}

TEST(Score, RegionOfASpanBeatsItsServiceWhichBeatsTheDefault) {
  Scene scene;
  scene.config.service_regions = {{"mapped", "DE"}};
  scene.config.default_region = "gb";
  scene.span("t", "Mapped").region("FR");
  scene.span("t", "MAPPED");
  scene.span("t", "other");
  const model::GreenSummary s = scene.score().summary;
  EXPECT_EQ(s.per_service_region.at("Mapped"), "fr");
  EXPECT_EQ(s.per_service_region.at("MAPPED"), "de");
  EXPECT_EQ(s.per_service_region.at("other"), "gb");
}

TEST(Score, ServiceKeepsTheRegionOfItsFirstResolvedSpan) {
  Scene scene;
  scene.span("t", "a");  // unresolved
  scene.span("t", "a").region("de");
  scene.span("t", "a").region("fr");
  scene.span("t", "a").region("de");
  const model::GreenSummary s = scene.score().summary;
  EXPECT_EQ(s.per_service_region.at("a"), "de");
  EXPECT_EQ(s.regions.size(), 3U);
  EXPECT_EQ(s.regions[0].io_ops, 2U);
}

TEST(RegionCap, SpansOfTheRegionsPast256AreUnresolved) {
  for (const int regions : {255, 256, 257, 300}) {
    Scene scene;
    for (int round = 0; round < 2; ++round) {
      for (int i = 0; i < regions; ++i) scene.span("t", "a").region(region_number(i));
    }
    const model::GreenSummary s = scene.score().summary;
    const auto kept = static_cast<std::uint64_t>(std::min(regions, 256));
    const auto lost = 2 * (static_cast<std::uint64_t>(regions) - kept);
    std::uint64_t resolved = 0;
    std::uint64_t unresolved = 0;
    std::size_t rows = 0;
    for (const model::RegionRow& row : s.regions) {
      if (row.status == "unresolved") {
        unresolved += row.io_ops;
      } else {
        resolved += row.io_ops;
        ++rows;
        EXPECT_NE(row.region, "r-256");
      }
    }
    EXPECT_EQ(rows, kept) << regions;
    EXPECT_EQ(resolved, 2 * kept) << regions;
    EXPECT_EQ(unresolved, lost) << regions;
  }
}

TEST(RegionCap, TheFirst256OfTheInputAreInWhateverTheChunks) {
  // Chunks end at a trace after 32 768 spans: two chunks that meet the regions in opposite order.
  Scene scene;
  for (int i = 0; i < 40'000; ++i) scene.span("t1", "a").region(region_number(i % 200));
  for (int i = 0; i < 40'000; ++i) scene.span("t2", "b").region(region_number(399 - i % 400));
  for (const unsigned threads : {1U, 4U}) {
    const model::GreenSummary s = scene.score(threads).summary;
    std::set<std::string> kept;
    for (const model::RegionRow& row : s.regions) kept.insert(row.status == "unresolved" ? "-" : row.region);
    EXPECT_EQ(kept.size(), 257U);
    EXPECT_TRUE(kept.contains("r-0"));
    EXPECT_TRUE(kept.contains("r-199"));
    EXPECT_TRUE(kept.contains("r-399"));  // met before r-343
    EXPECT_TRUE(kept.contains("r-344"));
    EXPECT_FALSE(kept.contains("r-343"));
    EXPECT_FALSE(kept.contains("r-200"));
  }
}

TEST(Score, SameBitsAtAnyNumberOfThreads) {
  constexpr std::uint32_t kSeed = 20250710;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  const auto pick = [&](auto... choices) {
    const std::array<const char*, sizeof...(choices)> all = {choices...};
    return all[random() % all.size()];
  };
  Scene scene;
  scene.config.default_region = "us-east-1";
  scene.config.service_regions = {{"s0", "fr"}, {"s1", "sg"}};
  scene.config.calibration_factors = {{"s2", 1.7}};
  for (int i = 0; i < 150'000; ++i) {
    const std::string trace = "t" + std::to_string(random() % 9000);
    SpanBuilder span = scene.span(trace, pick("s0", "s1", "s2", "s3"), pick("GET /a", "GET /b", "POST /c"));
    if (random() % 3 == 0) span.sql(pick("SELECT ?", "UPDATE ?", "DELETE ?", "CALL ?"));
    if (random() % 4 == 0) span.http(pick("http://s0/x", "http://s1:80/", "http://else/")).response(random());
    if (random() % 9 == 0) span.messaging();
    if (random() % 5 == 0) span.region(pick("de", "mars-1", "IT"));
    span.at(pick("2025-01-15T18:00:00.000Z", "2025-07-10T03:00:00.000Z", "2025-07-10T14Z", "never"));
  }
  const nlohmann::json one = to_json(scene.score(1).summary);
  EXPECT_EQ(one["total_io_ops"], 150'000);
  for (const unsigned threads : {2U, 3U, 16U}) EXPECT_EQ(to_json(scene.score(threads).summary), one) << threads;
}

TEST(Score, ChunksAddUpToTheSameFigures) {
  // One trace is one chunk; many traces are several. Counts are equal, sums agree but for their last digits.
  Scene whole;
  Scene cut;
  for (Scene* scene : {&whole, &cut}) scene->config.default_region = "eu-west-3";
  for (int i = 0; i < 100'000; ++i) {
    whole.span("t", "a").sql("SELECT ?");
    cut.span("t" + std::to_string(i % 50), "a").sql("SELECT ?");
  }
  const model::GreenSummary one = whole.score().summary;
  const model::GreenSummary many = cut.score().summary;
  EXPECT_EQ(many.total_io_ops, one.total_io_ops);
  EXPECT_EQ(many.regions[0].io_ops, one.regions[0].io_ops);
  EXPECT_NEAR(many.energy_kwh, one.energy_kwh, 1e-12);
  EXPECT_NEAR(many.co2->operational_gco2, one.co2->operational_gco2, 1e-9);
  EXPECT_EQ(many.top_offenders[0].io_intensity_score, 2000.0);
}

TEST(Calibration, MarksTheModelOnlyWhenACalibratedSpanHasARegion) {
  Scene scene;
  scene.config.calibration_factors = {{"a", 1.0}};
  scene.span("t", "a");
  scene.span("t", "b").region("us-central1");
  EXPECT_EQ(scene.score().summary.co2->total.model, "io_proxy_v1");
  scene.span("t", "a").region("us-central1");
  EXPECT_EQ(scene.score().summary.co2->total.model, "io_proxy_v1+cal");
}

TEST(Calibration, ServiceNamesMatchWithTheirCase) {
  Scene scene;
  scene.config.default_region = "fr";
  scene.config.calibration_factors = {{"a", 3.0}};
  scene.span("t", "a").http();
  scene.span("t", "A").http();
  const model::GreenSummary s = scene.score().summary;
  EXPECT_EQ(s.per_service_energy_kwh.at("a"), 1e-7 * 3.0);
  EXPECT_EQ(s.per_service_energy_kwh.at("A"), 1e-7);
}

// Carbon of the only endpoint, of a run in which every operation costs the same.
std::optional<double> offender_grams(void (*change)(Scene&)) {
  Scene scene;
  scene.config.default_region = "eu-west-3";
  scene.config.per_operation_coefficients = false;
  scene.span("t", "a");
  scene.span("t", "a");
  change(scene);
  return scene.score().summary.top_offenders.at(0).co2_grams;
}

TEST(TopOffenders, CarbonIsGivenOnlyWhereEveryOperationCostsTheSame) {
  EXPECT_EQ(offender_grams([](Scene&) {}), 2 * (1e-7 * 41.5 * 1.15));
  EXPECT_FALSE(offender_grams([](Scene& s) { s.config.default_region.reset(); }));
  EXPECT_FALSE(offender_grams([](Scene& s) { s.config.default_region = "mars-1"; }));
  EXPECT_FALSE(offender_grams([](Scene& s) { s.config.per_operation_coefficients = true; }));
  EXPECT_FALSE(offender_grams([](Scene& s) { s.config.service_regions = {{"z", "fr"}}; }));
  EXPECT_FALSE(offender_grams([](Scene& s) { s.config.calibration_factors.emplace(); }));
  EXPECT_FALSE(offender_grams([](Scene& s) { s.span("t", "z").region("fr"); }));
}

TEST(Embodied, CountsTracesAndReplacesWhatIsNotPositive) {
  for (const double configured : {0.5, 0.0, -0.0, -1.0}) {
    Scene scene;
    scene.config.embodied_carbon_per_request_gco2 = configured;
    for (const char* trace : {"t1", "t2", "t1"}) scene.span(trace, "a");
    EXPECT_EQ(scene.score().summary.co2->embodied_gco2, 2 * (configured > 0 ? 0.5 : 0.001));
  }
}

TEST(Warnings, NameTheConfiguredBackendsThatABatchRunDoesNotStart) {
  Scene scene;
  EXPECT_TRUE(scene.score().warnings.empty());
  scene.config.configured_backends = {"alumet", "broker_static", "electricity_maps"};
  const Scores scores = scene.score();
  ASSERT_EQ(scores.warnings.size(), 1U);
  EXPECT_EQ(scores.warnings[0].kind, "tuning");
  EXPECT_EQ(scores.warnings[0].message,
            "`[green.alumet]`, `[green.broker_static]`, `[green.electricity_maps]` configured, but only the daemon reads such "
            "sources: "
            "no scraper ran and this run keeps the proxy energy model and the built-in grid intensities");
}

TEST(PerEndpoint, StandsByServiceThenEndpoint) {
  Scene scene;
  scene.span("t1", "b", "GET /a");
  scene.span("t1", "a", "GET /z");
  scene.span("t2", "a", "GET /b");
  scene.span("t2", "b", "GET /a");
  std::string lines;
  for (const model::EndpointIoOps& line : scene.score().per_endpoint_io_ops) {
    lines += line.service + " " + line.endpoint + " " + std::to_string(line.io_ops) + "\n";
  }
  EXPECT_EQ(lines, "a GET /b 1\na GET /z 1\nb GET /a 2\n");
}

}  // namespace
}  // namespace sentinel::score::test
