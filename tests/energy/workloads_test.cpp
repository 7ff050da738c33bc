#include "energy/workloads.h"

#include <gtest/gtest.h>

#include "energy/instances.h"

namespace sentinel::energy {
namespace {

constexpr Millis kFirstReading = 1'000'000;
constexpr Millis at(Millis seconds) { return kFirstReading + seconds * 1000; }

config::AlumetConfig alumet() {
  config::AlumetConfig c;
  c.endpoint = "http://h";
  c.database = config::AlumetLabel{"pg", "EU-west-3"};
  c.broker = config::AlumetLabel{"kafka", std::nullopt};
  return c;
}

config::BrokerStaticConfig cluster() {
  config::BrokerStaticConfig c;
  c.nodes = 3;
  c.instance_type = "m5.2xlarge";
  c.provider = "aws";
  c.region = "fr";
  return c;
}

// "<model> <kWh>", or what it lacks.
std::string told(const score::Workload& workload) {
  if (!workload.declared) return "undeclared";
  if (!workload.delivered) return "nothing";
  char text[64];
  std::snprintf(text, sizeof text, "%s %.16g", workload.delivered->model.c_str(), workload.delivered->kwh);
  return text;
}

TEST(Workloads, TheRecordedTimelineOfABrokerThatIsMeasuredAndDeclared) {
  Workloads w(alumet(), cluster(), at(0));
  w.scraped(std::nullopt, 5e-6, at(10));
  EXPECT_EQ(told(w.take_broker(at(10))), "alumet_rapl 5e-06");
  EXPECT_EQ(told(w.take_broker(at(20))), "nothing");
  EXPECT_EQ(told(w.take_broker(at(40))), "broker_specpower 0.0005416666666666666");
  w.scraped(std::nullopt, 2e-6, at(45));
  EXPECT_EQ(told(w.take_broker(at(45))), "nothing");
  w.scraped(std::nullopt, 3e-6, at(50));
  EXPECT_EQ(told(w.take_broker(at(50))), "alumet_rapl 3e-06");
}

TEST(Workloads, ALabelThatWasSampledFifteenSecondsAgoStillOwnsTheBroker) {
  Workloads owned(alumet(), cluster(), at(0));
  owned.scraped(std::nullopt, 0.0, at(10));
  EXPECT_EQ(told(owned.take_broker(at(10) + 15'000)), "nothing");
  Workloads lost(alumet(), cluster(), at(0));
  lost.scraped(std::nullopt, 0.0, at(10));
  EXPECT_TRUE(told(lost.take_broker(at(10) + 15'001)).starts_with("broker_specpower"));
}

TEST(Workloads, ADeclaredBrokerIsBilledFromOneSecondOnAndForAnHourAtMost) {
  Workloads w({}, cluster(), at(0));
  EXPECT_EQ(told(w.take_broker(at(0) + 999)), "nothing");
  EXPECT_EQ(w.take_broker(at(1)).delivered->kwh, 97.5 * 1000 / 3'600'000 / 1000);
  EXPECT_EQ(told(w.take_broker(at(1))), "nothing");
  EXPECT_EQ(w.take_broker(at(1 + 3'600)).delivered->kwh, 0.0975);
  EXPECT_EQ(w.take_broker(at(1 + 3'600 + 3'601)).delivered->kwh, 0.0975);
  Workloads ten({}, cluster(), at(0));
  const score::Workload bill = ten.take_broker(at(10));
  EXPECT_EQ(bill.delivered->kwh, 0.0002708333333333333);
  EXPECT_EQ(bill.delivered->region, "fr");
}

TEST(Workloads, EnergyOfTheDatabaseAddsUpUntilItIsTaken) {
  Workloads w(alumet(), {}, at(0));
  EXPECT_EQ(told(w.take_database(at(0))), "nothing");
  w.scraped(1e-6, std::nullopt, at(5));
  w.scraped(2e-6, std::nullopt, at(10));
  w.scraped(std::nullopt, std::nullopt, at(15));
  const score::Workload taken = w.take_database(at(15));
  EXPECT_EQ(taken.delivered->kwh, 3e-6);
  EXPECT_EQ(taken.delivered->region, "EU-west-3");
  EXPECT_EQ(told(w.take_database(at(15))), "nothing");
}

TEST(Workloads, ABalanceOfASilentSourceStaysWhereItIs) {
  Workloads w(alumet(), {}, at(0));
  w.scraped(1e-6, std::nullopt, at(5));
  EXPECT_EQ(told(w.take_database(at(5) + 15'001)), "nothing");
  w.scraped(std::nullopt, std::nullopt, at(25));  // it answers again, if without the label
  EXPECT_EQ(told(w.take_database(at(25) + 15'000)), "alumet_rapl 1e-06");
}

TEST(Workloads, WhatIsNotDeclaredIsNotDelivered) {
  config::AlumetConfig plain = alumet();
  plain.database.reset();
  plain.broker.reset();
  Workloads w(plain, {}, at(0));
  w.scraped(1.0, 1.0, at(5));
  EXPECT_EQ(told(w.take_database(at(5))), "undeclared");
  EXPECT_EQ(told(w.take_broker(at(5))), "undeclared");
  config::AlumetConfig off = alumet();
  off.endpoint.reset();
  EXPECT_EQ(told(Workloads(off, {}, at(0)).take_database(at(5))), "undeclared");
}

TEST(Instances, UnknownTypesDrawWhatIsUsualAtTheirProvider) {
  EXPECT_EQ(power_of("m5.4xlarge", "gcp").idle_watts, 11.0);
  EXPECT_EQ(power_of("m5.4xlarge", "gcp").max_watts, 65.0);
  EXPECT_EQ(power_of("M5.4xlarge", "aws").max_watts, 8.1);
  EXPECT_EQ(power_of("", "gcp").max_watts, 7.5);
  EXPECT_EQ(power_of("?", "azure").idle_watts, 1.1);
  EXPECT_EQ(power_of("?", "generic").idle_watts, 3.0);
  EXPECT_EQ(power_of("?", "generic").max_watts, 20.0);
}

}  // namespace
}  // namespace sentinel::energy
