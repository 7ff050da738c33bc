// What each source makes of real answers of a real server: the worked figures of chapter 04 §19.3, and the recorded verdicts.
#include <gtest/gtest.h>

#include "energy/json_answer.h"
#include "energy/support/desk.h"

namespace sentinel::energy {
namespace {

using nlohmann::json;
using test::Desk;

// -- Scaphandre

std::string process(const std::string& exe, const std::string& cmdline, const std::string& microwatts) {
  return "scaph_process_power_consumption_microwatts{exe=\"" + exe + "\",cmdline=\"" + cmdline + "\"} " + microwatts + "\n";
}

struct ScaphandreDesk : Desk {
  ScaphandreDesk() {
    green.scaphandre.endpoint = url();
    green.scaphandre.process_map["pay"] = {"java", "pay.jar"};
    ops["pay"] = 400;
  }
};

TEST(Scaphandre, PowerOfTheOneProcessOverItsOperations) {
  ScaphandreDesk desk;
  desk.answer(process("/usr/bin/java", "java-jarpay.jar", "8000000") + process("/usr/bin/java", "java-jarcart.jar", "1"));
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), 2.777777777777778e-8);
  EXPECT_EQ(desk.board().take(desk.now).services.at("pay").source, score::EnergySource::kScaphandreRapl);
  EXPECT_NE(desk.requests().at(0).find("GET /metrics HTTP/1.1\r\n"), std::string::npos);
  EXPECT_NE(desk.requests().at(0).find("User-Agent: perf-sentinel/scaphandre-scraper\r\n"), std::string::npos);
}

TEST(Scaphandre, TwoProcessesThatMatchMeasureNobody) {
  ScaphandreDesk desk;
  desk.answer(process("java", "pay.jar", "8000000") + process("java2", "pay.jar", "8000000"));
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), -1);
  EXPECT_EQ(desk.good(), 1U);
}

TEST(Scaphandre, AnIdleProcessCostsNothingButAHostWithoutSensorsIsNotMeasured) {
  ScaphandreDesk idle;
  idle.answer(process("java", "pay.jar", "0") + process("nginx", "", "5"));
  idle.tick();
  EXPECT_EQ(idle.coefficient("pay"), 0.0);
  ScaphandreDesk blind;
  blind.answer(process("java", "pay.jar", "0") + process("nginx", "", "0"));
  blind.tick();
  EXPECT_EQ(blind.coefficient("pay"), -1);
}

TEST(Scaphandre, ABadReadingKeepsTheLastCoefficient) {
  ScaphandreDesk desk;
  desk.answer(process("java", "pay.jar", "8000000"));
  desk.tick();
  for (const char* power : {"-1", "NaN", "+Inf", "word"}) {
    desk.ops["pay"] += 100;
    desk.answer(process("java", "pay.jar", power) + process("other", "", "5"));
    desk.tick();
    EXPECT_EQ(desk.coefficient("pay"), 2.777777777777778e-8) << power;
  }
}

// -- Alumet

struct AlumetDesk : Desk {
  AlumetDesk() {
    green.alumet.endpoint = url();
    green.alumet.metric_name = "rapl";
    green.alumet.label_key = "cgroup";
    green.alumet.service_mappings["pay"] = "/pay";
    ops["pay"] = 400;
  }
};

TEST(Alumet, JoulesOfOnePollIntervalOverAPeriodOfScrapes) {
  AlumetDesk desk;
  desk.answer("rapl{cgroup=\"/pay\",domain=\"a\"} 12\nrapl{cgroup=\"/pay\",domain=\"b\"} 0.5\n");
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), 4.340277777777778e-8);
}

TEST(Alumet, AServiceWithoutOperationsKeepsItsCoefficient) {
  AlumetDesk desk;
  desk.answer("rapl{cgroup=\"/pay\"} 12.5\n");
  desk.tick();
  desk.answer("rapl{cgroup=\"/pay\"} 99\n");
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), 4.340277777777778e-8);
}

TEST(Alumet, TheDatabaseIsBankedWithOrWithoutOperations) {
  AlumetDesk desk;
  desk.green.alumet.database = config::AlumetLabel{"/pg", "fr"};
  desk.ops.clear();
  desk.answer("rapl{cgroup=\"/pg\"} 12.5\n");
  desk.tick();
  desk.tick();
  desk.answer("rapl{cgroup=\"/other\"} 12.5\n");
  desk.tick();
  const score::Readings& readings = desk.board().take(desk.now);
  EXPECT_EQ(readings.database.delivered->kwh, 2 * 1.736111111111111e-5);
  EXPECT_FALSE(readings.broker.declared);
}

// -- Kepler

