#include "daemon/daemon_metrics.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "support/files.h"
#include "telemetry/exposition.h"

namespace sentinel::daemon {
namespace {

using telemetry::FamilySnapshot;
using telemetry::Registry;
using telemetry::SampleSnapshot;

// A row of tests/data/daemon/metrics.csv: name|type|labels|when.
struct Row {
  std::string name, type, labels, when;
};

std::vector<Row> documented() {
  std::ifstream file(test_data("daemon/metrics.csv"));
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::stringstream cells(line);
    Row row;
    std::getline(cells, row.name, '|');
    std::getline(cells, row.type, '|');
    std::getline(cells, row.labels, '|');
    std::getline(cells, row.when);
    if (!row.name.starts_with("process_")) rows.push_back(row);
  }
  return rows;
}

std::set<std::string> words(std::string text) {
  std::stringstream in(text);
  std::set<std::string> out;
  for (std::string word; in >> word;) out.insert(word);
  return out;
}

// "reason: a b" as the table writes labels, from the series there are.
struct Labels {
  std::string names;
  std::set<std::string> values;  // of several labels joined by '/'
};
Labels labels_of(const FamilySnapshot& family) {
  Labels out;
  for (const std::string_view name : family.labels) out.names += (out.names.empty() ? "" : ",") + std::string(name);
  for (const SampleSnapshot& sample : family.samples) {
    std::string value;
    for (const std::string& one : sample.labels) value += (value.empty() ? "" : "/") + one;
    if (!sample.labels.empty()) out.values.insert(value);
  }
  return out;
}

std::map<std::string, FamilySnapshot> by_name(const telemetry::Snapshot& snapshot) {
  std::map<std::string, FamilySnapshot> out;
  for (const FamilySnapshot& family : snapshot) out.emplace(family.name, family);
  return out;
}

TEST(DaemonMetrics, TheFamiliesOfAFreshScrapeAreThoseDocumented) {
  ASSERT_EQ(documented().size(), 41U);
  Registry registry;
  const DaemonMetrics metrics(registry);
  const auto families = by_name(registry.snapshot());
  for (const Row& row : documented()) {
    const auto found = families.find(row.name);
    if (!row.when.starts_with("start")) {
      EXPECT_EQ(found, families.end()) << row.name << " comes later";
      continue;
    }
    ASSERT_NE(found, families.end()) << row.name;
    EXPECT_EQ(slug(found->second.kind), row.type) << row.name;
    const Labels labels = labels_of(found->second);
    const std::size_t colon = row.labels.find(": ");
    EXPECT_EQ(labels.names, row.labels.substr(0, colon == std::string::npos ? 0 : colon)) << row.name;
    EXPECT_EQ(labels.values, words(colon == std::string::npos ? "" : row.labels.substr(colon + 2))) << row.name;
    for (const SampleSnapshot& sample : found->second.samples) {
      EXPECT_EQ(sample.value.index() == 0 ? static_cast<double>(std::get<0>(sample.value)) : std::get<1>(sample.value), 0.0)
          << row.name;
    }
  }
}

TEST(DaemonMetrics, TheThreeLateFamiliesComeWithTheirLabels) {
  Registry registry;
  DaemonMetrics metrics(registry);
  metrics.findings(model::FindingType::kNPlusOneSql, model::Severity::kCritical).set_exemplar("t");
  metrics.service_io_ops("cart")->add();
  metrics.slow_duration(model::EventType::kHttpOut).observe(0.5);
  const std::string text = telemetry::expose(registry.snapshot(), telemetry::Exposition::kOpenMetrics);
  for (const std::string_view line :
       {"perf_sentinel_findings_total{severity=\"critical\",type=\"n_plus_one_sql\"} 0 # {trace_id=\"t\"} 1.0\n",
        "perf_sentinel_service_io_ops_total{service=\"cart\"} 1\n",
        "perf_sentinel_slow_duration_seconds_bucket{type=\"http_out\",le=\"0.25\"} 0\n",
        "perf_sentinel_slow_duration_seconds_bucket{type=\"http_out\",le=\"0.5\"} 1\n",
        "perf_sentinel_slow_duration_seconds_bucket{type=\"sql\",le=\"30\"} 0\n",
        "perf_sentinel_slow_duration_seconds_count{type=\"messaging\"} 0\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST(DaemonMetrics, AllSlowTypesStandFromTheFirstBatchOn) {
  Registry registry;
  DaemonMetrics metrics(registry);
  metrics.start_slow_durations();
  EXPECT_EQ(labels_of(by_name(registry.snapshot()).at("perf_sentinel_slow_duration_seconds")).values,
            (std::set<std::string>{"http_out", "messaging", "sql"}));
}

TEST(DaemonMetrics, EnergyBackendsStandOnlyWithTheApi) {
  constexpr auto kName = "perf_sentinel_energy_backend_configured";
  Registry with;
  DaemonMetricsOptions options;
  options.configured[static_cast<std::size_t>(EnergyBackend::kKepler)] = true;
  const DaemonMetrics on(with, options);
  const std::string text = telemetry::expose(with.snapshot(), telemetry::Exposition::kPlain);
  EXPECT_NE(text.find("configured{backend=\"kepler\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("configured{backend=\"redfish\"} 0\n"), std::string::npos);
  Registry without;
  const DaemonMetrics off(without, {.api_enabled = false, .configured = {}});
  EXPECT_FALSE(by_name(without.snapshot()).contains(kName));
}

TEST(DaemonMetrics, ServicesBeyondTheCapHaveNoSeries) {
  Registry registry;
  DaemonMetrics metrics(registry);
  for (std::size_t i = 0; i + 1 < kMaxServiceSeries; ++i) ASSERT_NE(metrics.service_io_ops(std::to_string(i)), nullptr);
  EXPECT_NE(metrics.service_io_ops("the 1024th"), nullptr);
  EXPECT_EQ(metrics.service_io_ops("the 1025th"), nullptr);
  EXPECT_NE(metrics.service_io_ops("17"), nullptr);
}

TEST(DaemonMetrics, ReasonsCountIntoTheirOwnSeries) {
  Registry registry;
  DaemonMetrics metrics(registry);
  metrics.otlp_rejected[RejectReason::kChannelFull].add(3);
  metrics.ack_operations_failed[1][AckFailure::kNotAcked].add();
  metrics.scraper(EnergyBackend::kRedfish).failures[ScrapeFailure::kPathMissing].add();
  const std::string text = telemetry::expose(registry.snapshot(), telemetry::Exposition::kPlain);
  for (const std::string_view line :
       {"otlp_rejected_total{reason=\"channel_full\"} 3\n", "{action=\"unack\",reason=\"not_acked\"} 1\n",
        "redfish_scrape_failed_total{reason=\"path_missing\"} 1\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
  EXPECT_EQ(metrics.otlp_rejected.total(), 3U);
  EXPECT_FALSE(metrics.ack_operations_failed[0].has(AckFailure::kNotAcked));
  EXPECT_FALSE(metrics.scraper(EnergyBackend::kAlumet).failures.has(ScrapeFailure::kInvalidJson));
  EXPECT_FALSE(metrics.scraper(EnergyBackend::kCloudEnergy).scrapes.has(ScrapeResult::kSuccess));
}

TEST(DaemonMetrics, TheCatalogueIsSortedAndHoldsEveryFamily) {
  Registry registry;
  DaemonMetrics metrics(registry);
  metrics.start_slow_durations();
  (void)metrics.service_io_ops("s");
  (void)metrics.findings(model::FindingType::kSlowSql, model::Severity::kInfo);
  std::set<std::string_view> rows;
  std::string_view before;
  for (const MetricRow& row : metric_rows()) {
    EXPECT_LT(before, row.name);
    EXPECT_FALSE(row.help.empty());
    before = row.name;
    rows.insert(row.name);
  }
  std::set<std::string_view> families;
  const auto snapshot = registry.snapshot();
  for (const FamilySnapshot& family : snapshot) families.insert(family.name);
  EXPECT_EQ(families, rows);
}

}  // namespace
}  // namespace sentinel::daemon
