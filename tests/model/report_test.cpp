#include "model/report.h"

#include <gtest/gtest.h>

namespace sentinel::model {
namespace {

TEST(IngestTally, AddsEveryCounter) {
  IngestTally sum{1, 2, 3, 4, 5, 6, 7, 8};
  sum.add({10, 20, 30, 40, 50, 60, 70, 80});
  EXPECT_EQ(sum.received, 11U);
  EXPECT_EQ(sum.not_io, 22U);
  EXPECT_EQ(sum.missing_db_statement, 33U);
  EXPECT_EQ(sum.missing_http_url, 44U);
  EXPECT_EQ(sum.non_sql_datastore, 55U);
  EXPECT_EQ(sum.merged_db_span, 66U);
  EXPECT_EQ(sum.retained_sql, 77U);
  EXPECT_EQ(sum.retained_http, 88U);
}

TEST(IngestTally, MergedSpansAreNotFiltered) {
  EXPECT_EQ(
      (IngestTally{.not_io = 2, .missing_db_statement = 3, .missing_http_url = 4, .non_sql_datastore = 5, .merged_db_span = 60})
          .filtered(),
      14U);
}

TEST(IngestTally, AKindBelowTwentySpansIsNotJudged) {
  EXPECT_EQ((IngestTally{.missing_db_statement = 9, .retained_sql = 10}).usable_ratio(), std::nullopt);
  EXPECT_EQ((IngestTally{.missing_db_statement = 10, .retained_sql = 10}).usable_ratio(), 0.5);
  EXPECT_EQ((IngestTally{.missing_db_statement = 11, .retained_sql = 10}).usable_ratio(), 10.0 / 21.0);
}

TEST(IngestTally, TheWorstJudgedKindCounts) {
  EXPECT_EQ(
      (IngestTally{.missing_db_statement = 10, .missing_http_url = 5, .retained_sql = 30, .retained_http = 15}).usable_ratio(),
      0.75);
  EXPECT_EQ(
      (IngestTally{.missing_db_statement = 10, .missing_http_url = 15, .retained_sql = 30, .retained_http = 15}).usable_ratio(),
      0.5);
  EXPECT_EQ(
      (IngestTally{.missing_db_statement = 2, .missing_http_url = 36, .retained_sql = 2, .retained_http = 4}).usable_ratio(),
      0.1);
  EXPECT_EQ(IngestTally{}.usable_ratio(), std::nullopt);
}

TEST(ReportNames, EnumsHaveTheNamesOfTheReport) {
  EXPECT_EQ(slug(IntensitySource::kAnnual), "annual");
  EXPECT_EQ(slug(IntensitySource::kMonthlyHourly), "monthly_hourly");
  EXPECT_EQ(slug(IntensitySource::kRealTime), "real_time");
  EXPECT_EQ(slug(DetectionSettings::Sanitizer::kAuto), "auto");
  EXPECT_EQ(slug(DetectionSettings::Sanitizer::kNever), "never");
}

}  // namespace
}  // namespace sentinel::model