struct KeplerDesk : Desk {
  KeplerDesk() {
    green.kepler.endpoint = url();
    green.kepler.service_mappings["pay"] = "pay-box";
  }
  void counter(double joules) {
    answer("kepler_container_cpu_joules_total{container_name=\"pay-box\"} " + std::to_string(joules));
  }
};

TEST(Kepler, TheFirstCounterIsOnlyRemembered) {
  KeplerDesk desk;
  desk.counter(1500.0);
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), -1);
  desk.ops["pay"] = 400;
  desk.counter(1534.5);
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), 2.3958333333333334e-8);
}

TEST(Kepler, ARestartIsNoEnergyAndTheNextRiseIs) {
  KeplerDesk desk;
  desk.counter(1500.0);
  desk.tick();
  desk.ops["pay"] = 400;
  desk.counter(10.0);
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), -1);
  desk.ops["pay"] = 800;
  desk.counter(44.5);
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), 2.3958333333333334e-8);
}

TEST(Kepler, AfterAnOutageEnergyAndOperationsAreOfTheSameTime) {
  KeplerDesk desk;
  desk.counter(1500.0);
  desk.tick();
  desk.ops["pay"] = 200;
  desk.answer("", 500);
  desk.tick();
  desk.ops["pay"] = 400;
  desk.counter(1534.5);
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), 2.3958333333333334e-8);
}

TEST(Kepler, ACounterThatStandsStillMeasuresNothing) {
  KeplerDesk desk;
  desk.counter(0.0);
  for (std::uint64_t i = 0; i < 4; ++i) {
    desk.ops["pay"] = i * 10;
    desk.tick();
  }
  EXPECT_EQ(desk.coefficient("pay"), -1);
}

TEST(Kepler, ProcessesAreKnownByTheirShortName) {
  Desk desk;
  desk.green.kepler.endpoint = desk.url();
  desk.green.kepler.metric_kind = config::KeplerConfig::MetricKind::kProcess;
  desk.green.kepler.service_mappings["pay"] = "java";
  for (const char* joules : {"1500", "1534.5"}) {
    desk.answer(std::string("kepler_process_cpu_joules_total{comm=\"java\"} ") + joules);
    desk.tick();
    desk.ops["pay"] = 400;
  }
  EXPECT_EQ(desk.coefficient("pay"), 2.3958333333333334e-8);
}

// -- Redfish

std::string watts(double value) { return json{{"PowerControl", {{{"PowerConsumedWatts", value}}}}}.dump(); }

TEST(Redfish, TheServicesOfAChassisShareItsPower) {
  Desk desk;
  desk.green.redfish.endpoints["c1"] = {desk.url("/c1"), config::RedfishEndpoint::Schema::kLegacyPower};
  desk.green.redfish.service_mappings = {{"pay", "c1"}, {"cart", "c1"}, {"idle", "c1"}};
  desk.ops = {{"pay", 300}, {"cart", 900}, {"other", 7}};
  desk.answer(watts(287.5));
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), 3.993055555555555e-6);
  EXPECT_EQ(desk.coefficient("cart"), 3.993055555555555e-6);
  EXPECT_EQ(desk.coefficient("idle"), -1);
}

TEST(Redfish, EachChassisCountsForItself) {
  Desk desk;
  using enum config::RedfishEndpoint::Schema;
  desk.green.redfish.endpoints["bad"] = {desk.url("/bad"), kLegacyPower};
  desk.green.redfish.endpoints["good"] = {desk.url("/good"), kEnvironmentMetrics};
  desk.green.redfish.service_mappings = {{"pay", "good"}, {"cart", "bad"}};
  desk.ops = {{"pay", 600}, {"cart", 600}};
  desk.reply([](net::Peer& peer, const std::string& request) {
    peer.answer(request.starts_with("GET /good ") ? "{\"PowerWatts\":{\"Reading\":36}}" : "{}");
  });
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), 36.0 * 60 / 3'600'000 / 600);
  EXPECT_EQ(desk.coefficient("cart"), -1);
  EXPECT_EQ(desk.good(), 1U);
  EXPECT_EQ(desk.bad(), 1U);
  EXPECT_EQ(desk.bad(ScrapeFailure::kPathMissing), 1U);
  EXPECT_EQ(desk.age(), 0.0);
}

