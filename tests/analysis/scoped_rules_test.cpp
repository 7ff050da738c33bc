// Rules at work: whose threshold judges a finding, and what becomes of suppressed ones.
#include "analysis/scoped_rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/acknowledgments.h"
#include "analysis/run.h"
#include "config/key_table.h"
#include "config/load.h"
#include "ingest/byte_source.h"

namespace sentinel::analysis {
namespace {

// Native events: `count` queries with different keys of one endpoint and service, each `ms` long, in trace `trace`.
struct Calls {
  int count = 5;
  std::string endpoint = "GET /a";
  std::string service = "svc";
  std::string trace = "t1";
  int ms = 1;
};

std::string events(const std::vector<Calls>& list) {
  std::string out;
  int id = 0;
  for (const Calls& c : list) {
    for (int i = 0; i < c.count; ++i) {
      ++id;
      out += std::string(out.empty() ? "[" : ",") + R"({"timestamp":"2025-07-10T14:32:01.)" + std::to_string(100 + i) +
             R"(Z","trace_id":")" + c.trace + R"(","span_id":"s)" + std::to_string(id) + R"(","parent_span_id":"parent of )" +
             c.endpoint + R"(","service":")" + c.service + R"(","type":"sql","operation":"SELECT","target":"SELECT * FROM )" +
             c.endpoint.substr(5) + " WHERE id = " + std::to_string(i) + R"(","duration_us":)" + std::to_string(c.ms * 1000) +
             R"(,"source":{"endpoint":")" + c.endpoint + R"(","method":"m"}})";
    }
  }
  return out + "]";
}

config::Config configured(const std::string& toml) {
  config::LoadOptions options;
  options.environment = [](const char*) { return std::nullopt; };
  options.now_ms = 1'767'225'600'000;  // 2026-01-01
  auto loaded = config::load_text(toml, "t.toml", options);
  EXPECT_TRUE(loaded.ok()) << loaded.error().text();
  return loaded ? loaded->config : config::Config();
}

std::unique_ptr<Run> analyzed(const std::vector<Calls>& list, const config::Config& config) {
  const std::string text = events(list);
  const auto source = ingest::memory_source(text);
  auto run = load_traces(*source, nullptr, 1, config);
  EXPECT_TRUE(run.ok());
  analyze(**run, config, model::Confidence::kLocalBatch, 2);
  return std::move(*run);
}

// "n_plus_one_sql GET /a x5; …"
std::string findings(const model::Report& report) {
  std::string out;
  for (const model::Finding& f : report.findings) {
    out += (out.empty() ? "" : "; ") + std::string(model::slug(f.type)) + " " + std::string(f.source_endpoint) + " x" +
           std::to_string(f.pattern.occurrences);
  }
  return out;
}

std::string found(const std::vector<Calls>& list, const std::string& toml) {
  return findings(analyzed(list, configured(toml))->report);
}

std::string warnings(const model::Report& report) {
  std::string out;
  for (const model::Warning& w : report.warning_details) out += w.kind + ": " + w.message + "\n";
  return out;
}

const std::string kRule = "[[rules]]\nreason = \"r\"\n";

TEST(ScopedThresholds, CountInTheirScopeOnlyUpAndDown) {
  const std::vector<Calls> calls = {{.count = 6, .endpoint = "GET /a"}, {.count = 6, .endpoint = "GET /b"}};
  const std::string both = "n_plus_one_sql GET /a x6; n_plus_one_sql GET /b x6";
  EXPECT_EQ(found(calls, ""), both);
  EXPECT_EQ(found(calls, kRule + "endpoint = \"GET /a\"\nn_plus_one_min_occurrences = 6"), both) << "at the threshold";
  EXPECT_EQ(found(calls, kRule + "endpoint = \"GET /a\"\nn_plus_one_min_occurrences = 7"), "n_plus_one_sql GET /b x6");
  EXPECT_EQ(found(calls, "[detection]\nn_plus_one_min_occurrences = 9\n" + kRule +
                             "endpoint = \"GET /b\"\nn_plus_one_min_occurrences = 6"),
            "n_plus_one_sql GET /b x6");
}

