#include "score/waste.h"

#include <gtest/gtest.h>

#include "score/support/scene.h"

namespace sentinel::score::test {
namespace {

using model::FindingType;

TEST(AvoidableOps, OnlyTheFiveRepeatingTypesCount) {
  for (std::size_t i = 0; i < model::kFindingTypes; ++i) {
    const auto type = static_cast<FindingType>(i);
    Scene scene;
    scene.finding(type, "t1", "SELECT ?", 6);
    const bool counts = type == FindingType::kNPlusOneSql || type == FindingType::kNPlusOneHttp ||
                        type == FindingType::kNPlusOneMessaging || type == FindingType::kRedundantSql ||
                        type == FindingType::kRedundantHttp;
    EXPECT_EQ(avoidable_ops(scene.findings).total, counts ? 5U : 0U) << model::slug(type);
  }
}

TEST(AvoidableOps, OccurrencesBelowTwoSpareNothing) {
  for (const std::uint64_t occurrences : {0U, 1U, 2U}) {
    Scene scene;
    scene.finding(FindingType::kNPlusOneSql, "t1", "SELECT ?", occurrences);
    EXPECT_EQ(avoidable_ops(scene.findings).total, occurrences == 2 ? 1U : 0U) << occurrences;
  }
}

TEST(AvoidableOps, LargestFindingOfATraceTemplateAndEndpointWins) {
  Scene scene;
  scene.finding(FindingType::kNPlusOneSql, "t1", "SELECT ?", 6);
  scene.finding(FindingType::kRedundantSql, "t1", "SELECT ?", 3);
  scene.finding(FindingType::kRedundantSql, "t1", "SELECT ?", 4, "another-service");  // the service is no part of the key
  EXPECT_EQ(avoidable_ops(scene.findings).total, 5U);

  scene.finding(FindingType::kNPlusOneSql, "t2", "SELECT ?", 6);
  scene.finding(FindingType::kNPlusOneSql, "t1", "SELECT ? + ?", 6);
  scene.finding(FindingType::kNPlusOneSql, "t1", "SELECT ?", 6, "a", "GET /other");
  EXPECT_EQ(avoidable_ops(scene.findings).total, 20U);
}

TEST(AvoidableOps, KeptTypeDecidesBetweenSqlAndMessagingAndTheFirstWinsATie) {
  Scene scene;
  scene.finding(FindingType::kNPlusOneMessaging, "t1", "x", 6);
  scene.finding(FindingType::kRedundantSql, "t1", "x", 6);
  AvoidableOps ops = avoidable_ops(scene.findings);
  EXPECT_EQ(ops.total, 5U);
  EXPECT_EQ(ops.messaging, 5U);
  EXPECT_EQ(ops.sql, 0U);

  scene.finding(FindingType::kRedundantSql, "t1", "x", 7);
  ops = avoidable_ops(scene.findings);
  EXPECT_EQ(ops.total, 6U);
  EXPECT_EQ(ops.messaging, 0U);
  EXPECT_EQ(ops.sql, 6U);
}

// `total` calls of which `avoidable` are: 04 §2.2's bands at, below and above their bounds.
model::Band waste_band(std::uint64_t avoidable, std::uint64_t total) {
  Scene scene;
  for (std::uint64_t i = 0; i < total; ++i) scene.span("t", "a");
  if (avoidable > 0) scene.finding(FindingType::kNPlusOneSql, "t", "SELECT ?", avoidable + 1);
  return scene.score().summary.io_waste_ratio_band;
}

TEST(WasteRatio, BandsBeginAtTheirBounds) {
  EXPECT_EQ(waste_band(0, 10), model::Band::kHealthy);
  EXPECT_EQ(waste_band(1, 11), model::Band::kHealthy);
  EXPECT_EQ(waste_band(1, 10), model::Band::kModerate);
  EXPECT_EQ(waste_band(29, 100), model::Band::kModerate);
  EXPECT_EQ(waste_band(3, 10), model::Band::kHigh);
  EXPECT_EQ(waste_band(49, 100), model::Band::kHigh);
  EXPECT_EQ(waste_band(5, 10), model::Band::kCritical);
}

TEST(WasteRatio, IsNotClamped) {
  Scene scene;
  scene.span("t", "a");
  scene.finding(FindingType::kNPlusOneSql, "t", "SELECT ?", 4);
  EXPECT_EQ(scene.score().summary.io_waste_ratio, 3.0);
}

TEST(IoIntensity, IsOperationsPerTraceOfTheEndpoint) {
  Scene scene;
  for (const char* trace : {"t1", "t1", "t1", "t2"}) scene.span(trace, "a", "GET /x");
  scene.span("t2", "a", "GET /y");
  const Scores scores = scene.score();
  ASSERT_EQ(scores.summary.top_offenders.size(), 2U);
  EXPECT_EQ(scores.summary.top_offenders[0].endpoint, "GET /x");
  EXPECT_EQ(scores.summary.top_offenders[0].io_intensity_score, 2.0);
  EXPECT_EQ(scores.summary.top_offenders[0].band, model::Band::kModerate);
  EXPECT_EQ(scores.summary.top_offenders[1].io_intensity_score, 1.0);
  EXPECT_FALSE(scores.summary.top_offenders[0].co2_grams.has_value());
}

TEST(IoIntensity, TiesStandByServiceThenEndpoint) {
  Scene scene;
  scene.span("t1", "b", "GET /a");
  scene.span("t1", "a", "GET /z");
  scene.span("t1", "a", "GET /b");
  scene.span("t1", "B", "GET /z");
  std::string order;
  for (const model::TopOffender& offender : scene.score().summary.top_offenders)
    order += offender.service + offender.endpoint + " ";
  EXPECT_EQ(order, "BGET /z aGET /b aGET /z bGET /a ");
}

TEST(Impact, FindingsCarryTheirExtraOperationsAndTheIntensityOfTheirEndpoint) {
  Scene scene;
  for (int i = 0; i < 6; ++i) scene.span("t1", "a", "GET /x");
  scene.finding(FindingType::kNPlusOneSql, "t1", "SELECT ?", 6, "a", "GET /x");
  scene.finding(FindingType::kSlowSql, "t1", "SELECT ?", 6, "a", "GET /x");
  scene.finding(FindingType::kRedundantSql, "t1", "SELECT ?", 3, "a", "GET /never-counted");
  (void)scene.score();
  ASSERT_TRUE(scene.findings[0].green_impact.has_value());
  EXPECT_EQ(scene.findings[0].green_impact->extra_io_ops, 5U);
  EXPECT_EQ(scene.findings[0].green_impact->io_intensity_score, 6.0);
  EXPECT_EQ(scene.findings[0].green_impact->band, model::Band::kHigh);
  EXPECT_EQ(scene.findings[1].green_impact->extra_io_ops, 0U);
  EXPECT_EQ(scene.findings[1].green_impact->io_intensity_score, 6.0);
  EXPECT_EQ(scene.findings[2].green_impact->extra_io_ops, 2U);
  EXPECT_EQ(scene.findings[2].green_impact->io_intensity_score, 0.0);
}

TEST(Impact, IsAbsentWithGreenScoringOff) {
  Scene scene;
  scene.config.enabled = false;
  scene.config.configured_backends = {"alumet"};
  scene.span("t1", "a", "GET /x");
  scene.finding(FindingType::kNPlusOneSql, "t1", "SELECT ?", 6, "a", "GET /x");
  const Scores scores = scene.score();
  EXPECT_FALSE(scene.findings[0].green_impact.has_value());
  EXPECT_EQ(scores.summary.total_io_ops, 1U);
  EXPECT_EQ(scores.summary.total_sql_io_ops, 0U);
  EXPECT_EQ(scores.summary.avoidable_io_ops, 0U);
  EXPECT_EQ(scores.summary.io_waste_ratio, 0.0);
  EXPECT_TRUE(scores.summary.top_offenders.empty());
  EXPECT_FALSE(scores.summary.scoring_config.has_value());
  EXPECT_FALSE(scores.summary.co2.has_value());
  EXPECT_TRUE(scores.warnings.empty());
  ASSERT_EQ(scores.per_endpoint_io_ops.size(), 1U);
  EXPECT_EQ(scores.per_endpoint_io_ops[0].io_ops, 1U);
}

}  // namespace
}  // namespace sentinel::score::test