TEST(Redfish, VerdictsAreAsRecorded) {
  for (const json& row : test::read_vectors("redfish")) {
    Desk desk;
    desk.green.redfish.endpoints["c"] = {desk.url("/power"), config::RedfishEndpoint::Schema::kLegacyPower};
    desk.green.redfish.service_mappings["pay"] = "c";
    desk.ops["pay"] = 60;
    const int status = row["status"];
    if (status == 301) {
      desk.answer("", status, "Location: " + row["body"].get<std::string>() + "\r\n");
    } else {
      desk.answer(row.contains("body") ? row["body"].get<std::string>() : std::string("\xFF"), status);
    }
    desk.tick();
    if (row["reason"].is_null()) {
      EXPECT_EQ(desk.coefficient("pay"), row["watts"].get<double>() * 60 / 3'600'000 / 60) << row;
      EXPECT_EQ(desk.bad(), 0U) << row;
    } else {
      EXPECT_EQ(desk.coefficient("pay"), -1) << row;
      std::string reasons;
      for (std::size_t i = 0; i < kScrapeFailures; ++i) {
        if (desk.bad(static_cast<ScrapeFailure>(i)) > 0) reasons += slug(static_cast<ScrapeFailure>(i));
      }
      EXPECT_EQ(reasons, row["reason"].get<std::string>()) << row;
    }
    EXPECT_EQ(desk.requests().size(), 1U) << "a redirect must not be followed";
  }
}

// -- Cloud

struct CloudDesk : Desk {
  CloudDesk() {
    green.cloud.prometheus_endpoint = url("/");
    green.cloud.scrape_interval_secs = 15;
    ops["pay"] = 250;
  }
  void percent(const std::string& value) {
    answer(json{{"status", "success"}, {"data", {{"result", {{{"value", {1, value}}}}}}}}.dump());
  }
};

TEST(Cloud, UseBetweenIdleAndFullPowerOfTheInstance) {
  CloudDesk desk;
  desk.green.cloud.services["pay"].instance_type = "m5.4xlarge";
  desk.percent("42.5");
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), 5.658333333333334e-7);
}

TEST(Cloud, AnswersAreReadAsRecorded) {
  for (const json& row : test::read_vectors("cloud")) {
    CloudDesk desk;
    config::CloudService& service = desk.green.cloud.services["pay"];
    service.idle_watts = 0.0;
    service.max_watts = 100.0;
    service.cpu_query = "q0";
    const int status = row["status"];
    desk.answer(row["body"], status, status == 301 ? "Location: /elsewhere\r\n" : "");
    desk.tick();
    const double want = row["cpu_percent"].is_null() ? -1 : row["cpu_percent"].get<double>() / 1000 * (15.0 / 3600) / 250;
    EXPECT_DOUBLE_EQ(desk.coefficient("pay"), want) << row;
  }
}

TEST(Cloud, TheQueryOfTheServiceComesFirstThenTheCommonThenTheProviders) {
  const auto asked = [](const auto& set_up) {
    CloudDesk desk;
    set_up(desk.green.cloud);
    desk.percent("1");
    desk.tick();
    const std::string request = desk.requests().at(0);
    return request.substr(4, request.find(" HTTP/") - 4);
  };
  EXPECT_EQ(asked([](config::CloudConfig& c) { c.services["pay"].cpu_query = "a b{c=\"d\"}/*~"; }),
            "/api/v1/query?query=a%20b%7Bc%3D%22d%22%7D/*~");
  EXPECT_EQ(asked([](config::CloudConfig& c) {
              c.services["pay"];
              c.cpu_metric = "common";
            }),
            "/api/v1/query?query=common");
  EXPECT_EQ(asked([](config::CloudConfig& c) { c.services["pay"].provider = "aws"; }),
            "/api/v1/query?query=aws_ec2_cpuutilization_average");
  EXPECT_TRUE(asked([](config::CloudConfig& c) { c.services["pay"]; }).starts_with("/api/v1/query?query=100%20-%20%28avg"));
}

TEST(Cloud, APathBeforeTheApiIsKept) {
  CloudDesk desk;
  desk.green.cloud.prometheus_endpoint = desk.url("/prometheus/");
  desk.green.cloud.services["pay"].cpu_query = "q";
  desk.percent("1");
  desk.tick();
  EXPECT_TRUE(desk.requests().at(0).starts_with("GET /prometheus/api/v1/query?query=q HTTP/1.1"));
}

// -- Electricity Maps

struct GridDesk : Desk {
  GridDesk() {
    green.emaps.api_key = "secret token";
    green.emaps.endpoint = url("/v4");
    green.emaps.region_map = {{"eu-west-3", "FR"}, {"fr", "FR"}, {"my-dc", "DE"}};
  }
};