TEST(ScopedThresholds, EachScopeKeyNarrows) {
  const std::vector<Calls> calls = {{.count = 6}};
  const std::string rule = kRule + "n_plus_one_min_occurrences = 7\n";
  const std::string all = "n_plus_one_sql GET /a x6";
  EXPECT_EQ(found(calls, rule + "service = \"svc\""), "");
  EXPECT_EQ(found(calls, rule + "service = \"s*\"\nendpoint = \"* /a\"\ntemplate = \"SELECT * FROM a *\""), "");
  EXPECT_EQ(found(calls, rule + "service = \"other\""), all);
  EXPECT_EQ(found(calls, rule + "service = \"svc\"\nendpoint = \"GET\""), all);
  EXPECT_EQ(found(calls, rule + "service = \"svc\"\ntemplate = \"INSERT *\""), all);
  EXPECT_EQ(found(calls, rule + "attributes = { \"service.namespace\" = \"*\" }"), all) << "the finding has no such attribute";
}

TEST(ScopedThresholds, TheFirstRuleOfADetectorWinsAndOthersStayFree) {
  const std::vector<Calls> calls = {{.count = 6, .ms = 600}};
  const std::string toml = kRule + "service = \"svc\"\nn_plus_one_min_occurrences = 7\n" + kRule +
                           "service = \"svc\"\nn_plus_one_min_occurrences = 2\nslow_query_threshold_ms = 599\n";
  EXPECT_EQ(found(calls, ""), "n_plus_one_sql GET /a x6; slow_sql GET /a x6");
  EXPECT_EQ(found(calls, toml), "slow_sql GET /a x6") << "the second rule has no say in N+1, but in slow findings";
  EXPECT_EQ(found(calls, kRule + "service = \"svc\"\nslow_query_threshold_ms = 600\n"), "n_plus_one_sql GET /a x6");
}

TEST(ScopedThresholds, AWholeScopeIsTheSameAsTheThresholdOfDetection) {
  const std::vector<Calls> calls = {{.count = 6, .ms = 600}, {.count = 12, .endpoint = "GET /b", .trace = "t2", .ms = 700}};
  for (const char* threshold : {"n_plus_one_min_occurrences = 7", "window_duration_ms = 5", "slow_query_threshold_ms = 650",
                                "slow_query_min_occurrences = 7", "max_fanout = 1", "pool_saturation_concurrent_threshold = 6",
                                "serialized_min_sequential = 2"}) {
    EXPECT_EQ(found(calls, kRule + "service = \"*\"\n" + threshold), found(calls, "[detection]\n" + std::string(threshold)))
        << threshold;
  }
}

TEST(ScopedThresholds, SettingsForAFindingAreThoseThatJudgedIt) {
  const config::Config config = configured(kRule + "endpoint = \"GET /a\"\nn_plus_one_min_occurrences = 7\n");
  model::Finding f;
  f.type = model::FindingType::kNPlusOneSql;
  f.source_endpoint = "GET /a";
  EXPECT_EQ(settings_for(config, f).n_plus_one_threshold, 7U);
  f.source_endpoint = "GET /b";
  EXPECT_EQ(settings_for(config, f).n_plus_one_threshold, 5U);
  f.source_endpoint = "GET /a";
  f.type = model::FindingType::kSlowSql;
  EXPECT_EQ(settings_for(config, f).n_plus_one_threshold, 5U);
}

TEST(ScopedThresholds, EveryThresholdOfDetectionHasASay) {
  for (const config::KeyRow& row : config::key_table()) {
    if (row.section != "detection" || !config::is_whole_number(row)) continue;
    const config::Config config = configured(kRule + "service = \"*\"\n" + std::string(row.key) + " = 77\n");
    bool changed = false;
    for (std::size_t type = 0; type < model::kFindingTypes; ++type) {
      model::Finding f;
      f.type = static_cast<model::FindingType>(type);
      config::Config judged;
      judged.detection.settings = settings_for(config, f);
      changed = changed || config::whole_number(row, judged) == 77;
    }
    EXPECT_TRUE(changed) << row.key;
  }
}

TEST(ScopedThresholds, ExplainedTracesAreJudgedTheSameWay) {
  const config::Config config = configured(kRule + "endpoint = \"GET /a\"\nn_plus_one_min_occurrences = 7\n");
  const auto run = analyzed({{.count = 6}}, config);
  base::Arena texts;
  EXPECT_TRUE(detect_trace_under_rules(run->traces.view(0), run->symbols, config, texts).empty());
  EXPECT_EQ(detect_trace_under_rules(run->traces.view(0), run->symbols, configured(""), texts).size(), 1U);
}

// -- suppressions

const std::string kSuppress =
    "[[rules]]\nname = \"import\"\nreason = \"by design\"\nexpires_at = \"2026-12-31\"\nsuppress = true\n";

