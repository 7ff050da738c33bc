#include "telemetry/exposition.h"

#include <gtest/gtest.h>

#include <limits>

namespace sentinel::telemetry {
namespace {

constexpr std::string_view kByService[] = {"service"};
constexpr std::string_view kByTwo[] = {"severity", "type"};
constexpr double kBounds[] = {0.1, 1, 30};

// What stands in the tests below, declared in no good order.
struct Metrics {
  Registry registry;
  Metrics() {
    Gauge& ratio = registry.gauges({.name = "p_ratio", .help = "Ratio.", .exemplars = true})->only();
    ratio.set(0.88);
    ratio.set_exemplar("t1");
    registry.counters({.name = "p_ops", .help = "Operations."})->only().add(22);
    auto* findings = registry.counters({.name = "p_findings_total", .help = "Findings.", .labels = kByTwo, .exemplars = true});
    findings->series({"warning", "n_plus_one_sql"})->add();
    findings->series({"critical", "slow_sql"})->add(3);
    findings->series({"critical", "n_plus_one_sql"})->set_exemplar("t2");
    registry.counters({.name = "p_nothing_total", .help = "No series.", .labels = kByService});
    auto* slow = registry.histograms({.name = "p_seconds", .help = "Durations.", .labels = kByService, .bounds = kBounds});
    for (const double value : {0.5, 0.75, 31.0}) slow->series({"cart"})->observe(value);
  }
};

TEST(Exposition, ThePlainFormIsSortedThroughoutAndHasNoExemplars) {
  const Metrics metrics;
  EXPECT_EQ(expose(metrics.registry.snapshot(), Exposition::kPlain),
            "# HELP p_findings_total Findings.\n"
            "# TYPE p_findings_total counter\n"
            "p_findings_total{severity=\"critical\",type=\"n_plus_one_sql\"} 0\n"
            "p_findings_total{severity=\"critical\",type=\"slow_sql\"} 3\n"
            "p_findings_total{severity=\"warning\",type=\"n_plus_one_sql\"} 1\n"
            "# HELP p_ops Operations.\n"
            "# TYPE p_ops counter\n"
            "p_ops 22\n"
            "# HELP p_ratio Ratio.\n"
            "# TYPE p_ratio gauge\n"
            "p_ratio 0.88\n"
            "# HELP p_seconds Durations.\n"
            "# TYPE p_seconds histogram\n"
            "p_seconds_bucket{service=\"cart\",le=\"0.1\"} 0\n"
            "p_seconds_bucket{service=\"cart\",le=\"1\"} 2\n"
            "p_seconds_bucket{service=\"cart\",le=\"30\"} 2\n"
            "p_seconds_bucket{service=\"cart\",le=\"+Inf\"} 3\n"
            "p_seconds_sum{service=\"cart\"} 32.25\n"
            "p_seconds_count{service=\"cart\"} 3\n");
}

TEST(Exposition, OpenMetricsIsThePlainFormWithExemplarsAndAnEnd) {
  const Metrics metrics;
  std::string text = expose(metrics.registry.snapshot(), Exposition::kOpenMetrics);
  EXPECT_NE(text.find("\np_ratio 0.88 # {trace_id=\"t1\"} 1.0\n"), std::string::npos) << text;
  EXPECT_NE(text.find(",type=\"n_plus_one_sql\"} 0 # {trace_id=\"t2\"} 1.0\n"), std::string::npos) << text;
  for (const std::string_view exemplar : {" # {trace_id=\"t1\"} 1.0", " # {trace_id=\"t2\"} 1.0", "# EOF\n"}) {
    text.erase(text.find(exemplar), exemplar.size());
  }
  EXPECT_EQ(text, expose(metrics.registry.snapshot(), Exposition::kPlain));
}

TEST(Exposition, StrictOpenMetricsNamesFamiliesAnewAndSamplesAsEver) {
  const Metrics metrics;
  const std::string text = expose(metrics.registry.snapshot(), Exposition::kOpenMetricsStrict);
  for (const std::string_view line :
       {"# TYPE p_findings counter\n", "\np_findings_total{severity=\"critical\",type=\"slow_sql\"} 3\n",
        "# TYPE p_ops unknown\n", "\np_ops 22\n", "\np_ratio 0.88\n", " 0 # {trace_id=\"t2\"} 1.0\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
  EXPECT_EQ(text.find("t1"), std::string::npos) << "a gauge has no exemplar";
  EXPECT_TRUE(text.ends_with("# EOF\n"));
}

TEST(Exposition, LabelValuesAndHelpAreEscaped) {
  Registry registry;
  registry.counters({.name = "x_total", .help = "a\\b\nc \"d\"", .labels = kByService})->series({"q\" b\\ n\n é"});
  EXPECT_EQ(expose(registry.snapshot(), Exposition::kPlain),
            "# HELP x_total a\\\\b\\nc \"d\"\n# TYPE x_total counter\nx_total{service=\"q\\\" b\\\\ n\\n é\"} 0\n");
  EXPECT_TRUE(expose(registry.snapshot(), Exposition::kOpenMetrics).starts_with("# HELP x_total a\\\\b\\nc \\\"d\\\"\n"));
}

std::string shown(double value) {
  Registry registry;
  registry.gauges({.name = "g", .help = ""})->only().set(value);
  const std::string text = expose(registry.snapshot(), Exposition::kPlain);
  return text.substr(text.find("\ng ") + 3, text.size() - text.find("\ng ") - 4);
}

TEST(Exposition, NumbersHaveNoExponentAndNoNeedlessFraction) {
  EXPECT_EQ(shown(0), "0");
  EXPECT_EQ(shown(10000), "10000");
  EXPECT_EQ(shown(-1.5), "-1.5");
  EXPECT_EQ(shown(1.9e-7), "0.00000019");
  EXPECT_EQ(shown(1e21), "1000000000000000000000");
  EXPECT_EQ(shown(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(shown(std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(shown(-std::numeric_limits<double>::infinity()), "-Inf");
}

TEST(Exposition, CountersAreExactBeyondWhatADoubleHolds) {
  Registry registry;
  registry.counters({.name = "x_total", .help = ""})->only().add(9'007'199'254'740'993);
  EXPECT_TRUE(expose(registry.snapshot(), Exposition::kPlain).ends_with("x_total 9007199254740993\n"));
}

TEST(Exposition, NothingGivesNothing) {
  EXPECT_EQ(expose({}, Exposition::kPlain), "");
  EXPECT_EQ(expose({}, Exposition::kOpenMetrics), "# EOF\n");
}

TEST(Negotiate, OnlyAnAcceptedOpenMetricsItemSelectsIt) {
  constexpr auto kPlain = Exposition::kPlain;
  constexpr auto kOpen = Exposition::kOpenMetrics;
  constexpr auto kStrict = Exposition::kOpenMetricsStrict;
  struct Case {
    std::optional<std::string_view> accept;
    Exposition form;
  };
  constexpr Case kCases[] = {
      {std::nullopt, kPlain},
      {"", kPlain},
      {"*/*", kPlain},
      {"application/*", kPlain},
      {"text/plain;version=0.0.4", kPlain},
      {"application/openmetrics-textx", kPlain},
      {"application/openmetrics-text", kOpen},
      {"APPLICATION/OpenMetrics-Text", kOpen},
      {" application/openmetrics-text ;q=0.5", kOpen},
      {"application/openmetrics-text;version=0.0.1", kOpen},
      {"application/openmetrics-text;q=0", kPlain},
      {"application/openmetrics-text; Q=0", kPlain},
      {"application/openmetrics-text;q = 0", kPlain},
      {"application/openmetrics-text;q=0.", kPlain},
      {"application/openmetrics-text;q=0.000", kPlain},
      {"application/openmetrics-text;q=0.0000", kOpen},
      {"application/openmetrics-text;q=0.001", kOpen},
      {"application/openmetrics-text;q=abc", kOpen},
      {"application/openmetrics-text;q", kOpen},
      {"application/openmetrics-text;version=1.0.0;q=0", kPlain},
      {"text/plain;*/*;q=0.1", kPlain},
      {"application/openmetrics-text;q=0, application/openmetrics-text", kOpen},
      {"application/openmetrics-text, text/plain;q=0", kOpen},
      {", application/openmetrics-text,", kOpen},
      {"text/plain, application/openmetrics-text;version=1.0.0;q=0.1", kStrict},
      // Prometheus 2.42 and 2.53
      {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/"
       "plain;version=0.0.4;q=0.5,*/*;q=0.1",
       kStrict},
      {"application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/"
       "plain;version=0.0.4;q=0.3,*/*;q=0.2",
       kStrict},
  };
  for (const Case& one : kCases) EXPECT_EQ(negotiate(one.accept), one.form) << one.accept.value_or("(none)");
}

TEST(ContentType, NamesTheVersion) {
  EXPECT_EQ(content_type(Exposition::kPlain), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(content_type(Exposition::kOpenMetrics), "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

}  // namespace
}  // namespace sentinel::telemetry
