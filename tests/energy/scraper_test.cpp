// How a scraper bears what servers do: it counts each failure under its reason, waits no longer than it may, and ends at once.
#include "energy/scraper.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>

#include "energy/sources.h"
#include "energy/support/desk.h"

namespace sentinel::energy {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using test::Desk;

struct AgentDesk : Desk {
  AgentDesk() {
    green.alumet.endpoint = url();
    green.alumet.metric_name = "m";
    green.alumet.label_key = "k";
    green.alumet.service_mappings["pay"] = "v";
    ops["pay"] = 1;
  }
};

// The one reason under which the tick's failure was counted; "" when it was good.
std::string reason_of_tick(Desk& desk) {
  const std::uint64_t bad = desk.bad();
  std::array<std::uint64_t, kScrapeFailures> before{};
  for (std::size_t i = 0; i < kScrapeFailures; ++i) before[i] = desk.bad(static_cast<ScrapeFailure>(i));
  desk.tick();
  std::string reason;
  for (std::size_t i = 0; i < kScrapeFailures; ++i) {
    if (desk.bad(static_cast<ScrapeFailure>(i)) > before[i]) reason += slug(static_cast<ScrapeFailure>(i));
  }
  EXPECT_EQ(desk.bad() - bad, reason.empty() ? 0U : 1U);
  return reason;
}

TEST(Scraper, EachFailureHasItsReason) {
  AgentDesk desk;
  desk.deadline = milliseconds(100);
  desk.answer("m{k=\"v\"} 1");
  EXPECT_EQ(reason_of_tick(desk), "");
  for (const int status : {204 + 96, 301, 401, 404, 429, 500, 503}) {
    desk.answer("", status, status == 301 ? "Location: /x\r\n" : "");
    EXPECT_EQ(reason_of_tick(desk), "http_error") << status;
  }
  desk.answer("\xC3\x28");
  EXPECT_EQ(reason_of_tick(desk), "invalid_utf8");
  desk.reply([](net::Peer& peer, const std::string&) { peer.wait_for_close(); });
  EXPECT_EQ(reason_of_tick(desk), "timeout");
  desk.reply([](net::Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    peer.wait_for_close();
  });
  EXPECT_EQ(reason_of_tick(desk), "timeout");
  desk.reply([](net::Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    ::shutdown(peer.fd(), SHUT_RDWR);
  });
  EXPECT_EQ(reason_of_tick(desk), "body_read_error");
  desk.reply([](net::Peer& peer, const std::string&) {
    peer.send("SSH-2.0-OpenSSH\r\n\r\n");
    ::shutdown(peer.fd(), SHUT_RDWR);
  });
  EXPECT_EQ(reason_of_tick(desk), "request_error");
  desk.answer("m{k=\"v\"} 1");
  EXPECT_EQ(reason_of_tick(desk), "");
  EXPECT_EQ(desk.good(), 2U);
}

TEST(Scraper, NobodyThereIsUnreachable) {
  AgentDesk desk;
  desk.green.alumet.endpoint = "http://127.0.0.1:1/metrics";
  EXPECT_EQ(reason_of_tick(desk), "unreachable");
}

TEST(Scraper, ABodyMayHaveEightMebibytesAndNotOneMore) {
  constexpr std::size_t kMost = std::size_t{8} << 20;
  const std::string sample = "m{k=\"v\"} 3600000\n";
  AgentDesk desk;
  desk.answer(sample + std::string(kMost - sample.size(), ' '));
  EXPECT_EQ(reason_of_tick(desk), "");
  EXPECT_EQ(desk.coefficient("pay"), 5.0);
  desk.answer(sample + std::string(kMost + 1 - sample.size(), ' '));
  EXPECT_EQ(reason_of_tick(desk), "body_read_error");
}

TEST(Scraper, TheConfiguredHeaderIsSentAndNotToWhereARedirectPoints) {
  AgentDesk desk;
  desk.green.alumet.auth_header = "Authorization: Bearer abc";
  desk.answer("", 302, "Location: " + desk.url("/stolen") + "\r\n");
  EXPECT_EQ(reason_of_tick(desk), "http_error");
  ASSERT_EQ(desk.requests().size(), 1U);
  EXPECT_NE(desk.requests()[0].find("Authorization: Bearer abc\r\n"), std::string::npos);
}

TEST(Scraper, OperationsOfAFailedIntervalAreNeverAttributed) {
  AgentDesk desk;
  desk.ops["pay"] = 1000;
  desk.answer("", 500);
  desk.tick();
  desk.ops["pay"] = 1400;
  desk.answer("m{k=\"v\"} 12.5");
  desk.tick();
  EXPECT_EQ(desk.coefficient("pay"), 4.340277777777778e-8);
}

TEST(Scraper, TheAgeGrowsBetweenScrapesAndStartsAtTheFirst) {
  AgentDesk desk;
  desk.answer("", 500);
  desk.scraper().refresh_age();
  desk.now += 4'000;
  desk.scraper().refresh_age();
  EXPECT_EQ(desk.age(), 0.0);
  desk.tick();
  EXPECT_EQ(desk.age(), 4.0);
  desk.answer("m{k=\"v\"} 1");
  desk.tick();
  EXPECT_EQ(desk.age(), 0.0);
  desk.now += 2'500;
  desk.scraper().refresh_age();
  EXPECT_EQ(desk.age(), 2.5);
}

TEST(Scraper, AComponentOfItsOwnCountsEveryTick) {
  telemetry::Registry registry;
  telemetry::Meter meter(registry, {"watch", "1", "", "", ""});
  const auto value = [&](const std::string& family, const std::string& kind) {
    for (const telemetry::FamilySnapshot& f : registry.snapshot()) {
      if (f.name != "perf_sentinel_receiver_" + family) continue;
      for (const telemetry::SampleSnapshot& s : f.samples) {
        if (s.labels[0] != "energy_scraper/alumet" || (!kind.empty() && s.labels[1] != kind)) continue;
        return s.buckets.empty() ? std::get<std::uint64_t>(s.value)
                                 : std::accumulate(s.buckets.begin(), s.buckets.end(), std::uint64_t{0});
      }
    }
    return std::uint64_t{999};
  };
  AgentDesk desk;
  Board board(desk.green, 0);
  Scraper scraper(std::move(plans_of(desk.green).at(0)), {},
                  {board, [&] { return desk.ops; }, [] { return Millis{5}; }, {&meter, nullptr}, {}, -1});
  desk.answer("m{k=\"v\"} 1");
  scraper.tick();
  EXPECT_EQ(value("emissions_total", ""), 1U);
  EXPECT_EQ(value("errors_total", "connect"), 0U);
  desk.answer("", 401);
  scraper.tick();
  desk.answer("\xFF");
  scraper.tick();
  EXPECT_EQ(value("errors_total", "read"), 1U);
  EXPECT_EQ(value("errors_total", "parse"), 1U);
  EXPECT_EQ(value("emissions_total", ""), 1U);
  EXPECT_EQ(value("collection_latency_seconds", ""), 3U);
}

// -- all together

struct HungGrid : Desk {
  HungGrid() {
    green.configured_backends = {"electricity_maps"};
    green.emaps.api_key = "t";
    green.emaps.endpoint = url("/v4");
    green.emaps.region_map = {{"fr", "FR"}};
    reply([](net::Peer& peer, const std::string&) { peer.wait_for_close(); });
  }
};

TEST(Sources, AServerThatDoesNotAnswerHoldsUpNobody) {
  HungGrid desk;
  auto sources = Sources::make(desk.green, {.operations = [] { return OpsByService(); }, .series = {}});
  sources->start();
  while (desk.requests().empty()) std::this_thread::sleep_for(milliseconds(1));
  const auto begin = steady_clock::now();
  EXPECT_TRUE(sources->take().regions.empty());
  sources->stop();
  sources->stop();
  EXPECT_LT(steady_clock::now() - begin, milliseconds(1'000));
}

TEST(Sources, IntensityIsAskedForAtOnceAndCoefficientsAfterAPeriod) {
  Desk desk;
  desk.green.configured_backends = {"alumet", "electricity_maps"};
  desk.green.emaps.api_key = "t";
  desk.green.emaps.endpoint = desk.url("/v4");
  desk.green.emaps.region_map = {{"fr", "FR"}};
  desk.green.alumet.endpoint = desk.url("/alumet");
  desk.green.alumet.metric_name = "m";
  desk.green.alumet.label_key = "k";
  desk.green.alumet.scrape_interval_secs = 1;
  desk.green.alumet.service_mappings["pay"] = "v";
  desk.reply([](net::Peer& peer, const std::string& request) {
    peer.answer(request.starts_with("GET /alumet ") ? "m{k=\"v\"} 3600000" : "{\"carbonIntensity\":42}");
  });
  Sources sources(desk.green, {.operations = [] { return OpsByService{{"pay", 10}}; }, .series = {}});
  sources.start();
  const auto begin = steady_clock::now();
  while (sources.take().regions.empty()) std::this_thread::sleep_for(milliseconds(2));
  EXPECT_LT(steady_clock::now() - begin, milliseconds(900));
  EXPECT_TRUE(sources.take().services.empty());
  while (sources.take().services.empty()) std::this_thread::sleep_for(milliseconds(10));
  EXPECT_GE(steady_clock::now() - begin, milliseconds(990));
  EXPECT_EQ(sources.take().services.at("pay").kwh_per_op, 0.1);
}

TEST(Sources, ARoundThatThrowsIsCountedAndTheRoundsGoOn) {
  Desk desk;
  desk.green.configured_backends = {"electricity_maps"};
  desk.green.emaps.api_key = "t";
  desk.green.emaps.endpoint = desk.url("/v4");
  desk.green.emaps.region_map = {{"fr", "FR"}};
  desk.answer("{\"carbonIntensity\":42}");
  telemetry::Registry registry;
  telemetry::Meter meter(registry, {"watch", "1", "", "", ""});
  std::atomic<int> rounds{0};
  const auto operations = [&] {
    if (++rounds == 1) throw std::runtime_error("out of luck");
    return OpsByService();
  };
  Sources sources(desk.green, {.operations = operations, .series = {}, .told = {&meter, nullptr}});
  sources.start();
  const auto until = steady_clock::now() + std::chrono::seconds(30);
  while (sources.take().regions.empty() && steady_clock::now() < until) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_FALSE(sources.take().regions.empty());
  std::uint64_t panics = 0;
  for (const telemetry::FamilySnapshot& family : registry.snapshot()) {
    if (family.name != "perf_sentinel_receiver_errors_total") continue;
    for (const telemetry::SampleSnapshot& sample : family.samples) {
      if (sample.labels[1] == "panic") panics += std::get<std::uint64_t>(sample.value);
    }
  }
  EXPECT_EQ(panics, 1U);
}

TEST(Sources, WithoutAConfiguredSourceThereIsNothing) {
  EXPECT_EQ(Sources::make({}, {.operations = {}, .series = {}}), nullptr);
}

}  // namespace
}  // namespace sentinel::energy