TEST(Suppressions, LeaveReportAndGateAndAreListedWithTheirReason) {
  const auto run =
      analyzed({{.count = 12}, {.count = 6, .endpoint = "GET /b"}}, configured(kSuppress + "endpoint = \"GET /a\"\n"));
  EXPECT_EQ(findings(run->report), "n_plus_one_sql GET /b x6");
  ASSERT_FALSE(run->report.quality_gate.rules.empty());
  EXPECT_TRUE(run->report.quality_gate.rules[0].passed) << "no critical N+1 is left";
  ASSERT_EQ(run->report.acknowledged_findings.size(), 1U);
  const model::AcknowledgedFinding& aside = run->report.acknowledged_findings[0];
  EXPECT_EQ(aside.finding.source_endpoint, "GET /a");
  EXPECT_EQ(aside.acknowledgment.signature, aside.finding.signature);
  EXPECT_EQ(aside.acknowledgment.acknowledged_by, "import");
  EXPECT_EQ(aside.acknowledgment.reason, "by design");
  EXPECT_EQ(aside.acknowledgment.expires_at, "2026-12-31");
  EXPECT_EQ(warnings(run->report), "suppressed_findings: rule `import` set 1 finding (1 n_plus_one_sql) aside: by design\n");
}

TEST(Suppressions, TypesNarrowThem) {
  const std::vector<Calls> calls = {{.count = 6, .ms = 600}};
  EXPECT_EQ(found(calls, kSuppress + "service = \"svc\"\ntypes = [\"slow_sql\"]"), "n_plus_one_sql GET /a x6");
  EXPECT_EQ(found(calls, kSuppress + "service = \"svc\""), "");
}

TEST(Suppressions, ARuleThatMatchesNothingSaysSo) {
  const auto run = analyzed({{.count = 6}}, configured(kSuppress + "service = \"gone\"\n"));
  EXPECT_EQ(findings(run->report), "n_plus_one_sql GET /a x6");
  EXPECT_EQ(warnings(run->report),
            "unmatched_rule: rule `import` matched no finding: the problem is fixed, or its scope was not exercised\n");
}

TEST(Suppressions, AnExpiredRuleIsReportedAndDoesNothing) {
  for (const char* effect : {"suppress = true", "n_plus_one_min_occurrences = 7"}) {
    const auto run =
        analyzed({{.count = 6}},
                 configured("[[rules]]\nname = \"old\"\nreason = \"r\"\nservice = \"svc\"\nexpires_at = \"2025-12-31\"\n" +
                            std::string(effect)));
    EXPECT_EQ(findings(run->report), "n_plus_one_sql GET /a x6") << effect;
    EXPECT_TRUE(run->report.acknowledged_findings.empty());
    EXPECT_EQ(warnings(run->report), "expired_rule: rule `old` expired on 2025-12-31 and no longer applies: r\n");
  }
}

TEST(Suppressions, StayListedWhenAcknowledgmentsAreApplied) {
  const config::Config config = configured(kSuppress + "endpoint = \"GET /a\"\n");
  const auto run = analyzed({{.count = 6}, {.count = 6, .endpoint = "GET /b"}}, config);
  model::Report& report = run->report;
  ASSERT_EQ(report.findings.size(), 1U);
  const auto entry = [](std::string_view signature) {
    return AckEntry{.acknowledgment = {std::string(signature), "me", "2026-01-01", "known", {}, {}, {}}, .active_until_ms = {}};
  };
  const AckFile file = {entry(report.findings[0].signature), entry(report.acknowledged_findings[0].finding.signature)};
  apply_acknowledgments(report, file, 0, ReportOrigin::kFresh, config.thresholds);
  EXPECT_TRUE(report.findings.empty());
  ASSERT_EQ(report.acknowledged_findings.size(), 2U);
  EXPECT_EQ(report.acknowledged_findings[0].acknowledgment.acknowledged_by, "import");
  EXPECT_EQ(report.acknowledged_findings[1].acknowledgment.acknowledged_by, "me");
  EXPECT_EQ(warnings(report).find("unmatched_acknowledgment"), std::string::npos) << "the rule took what the entry names";
}

TEST(Suppressions, WasteAndCarbonStayAsTheyAre) {
  const auto plain = analyzed({{.count = 6}}, configured(""));
  const auto suppressed = analyzed({{.count = 6}}, configured(kSuppress + "service = \"svc\"\n"));
  EXPECT_EQ(plain->report.green_summary.avoidable_io_ops, 5U);
  EXPECT_EQ(suppressed->report.green_summary.avoidable_io_ops, 5U);
}

}  // namespace
}  // namespace sentinel::analysis
