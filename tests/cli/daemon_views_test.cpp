// What the terminal views read of a daemon's answers (chapter 05 §8, chapter 06 §9.5, §10).
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "cli/remote/daemon_rows.h"
#include "cli/remote/monitor_rows.h"

namespace sentinel::cli {
namespace {

class Answer : public ::testing::Test {
 protected:
  disclosure::JsonNode parsed(std::string_view text) {
    const auto root = disclosure::parse_json(arena_.copy(text), arena_);
    EXPECT_TRUE(root) << text;
    return root ? *root : disclosure::JsonNode();
  }
  base::Arena arena_;
};

TEST_F(Answer, SaysWhoHasAcceptedAFinding) {
  constexpr std::string_view kFinding =
      R"({"finding":{"type":"slow_sql","severity":"warning","trace_id":"t","service":"s","pattern":{"template":"x"},"signature":"g"})";
  const auto rows = [&](std::string_view more) {
    return daemon_findings(parsed(std::string("[") + std::string(kFinding) + std::string(more) + "}]"), arena_).accepted_by[0];
  };
  EXPECT_EQ(rows(""), std::nullopt);
  EXPECT_EQ(rows(R"(,"acknowledged_by":{"source":"daemon","by":"mira","at":"x"})"), "mira");
  EXPECT_EQ(rows(R"(,"acknowledged_by":{"source":"toml","acknowledged_by":"sam","reason":"r"})"), "sam");
  EXPECT_EQ(rows(R"(,"acknowledged_by":{"source":"daemon"})"), "");
}

TEST_F(Answer, CorrelationsKeepGroupingAndSampleTrace) {
  const auto pairs = daemon_correlations(parsed(
      R"([{"source":{"finding_type":"slow_sql","service":"a","template":"x"},"target":{"finding_type":"slow_http","service":"b",)"
      R"("template":"y","grouping_key":"k","grouping_value":"v"},"confidence":0.5,"sample_trace_id":"t1"}])"));
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].source.grouping_key, std::nullopt);
  EXPECT_EQ(pairs[0].target.grouping_key, "k");
  EXPECT_EQ(pairs[0].target.grouping_value, "v");
  EXPECT_EQ(pairs[0].sample_trace_id, "t1");
}

TEST_F(Answer, HintsHaveTheirKindAndFallBackToPlainWarnings) {
  const auto both = daemon_hints(parsed(R"({"warnings":["old"],"warning_details":[{"kind":"tuning","message":"new"}]})"));
  ASSERT_EQ(both.size(), 1U);
  EXPECT_EQ(both[0].kind, "tuning");
  EXPECT_EQ(both[0].message, "new");
  EXPECT_EQ(daemon_hints(parsed(R"({"warnings":["old"]})")).at(0).message, "old");
  EXPECT_TRUE(daemon_hints(parsed("{}")).empty());
}

TEST_F(Answer, GreenSummaryIsReadByServiceAndRegion) {
  const model::GreenSummary green = daemon_green(parsed(
      R"({"green_summary":{"energy_kwh":1.9e-6,"energy_model":"m","per_service_energy_kwh":{"a":1},"per_service_region":{"a":"r"},)"
      R"("per_service_measured_ratio":{"a":0.5},"regions":[{"region":"r","grid_intensity_gco2_kwh":53.3,"io_ops":7,"co2_gco2":0.1,)"
      R"("intensity_source":"real_time","intensity_estimated":true}],"database_waste":{"energy_kwh":4,"waste_kwh":1,)"
      R"("sql_waste_ratio":0.25,"model":"estimated"}}})"));
  EXPECT_DOUBLE_EQ(green.energy_kwh, 1.9e-6);
  EXPECT_DOUBLE_EQ(green.per_service_energy_kwh.at("a"), 1.0);
  EXPECT_DOUBLE_EQ(green.per_service_measured_ratio.at("a"), 0.5);
  EXPECT_EQ(green.per_service_region.at("a"), "r");
  ASSERT_EQ(green.regions.size(), 1U);
  EXPECT_EQ(green.regions[0].source, model::IntensitySource::kRealTime);
  EXPECT_EQ(green.regions[0].estimated, true);
  EXPECT_EQ(green.regions[0].io_ops, 7U);
  ASSERT_TRUE(green.database_waste);
  EXPECT_DOUBLE_EQ(green.database_waste->ratio, 0.25);
  EXPECT_EQ(green.database_waste->region, std::nullopt);
  EXPECT_FALSE(green.messaging_waste);
}

TEST_F(Answer, ScrapersKeepWhatIsUnknownApartFromZero) {
  const auto rows = daemon_scrapers(parsed(
      R"({"backends":[{"backend":"alumet","configured":true,"last_scrape_age_seconds":4.0,"scrapes_ok":88,"scrapes_failed":0},)"
      R"({"backend":"kepler","configured":false}]})"));
  ASSERT_TRUE(rows);
  EXPECT_EQ((*rows)[0].failed, 0U);
  EXPECT_EQ((*rows)[0].age_seconds, 4.0);
  EXPECT_EQ((*rows)[1].failed, std::nullopt);
  EXPECT_FALSE((*rows)[1].configured);
  EXPECT_FALSE(daemon_scrapers(parsed("{}")));
}

TEST_F(Answer, LoadOfAnOlderDaemonHasNoBounds) {
  const auto load = daemon_load(parsed(R"({"active_traces":37,"analysis_queue_depth":-1})"));
  ASSERT_TRUE(load);
  EXPECT_EQ(load->active_traces.used, 37.0);
  EXPECT_EQ(load->active_traces.most, std::nullopt);
  EXPECT_EQ(load->analysis_queue.used, -1.0);
  EXPECT_FALSE(daemon_load(parsed("null")));
}

TEST_F(Answer, SettingsStandBesideTheirDefaultsAndNameNoSecret) {
  const auto rows = daemon_settings(parsed(
      R"({"trace_ttl_ms":500,"max_payload_size":33554432,"sampling_rate":0.25,"tls_configured":true,"ack_api_key_set":true,)"
      R"("cors_allowed_origins":["https://a","https://b"],"api_enabled":true,"correlation_window_ms":600000})"));
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->size(), 26U);
  const auto row = [&](std::string_view name) -> const tui::SettingRow& {
    return *std::find_if(rows->begin(), rows->end(), [&](const tui::SettingRow& r) { return r.name == name; });
  };
  EXPECT_EQ(row("trace_ttl_ms").value, "500");
  EXPECT_EQ(row("trace_ttl_ms").fallback, "30000");
  EXPECT_EQ(row("max_payload_size").value, "32 MiB");
  EXPECT_EQ(row("max_payload_size").fallback, "16 MiB");
  EXPECT_EQ(row("sampling_rate").value, "0.25");
  EXPECT_EQ(row("tls").value, "configured");
  EXPECT_EQ(row("tls").heading, "Sub-systems");
  EXPECT_EQ(row("ack_api_key").value, "set");
  EXPECT_EQ(row("cors_allowed_origins").value, "https://a, https://b");
  EXPECT_EQ(row("cors_allowed_origins").fallback, "(none)");
  EXPECT_EQ(row("correlation.window_ms").value, row("correlation.window_ms").fallback);
  EXPECT_EQ(row("max_active_traces").value, "-") << "not said";
  for (const tui::SettingRow& r : *rows) EXPECT_FALSE(r.help.empty()) << r.name;
}

}  // namespace
}  // namespace sentinel::cli
