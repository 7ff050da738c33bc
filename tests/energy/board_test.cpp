#include "energy/board.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace sentinel::energy {
namespace {

using score::EnergySource;

constexpr Millis kStart = 50'000;

// What scoring takes of a service: "<tag> <kWh>".
std::string taken(Board& board, const std::string& service, Millis now) {
  const auto& services = board.take(now).services;
  const auto found = services.find(service);
  if (found == services.end()) return "proxy";
  char text[64];
  std::snprintf(text, sizeof text, "%s %g", std::string(model_tag_of(found->second.source)).c_str(), found->second.kwh_per_op);
  return text;
}

void put(Board& board, EnergySource source, double kwh, Millis now) {
  const Coefficient row{"pay", kwh};
  board.put(source, {&row, 1}, now);
}

TEST(Board, ABetterSourceOverwritesAWorseOne) {
  Board board({}, kStart);
  EXPECT_EQ(taken(board, "pay", kStart), "proxy");
  put(board, EnergySource::kAlumetRapl, 5, kStart);
  constexpr EnergySource kUp[] = {EnergySource::kCloudSpecpower, EnergySource::kRedfishBmc, EnergySource::kKeplerEbpf,
                                  EnergySource::kScaphandreRapl};
  for (const EnergySource source : kUp) {
    put(board, source, 1, kStart);
    EXPECT_EQ(taken(board, "pay", kStart), "alumet_rapl 5");
  }
  Board rising({}, kStart);
  for (const EnergySource source : kUp) {
    put(rising, source, 1, kStart);
    EXPECT_EQ(taken(rising, "pay", kStart), std::string(model_tag_of(source)) + " 1");
  }
}

TEST(Board, AReadingCountsForLessThanThreePeriods) {
  Board board({}, kStart);
  put(board, EnergySource::kScaphandreRapl, 2, kStart + 10'000);
  put(board, EnergySource::kAlumetRapl, 5, kStart);
  EXPECT_EQ(taken(board, "pay", kStart + 14'999), "alumet_rapl 5");
  EXPECT_EQ(taken(board, "pay", kStart + 15'000), "scaphandre_rapl 2");
  EXPECT_EQ(taken(board, "pay", kStart + 25'000), "proxy");
  put(board, EnergySource::kAlumetRapl, 6, kStart + 26'000);
  EXPECT_EQ(taken(board, "pay", kStart + 26'000), "alumet_rapl 6");
}

TEST(Board, RegionsCountForThreePolls) {
  config::GreenConfig green;
  green.emaps.poll_interval_secs = 60;
  Board board(green, kStart);
  const RegionReading reading{"fr", {56.0, true, "X"}};
  board.put({&reading, 1}, kStart);
  EXPECT_EQ(board.take(kStart + 179'999).regions.at("fr").grams_per_kwh, 56.0);
  EXPECT_TRUE(board.take(kStart + 180'000).regions.empty());
}

TEST(Board, WhatWasTakenIsOfOneMomentWhileSourcesWrite) {
  Board board({}, kStart);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 1; !stop; ++i) {
      const Coefficient both[] = {{"a", static_cast<double>(i)}, {"b", static_cast<double>(i)}};
      board.put(EnergySource::kKeplerEbpf, both, kStart);
    }
  });
  for (int i = 0; i < 2'000; ++i) {
    const score::Readings& readings = board.take(kStart);
    if (readings.services.empty()) continue;
    EXPECT_EQ(readings.services.at("a").kwh_per_op, readings.services.at("b").kwh_per_op);
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace sentinel::energy
