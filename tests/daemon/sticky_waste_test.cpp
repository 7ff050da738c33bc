#include "daemon/sticky_waste.h"

#include <gtest/gtest.h>

namespace sentinel::daemon {
namespace {

model::WasteFigure figure(std::string model) {
  model::WasteFigure f;
  f.model = std::move(model);
  f.energy_kwh = 1.0;
  return f;
}

TEST(StickyFigure, AMeasuredFigureStandsOnForItsTime) {
  StickyFigure sticky;
  EXPECT_FALSE(sticky.at(0, 1'000));
  sticky.see(figure("alumet_rapl"), 5'000);
  EXPECT_TRUE(sticky.at(900'000, 1'000)) << "that of the last batch, however old";
  sticky.see(std::nullopt, 5'100);
  EXPECT_TRUE(sticky.at(6'000, 1'000));
  EXPECT_FALSE(sticky.at(6'001, 1'000));
  EXPECT_FALSE(sticky.at(5'100, 0));
}

TEST(StickyFigure, AnEstimateIsOfItsOwnBatchOnly) {
  StickyFigure sticky;
  sticky.see(figure("estimated"), 5'000);
  EXPECT_TRUE(sticky.at(5'000, 1'000));
  sticky.see(std::nullopt, 5'001);
  EXPECT_FALSE(sticky.at(5'001, 1'000));
}

TEST(StickyFigure, ItsTimeFollowsTheSources) {
  config::Config config;
  EXPECT_EQ(sticky_ms(config), 0U);
  config.green.alumet.endpoint = "http://h";
  EXPECT_EQ(sticky_ms(config), 30'000U);
  config.green.broker_static.nodes = 1;
  config.green.broker_static.instance_type = "t3.micro";
  config.daemon.trace_ttl_ms = 60'000;
  EXPECT_EQ(sticky_ms(config), 60'000U);
  config.green.alumet.endpoint.reset();
  config.daemon.trace_ttl_ms = 100;
  EXPECT_EQ(sticky_ms(config), 100U);
}

}  // namespace
}  // namespace sentinel::daemon
