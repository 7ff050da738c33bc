#include "telemetry/component.h"

#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "telemetry/exposition.h"

namespace sentinel::telemetry {
namespace {

// The time of these tests, in microseconds; every case sets it.
std::atomic<std::uint64_t> clock_us{0};

struct Desk {
  Desk() { clock_us = 1'000'000; }
  Registry registry;
  Meter meter{registry,
              {"watch", "1.2.3", "abc", "gcc", "release"},
              {[] { return clock_us.load(); }, [] { return 1'000'000.5 + static_cast<double>(clock_us) / 1e6; }}};

  // The value of a series as a scrape shows it; empty when there is none.
  std::string value(const std::string& series) {
    Snapshot snapshot = registry.snapshot();
    meter.append(snapshot);
    const std::string text = "\n" + expose(std::move(snapshot), Exposition::kPlain);
    const std::string start = "\nperf_sentinel_" + series + " ";
    const auto at = text.find(start);
    return at == std::string::npos ? "" : text.substr(at + start.size(), text.find('\n', at + 1) - at - start.size());
  }
};

TEST(Component, CountsUnderItsId) {
  Desk desk;
  Component grpc("otlp_receiver/grpc", &desk.meter);
  grpc.error(ErrorKind::kParse);
  grpc.emissions(5);
  grpc.emissions(0);
  grpc.emissions(-3);
  grpc.latency(0.0002);
  EXPECT_EQ(desk.value(R"(receiver_errors_total{component_id="otlp_receiver/grpc",kind="parse"})"), "1");
  EXPECT_EQ(desk.value(R"(receiver_errors_total{component_id="otlp_receiver/grpc",kind="panic"})"), "0");
  EXPECT_EQ(desk.value(R"(receiver_emissions_total{component_id="otlp_receiver/grpc"})"), "5");
  EXPECT_EQ(desk.value(R"(receiver_collection_latency_seconds_bucket{component_id="otlp_receiver/grpc",le="0.0001"})"), "0");
  EXPECT_EQ(desk.value(R"(receiver_collection_latency_seconds_bucket{component_id="otlp_receiver/grpc",le="0.00025"})"), "1");
}

TEST(Component, TheLastActivityStartsAtConstruction) {
  Desk desk;
  Component socket("json_socket/main", &desk.meter);
  EXPECT_EQ(desk.value(R"(receiver_last_activity_unix_seconds{component_id="json_socket/main"})"), "1000001.5");
  clock_us = 4'000'000;
  socket.activity();
  EXPECT_EQ(desk.value(R"(receiver_last_activity_unix_seconds{component_id="json_socket/main"})"), "1000004.5");
}

TEST(Component, DegradedTimeGrowsWhileItLasts) {
  Desk desk;
  constexpr auto kSeries = R"(receiver_degraded_seconds_total{component_id="store/sqlite"})";
  Component store("store/sqlite", &desk.meter);
  EXPECT_EQ(desk.value(kSeries), "0");
  store.degraded(true);
  store.degraded(true);
  EXPECT_TRUE(store.is_degraded());
  clock_us += 2'500'000;
  EXPECT_EQ(desk.value(kSeries), "2.5");
  clock_us += 500'000;
  store.degraded(false);
  clock_us += 9'000'000;
  EXPECT_EQ(desk.value(kSeries), "3");
  store.degraded(true);
  clock_us += 1'000'000;
  EXPECT_EQ(desk.value(kSeries), "4");
}

TEST(Meter, NamesTheComponentsThatAreDegradedNow) {
  Desk desk;
  Component first("a/b", &desk.meter);
  Component second("c/d", &desk.meter);
  Component again("c/d", &desk.meter);
  EXPECT_TRUE(desk.meter.degraded().empty());
  second.degraded(true);
  first.degraded(true);
  again.degraded(true);
  EXPECT_EQ(desk.meter.degraded(), (std::vector<std::string>{"a/b", "c/d"}));
  first.degraded(false);
  second.degraded(false);
  EXPECT_EQ(desk.meter.degraded(), std::vector<std::string>{"c/d"}) << "one of two is";
}

TEST(Component, TwoOfOneIdShareTheirSeries) {
  Desk desk;
  constexpr auto kDegraded = R"(receiver_degraded_seconds_total{component_id="a/b"})";
  Component first("a/b", &desk.meter);
  {
    Component second("a/b", &desk.meter);
    first.emissions(1);
    second.emissions(1);
    EXPECT_EQ(desk.value(R"(receiver_emissions_total{component_id="a/b"})"), "2");
    first.degraded(true);
    clock_us += 1'000'000;
    second.degraded(true);
    clock_us += 1'000'000;
    first.degraded(false);
    clock_us += 1'000'000;
    EXPECT_EQ(desk.value(kDegraded), "3") << "as long as one of them is";
  }
  clock_us += 1'000'000;
  EXPECT_EQ(desk.value(kDegraded), "3") << "a component that is gone is no longer degraded";
}

TEST(Component, WithoutAMeterNothingHappens) {
  Component nobody("a/b", nullptr, Component::Role::kExporter);
  nobody.error(ErrorKind::kInit);
  nobody.emissions(1);
  nobody.latency(1);
  nobody.degraded(true);
  nobody.activity();
  nobody.call_success();
  nobody.call_failure(ErrorKind::kConnect);
  EXPECT_TRUE(nobody.is_degraded());
}

TEST(Component, OnlyExportersHaveCalls) {
  Desk desk;
  Component receiver("a/receiver", &desk.meter);
  receiver.call_success();
  Component exporter("exporter/ndjson", &desk.meter, Component::Role::kExporter);
  exporter.call_success();
  exporter.call_success();
  exporter.call_failure(ErrorKind::kDownstream);
  EXPECT_EQ(desk.value(R"(exporter_calls_total{component_id="a/receiver",kind="",result="success"})"), "");
  EXPECT_EQ(desk.value(R"(exporter_calls_total{component_id="exporter/ndjson",kind="",result="success"})"), "2");
  EXPECT_EQ(desk.value(R"(exporter_calls_total{component_id="exporter/ndjson",kind="downstream",result="failure"})"), "1");
}

TEST(Component, ARegistryThatRefusesLeavesItWithoutAMeterAndSaysSo) {
  Registry registry;
  registry.gauges({.name = "perf_sentinel_receiver_errors_total", .help = "taken"});
  Meter meter(registry, {});
  Component component("a/b", &meter);
  component.error(ErrorKind::kRead);
  const std::string text = expose(registry.snapshot(), Exposition::kPlain);
  EXPECT_NE(text.find(R"(selftelemetry_init_errors_total{component_id="a/b",reason="instrument_register"} 1)"),
            std::string::npos)
      << text;
}

TEST(Meter, BuildInfoIsOne) {
  Desk desk;
  EXPECT_EQ(desk.value(R"(build_info{build_type="release",command="watch",compiler="gcc",revision="abc",version="1.2.3"})"),
            "1");
}

TEST(Meter, QueuesShowTheirFillAndTheFullest) {
  Desk desk;
  EXPECT_EQ(desk.value(R"(queue_depth_ratio{queue="max"})"), "");
  desk.meter.queue("ingest").set(512, 1024);
  desk.meter.queue("analysis").set(3, 4);
  desk.meter.queue("archive").set(7, 0);
  EXPECT_EQ(&desk.meter.queue("ingest"), &desk.meter.queue("ingest"));
  EXPECT_EQ(desk.value(R"(queue_depth_ratio{queue="ingest"})"), "0.5");
  EXPECT_EQ(desk.value(R"(queue_depth_ratio{queue="archive"})"), "0");
  EXPECT_EQ(desk.value(R"(queue_depth_ratio{queue="max"})"), "0.75");
}

TEST(Meter, RestartsOfTheLastHour) {
  Desk desk;
  constexpr auto kSeries = R"(component_restart_count_per_hour{component_id="energy_scraper/kepler"})";
  EXPECT_EQ(desk.value(kSeries), "");
  desk.meter.supervised("energy_scraper/kepler");
  EXPECT_EQ(desk.value(kSeries), "0");
  desk.meter.restarted("energy_scraper/kepler");
  clock_us += 10'000'000;
  desk.meter.restarted("energy_scraper/kepler");
  EXPECT_EQ(desk.value(kSeries), "2");
  clock_us = 1'000'000 + 3'600'000'000;
  EXPECT_EQ(desk.value(kSeries), "2") << "an hour ago counts";
  clock_us += 1;
  EXPECT_EQ(desk.value(kSeries), "1");
  clock_us += 10'000'000;
  EXPECT_EQ(desk.value(kSeries), "0");
}

TEST(Meter, TheFailureRateIsThatOfTheLastMinute) {
  Desk desk;
  Component one("exporter/one", &desk.meter, Component::Role::kExporter);
  Component also_one("exporter/one", &desk.meter, Component::Role::kExporter);
  Component other("exporter/other", &desk.meter, Component::Role::kExporter);
  one.call_failure(ErrorKind::kConnect);
  EXPECT_EQ(desk.value("exporter_failure_rate"), "0") << "no snapshot is a minute old";
  for (int i = 0; i < 3; ++i) other.call_success();
  also_one.call_failure(ErrorKind::kConnect);
  clock_us += 60'000'000;
  EXPECT_EQ(desk.value("exporter_failure_rate"), "0.25") << "one failure in four calls, counted once for two of one id";
  clock_us += 60'000'000;
  EXPECT_EQ(desk.value("exporter_failure_rate"), "0") << "no calls";
}

TEST(WindowedRate, IsNeverNotANumber) {
  WindowedRate rate(1000);
  EXPECT_EQ(rate.update(0, 5, 10), 0.0) << "no anchor";
  EXPECT_EQ(rate.update(999, 6, 12), 0.0);
  EXPECT_EQ(rate.update(1000, 6, 12), 0.5);
  EXPECT_EQ(rate.update(2000, 5, 14), 0.0) << "a counter went back";
  EXPECT_EQ(rate.update(3000, 5, 14), 0.0) << "no calls";
}

TEST(WindowedRate, KeepsTwoWindowsAndNoMoreThanItsMost) {
  WindowedRate rate(1000);
  for (std::uint64_t us = 0; us <= 10'000; us += 100) (void)rate.update(us, us, us);
  EXPECT_EQ(rate.size(), 21U);
  for (std::uint64_t i = 0; i < 10'000; ++i) (void)rate.update(10'000 + i / 10, 10'000 + i, 10'000 + i);
  EXPECT_EQ(rate.size(), WindowedRate::kMost);
}

TEST(Component, ManyThreadsMayCount) {
  Desk desk;
  Component component("a/b", &desk.meter, Component::Role::kExporter);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 2000; ++i) {
          component.emissions(1);
          component.degraded(i % 2 == 0);
          component.activity();
          component.call_success();
        }
      });
    }
    for (int i = 0; i < 30; ++i) (void)desk.value("exporter_failure_rate");
  }
  component.degraded(false);
  EXPECT_EQ(desk.value(R"(receiver_emissions_total{component_id="a/b"})"), "6000");
  EXPECT_EQ(desk.value(R"(receiver_degraded_seconds_total{component_id="a/b"})"), "0") << "the clock stood still";
}

TEST(Kinds, AreThoseOfTheContract) {
  std::string kinds, reasons;
  for (std::size_t i = 0; i < kErrorKinds; ++i) kinds += std::string(slug(static_cast<ErrorKind>(i))) + " ";
  for (const InitReason reason : {InitReason::kInstrumentRegister, InitReason::kNilProvider, InitReason::kUnsupportedSdk}) {
    reasons += std::string(slug(reason)) + " ";
  }
  EXPECT_EQ(kinds, "cardinality connect downstream enumerate init panic parse read ");
  EXPECT_EQ(reasons, "instrument_register nil_provider unsupported_sdk ");
}

}  // namespace
}  // namespace sentinel::telemetry
