#include "energy/prometheus_text.h"

#include <gtest/gtest.h>

#include "energy/scaphandre.h"
#include "energy/support/desk.h"

namespace sentinel::energy {
namespace {

TEST(PrometheusText, SumsAsRecorded) {
  const nlohmann::json rows = test::read_vectors("prometheus_lines");
  ASSERT_GE(rows.size(), 50U);
  for (const nlohmann::json& row : rows) {
    const SumByLabel sums = sum_by_label(row["lines"].get<std::string>(), "m", "k");
    const auto found = sums.find(row["label_value"].get<std::string>());
    const double sum = found == sums.end() ? 0 : found->second;
    if (row["joules"].is_null()) {
      EXPECT_FALSE(sum > 0) << row;
    } else {
      EXPECT_EQ(sum, row["joules"].get<double>()) << row;
    }
  }
}

TEST(PrometheusText, RejectedValuesStillShowThatTheLabelIsThere) {
  const SumByLabel sums = sum_by_label("m{k=\"a\"} NaN\nm{k=\"b\"} -1\nm{k=\"c\"} word\n", "m", "k");
  EXPECT_EQ(sums, (SumByLabel{{"a", 0.0}, {"b", 0.0}}));
}

TEST(PrometheusText, AnyCutOfATextIsReadWithoutAFault) {
  const std::string text = "# HELP m x\nm{a=\"\\\"}\",k=\"v\\n\"} 1.5 17\r\nm{k=\"w\"} 2\n";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const SumByLabel sums = sum_by_label(text.substr(0, size), "m", "k");
    EXPECT_LE(sums.size(), 2U) << size;
  }
  EXPECT_EQ(sum_by_label(text, "m", "k"), (SumByLabel{{"v\n", 1.5}, {"w", 2.0}}));
}

TEST(PrometheusText, ProcessesNeedAnExecutableAndNoCommandLine) {
  const auto readings = read_scaphandre(
      "scaph_process_power_consumption_microwatts{exe=\"java\",cmdline=\"java-jarpay\",pid=\"7\"} 8000000\n"
      "scaph_process_power_consumption_microwatts{exe=\"nginx\"} 5\n"
      "scaph_process_power_consumption_microwatts{cmdline=\"x\"} 6\n"
      "scaph_host_power_microwatts{exe=\"java\"} 7\n");
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_EQ(readings[0].exe, "java");
  EXPECT_EQ(readings[0].cmdline, "java-jarpay");
  EXPECT_EQ(readings[0].microwatts, 8'000'000);
  EXPECT_EQ(readings[1].cmdline, "");
}

}  // namespace
}  // namespace sentinel::energy
