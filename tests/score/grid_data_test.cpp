// The compiled-in tables are what the CSV files beside them say.
#include "score/grid_data.h"

#include <gtest/gtest.h>

#include <charconv>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "score/region.h"
#include "support/files.h"

namespace sentinel::score {
namespace {

// Cells of each line after the header; quoted cells stand last and are not needed, so commas in them do not matter.
std::vector<std::vector<std::string>> rows_of(const std::string& name) {
  std::ifstream in(in_repository("src/score/data/" + name + ".csv"));
  EXPECT_TRUE(in) << name;
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::vector<std::string>& cells = rows.emplace_back(1);
    for (const char c : line) {
      if (c == ',') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
  }
  return rows;
}

double number(const std::string& text) {
  double value = -1.0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Hours hours_of(const std::vector<std::string>& cells, std::size_t first) {
  Hours hours{};
  for (std::size_t hour = 0; hour < 24; ++hour) hours[hour] = number(cells[first + hour]);
  return hours;
}

TEST(GridData, AnnualValuesAndPueAreThoseOfTheTable) {
  const auto rows = rows_of("grid_intensity_by_region");
  EXPECT_EQ(rows.size(), 55U);
  EXPECT_EQ(all_regions().size(), rows.size());
  for (const auto& row : rows) {
    const RegionFacts* region = find_region(row[0]);
    ASSERT_NE(region, nullptr) << row[0];
    EXPECT_EQ(region->annual, number(row[1])) << row[0];
    EXPECT_EQ(annual_intensity(row[0]), number(row[1])) << row[0];
    EXPECT_EQ(pue(region->provider), number(row[3])) << row[0];
    EXPECT_EQ(region->profile, row[6]) << row[0];
  }
}

TEST(GridData, EveryRegionFollowsItsAliasToTheProfileOfTheTables) {
  std::map<std::string, std::vector<Hours>> profiles;
  for (const auto& row : rows_of("hourly_profiles_flat_year")) profiles[row[0]].push_back(hours_of(row, 1));
  EXPECT_EQ(profiles.size(), 18U);
  for (const auto& row : rows_of("hourly_profiles_monthly")) {
    EXPECT_EQ(std::stoul(row[1]), profiles[row[0]].size() + 1) << row[0];
    profiles[row[0]].push_back(hours_of(row, 2));
  }
  EXPECT_EQ(profiles.size(), 22U);
  std::map<std::string, std::string> alias;
  for (const auto& row : rows_of("hourly_profile_aliases")) alias[row[0]] = row[1];
  EXPECT_EQ(alias.size(), 32U);

  for (const RegionFacts& region : all_regions()) {
    const std::string key(region.key);
    const std::span<const Hours> got = hourly_profile(key);
    const auto wanted = profiles.find(alias.contains(key) ? alias[key] : key);
    if (wanted == profiles.end()) {
      EXPECT_EQ(key, "us-central1");
      EXPECT_TRUE(got.empty());
    } else {
      EXPECT_EQ(std::vector(got.begin(), got.end()), wanted->second) << key;
    }
  }
}

TEST(GridData, InstancePowerIsThatOfTheTable) {
  const auto rows = rows_of("instance_power_specpower");
  EXPECT_EQ(rows.size(), 356U);
  EXPECT_EQ(all_instances().size(), rows.size());
  for (const auto& row : rows) {
    const InstancePower* instance = find_instance(row[0]);
    ASSERT_NE(instance, nullptr) << row[0];
    EXPECT_EQ(instance->idle_watts, number(row[1])) << row[0];
    EXPECT_EQ(instance->max_watts, number(row[2])) << row[0];
  }
}

TEST(GridData, KeysMatchExactlyOrNotAtAll) {
  EXPECT_TRUE(is_known_region("eu-west-3"));
  for (const char* unknown : {"", "eu-west-3a", "eu-west", "EU-WEST-3", "us-west2", "zz", "a"}) {
    EXPECT_FALSE(is_known_region(unknown)) << unknown;
    EXPECT_FALSE(annual_intensity(unknown).has_value()) << unknown;
    EXPECT_TRUE(hourly_profile(unknown).empty()) << unknown;
  }
  EXPECT_TRUE(is_known_instance_type("m5.large"));
  EXPECT_FALSE(is_known_instance_type("M5.large"));
  EXPECT_FALSE(is_known_instance_type(""));
}

TEST(Region, CustomProfileWinsOverTheEmbeddedOneForItsExactKeyOnly) {
  config::GreenConfig config;
  config.custom_profiles["eu-west-3"].months[0].fill(7.0);
  EXPECT_EQ(Region("eu-west-3", config).at({14, 6}).grams_per_kwh, 7.0);
  EXPECT_EQ(Region("eu-west-3", config).at({14, 6}).source, model::IntensitySource::kHourly);
  EXPECT_EQ(Region("fr", config).at({14, 6}).grams_per_kwh, 31.1);  // an alias does not inherit it
  config.use_hourly_profiles = false;
  EXPECT_FALSE(Region("eu-west-3", config).varies());
}

TEST(Region, UnlistedRegionHasTheGenericPueOnlyWithACustomProfile) {
  config::GreenConfig config;
  EXPECT_EQ(Region("my-dc", config).pue(), 0.0);
  config.custom_profiles["my-dc"].months[0].fill(500.0);
  EXPECT_EQ(Region("my-dc", config).pue(), 1.5);
  config.use_hourly_profiles = false;
  EXPECT_EQ(Region("my-dc", config).pue(), 1.5);
  EXPECT_EQ(Region("my-dc", config).at_any_hour().grams_per_kwh, 0.0);
}

TEST(Region, MonthlyProfileWithoutAMonthIsTheMeanOfItsMonths) {
  config::GreenConfig config;
  config::HourlyProfile& profile = config.custom_profiles["my-dc"];
  profile.monthly = true;
  for (std::size_t month = 0; month < 12; ++month) profile.months[month][5] = static_cast<double>(month);
  const Region region("my-dc", config);
  EXPECT_EQ(region.at({5, 11}).grams_per_kwh, 11.0);
  EXPECT_EQ(region.at({5, UtcHour::kUnknownMonth}).grams_per_kwh, 5.5);
  EXPECT_EQ(region.at({5, UtcHour::kUnknownMonth}).source, model::IntensitySource::kMonthlyHourly);
}

}  // namespace
}  // namespace sentinel::score