TEST(ElectricityMaps, EachZoneIsAskedOnceAndSetsItsRegions) {
  GridDesk desk;
  desk.reply([](net::Peer& peer, const std::string& request) {
    peer.answer(request.starts_with("GET /v4/carbon-intensity/latest?zone=FR ")
                    ? "{\"carbonIntensity\":56,\"isEstimated\":true}"
                    : "{\"carbonIntensity\":301.5}");
  });
  desk.tick();
  const auto& regions = desk.board().take(desk.now).regions;
  ASSERT_EQ(regions.size(), 3U);
  EXPECT_EQ(regions.at("eu-west-3").grams_per_kwh, 56.0);
  EXPECT_EQ(regions.at("fr").estimated, true);
  EXPECT_EQ(regions.at("my-dc").grams_per_kwh, 301.5);
  ASSERT_EQ(desk.requests().size(), 2U);
  EXPECT_TRUE(desk.requests()[0].starts_with("GET /v4/carbon-intensity/latest?zone=DE HTTP/1.1"));
  EXPECT_NE(desk.requests()[0].find("auth-token: secret token\r\n"), std::string::npos);
  EXPECT_NE(desk.requests()[0].find("User-Agent: perf-sentinel\r\n"), std::string::npos);
}

TEST(ElectricityMaps, WishesAreAskedFor) {
  GridDesk desk;
  desk.green.emaps.region_map = {{"fr", "FR"}};
  desk.green.emaps.emission_factor_type = "direct";
  desk.green.emaps.temporal_granularity = "5_minutes";
  desk.answer("{}");
  desk.tick();
  EXPECT_TRUE(desk.requests().at(0).starts_with(
      "GET /v4/carbon-intensity/latest?zone=FR&emissionFactorType=direct&temporalGranularity=5_minutes HTTP/1.1"));
}

TEST(ElectricityMaps, AnswersAreReadAsRecorded) {
  for (const json& row : test::read_vectors("electricity_maps")) {
    GridDesk desk;
    desk.green.emaps.region_map = {{"fr", "FR"}};
    std::string body = row["body"];
    if (row.contains("then_spaces")) body.append(row["then_spaces"].get<std::size_t>(), ' ');
    const int status = row["status"];
    desk.answer(body, status, status == 301 ? "Location: /elsewhere\r\n" : "");
    desk.tick();
    const auto& regions = desk.board().take(desk.now).regions;
    const json& want = row["reading"];
    if (want.is_null()) {
      EXPECT_TRUE(regions.empty()) << row;
      continue;
    }
    ASSERT_EQ(regions.size(), 1U) << row;
    const score::GridReading& got = regions.at("fr");
    EXPECT_EQ(got.grams_per_kwh, want["intensity"].get<double>()) << row;
    EXPECT_EQ(got.estimated.has_value(), want.contains("estimated")) << row;
    EXPECT_EQ(got.estimated.value_or(false), want.value("estimated", false)) << row;
    EXPECT_EQ(got.method.value_or("(none)"), want.value("method", "(none)")) << row;
  }
}

TEST(ElectricityMaps, ATooEagerClientWaitsAsLongAsItIsTold) {
  GridDesk desk;
  desk.answer("", 429, "Retry-After: 90\r\n");
  EXPECT_EQ(desk.tick(), std::chrono::seconds(90));
  EXPECT_EQ(desk.requests().size(), 1U) << "the second zone is not asked after the first was refused";
  desk.answer("", 429, "Retry-After: 99999999\r\n");
  EXPECT_EQ(desk.tick(), kLongestRetryAfter);
  desk.answer("{\"carbonIntensity\":1}");
  EXPECT_EQ(desk.tick(), std::chrono::seconds(0));
}

// -- damage

TEST(JsonAnswers, EveryCutOfAnAnswerIsRefused) {
  const std::string power = watts(287.5);
  const std::string query = R"({"status":"success","data":{"result":[{"value":[1,"50"]}]}})";
  const std::string zone = R"({"carbonIntensity":50,"isEstimated":true,"estimationMethod":"X"})";
  using enum config::RedfishEndpoint::Schema;
  for (std::size_t size = 0; size < power.size(); ++size) {
    EXPECT_TRUE(std::holds_alternative<ScrapeFailure>(read_redfish(power.substr(0, size), kLegacyPower))) << size;
  }
  for (std::size_t size = 0; size < query.size(); ++size) EXPECT_FALSE(read_query_answer(query.substr(0, size))) << size;
  for (std::size_t size = 0; size < zone.size(); ++size) EXPECT_FALSE(read_intensity(zone.substr(0, size))) << size;
  EXPECT_EQ(std::get<double>(read_redfish(power, kLegacyPower)), 287.5);
  EXPECT_EQ(read_query_answer(query)->value, 50.0);
  EXPECT_EQ(read_intensity(zone)->method, "X");
}

TEST(JsonAnswers, NestingHasALimit) {
  const std::string deep = "{\"x\":" + std::string(100'000, '[');
  EXPECT_FALSE(read_intensity(deep));
  EXPECT_FALSE(read_query_answer(deep));
  EXPECT_EQ(std::get<ScrapeFailure>(read_redfish(deep, config::RedfishEndpoint::Schema::kLegacyPower)),
            ScrapeFailure::kInvalidJson);
}

}  // namespace
}  // namespace sentinel::energy
