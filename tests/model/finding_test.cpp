#include "model/finding.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace sentinel::model {
namespace {

TEST(FindingNames, TypesKeepTheCanonicalOrder) {
  std::string all;
  for (std::size_t i = 0; i < kFindingTypes; ++i) all += std::string(slug(static_cast<FindingType>(i))) + " ";
  EXPECT_EQ(
      all,
      "n_plus_one_sql n_plus_one_http n_plus_one_messaging redundant_sql redundant_http slow_sql slow_http slow_messaging "
      "excessive_fanout chatty_service pool_saturation serialized_calls ");
}

TEST(FindingNames, OnlyRepeatedOperationsAreAvoidable) {
  for (std::size_t i = 0; i < kFindingTypes; ++i) {
    const auto type = static_cast<FindingType>(i);
    EXPECT_EQ(info(type).avoidable, type <= FindingType::kRedundantHttp) << slug(type);
  }
}

TEST(FindingNames, LabelsAreForPeople) {
  EXPECT_EQ(info(FindingType::kNPlusOneSql).label, "N+1 SQL");
  EXPECT_EQ(info(FindingType::kSerializedCalls).label, "Serialized calls");
}

TEST(FindingNames, EnumsHaveTheNamesOfTheReport) {
  EXPECT_EQ(slug(Severity::kCritical), "critical");
  EXPECT_EQ(slug(Severity::kInfo), "info");
  EXPECT_EQ(slug(Confidence::kLocalBatch), "local_batch");
  EXPECT_EQ(slug(Confidence::kDaemonProduction), "daemon_production");
  EXPECT_EQ(slug(EventType::kHttpOut), "http_out");
  EXPECT_EQ(slug(Band::kModerate), "moderate");
}

TEST(Bands, IntensityChangesAtTwoFiveAndTen) {
  EXPECT_EQ(io_intensity_band(1.999), Band::kHealthy);
  EXPECT_EQ(io_intensity_band(2.0), Band::kModerate);
  EXPECT_EQ(io_intensity_band(4.999), Band::kModerate);
  EXPECT_EQ(io_intensity_band(5.0), Band::kHigh);
  EXPECT_EQ(io_intensity_band(9.999), Band::kHigh);
  EXPECT_EQ(io_intensity_band(10.0), Band::kCritical);
}

TEST(Bands, WasteRatioChangesAtTenThirtyAndFiftyPercent) {
  EXPECT_EQ(io_waste_ratio_band(0.0999), Band::kHealthy);
  EXPECT_EQ(io_waste_ratio_band(0.10), Band::kModerate);
  EXPECT_EQ(io_waste_ratio_band(0.2999), Band::kModerate);
  EXPECT_EQ(io_waste_ratio_band(0.30), Band::kHigh);
  EXPECT_EQ(io_waste_ratio_band(0.50), Band::kCritical);
}

TEST(Bands, NotANumberAndMinusInfinityAreHealthyPlusInfinityIsCritical) {
  using Limits = std::numeric_limits<double>;
  EXPECT_EQ(io_intensity_band(Limits::quiet_NaN()), Band::kHealthy);
  EXPECT_EQ(io_intensity_band(-Limits::infinity()), Band::kHealthy);
  EXPECT_EQ(io_intensity_band(Limits::infinity()), Band::kCritical);
  EXPECT_EQ(io_waste_ratio_band(Limits::infinity()), Band::kCritical);
}

}  // namespace
}  // namespace sentinel::model
