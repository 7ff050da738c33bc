#include "report/text_report.h"

#include <gtest/gtest.h>

#include "report/terminal.h"
#include "sample_report.h"

namespace sentinel::report {
namespace {

using model::Severity;
using testing::empty_report;
using testing::finding;
using testing::full_report;

std::string text(const model::Report& report) { return text_report(report, {}); }

// The part of `whole` from the line `first` up to, not including, the line `last`.
std::string lines(const std::string& whole, const std::string& first, const std::string& last) {
  const std::size_t begin = whole.find(first);
  const std::size_t end = whole.find(last, begin);
  EXPECT_NE(begin, std::string::npos) << first << "\nnot in\n" << whole;
  EXPECT_NE(end, std::string::npos) << last << "\nnot in\n" << whole;
  return begin == std::string::npos ? "" : whole.substr(begin, end - begin);
}

// Findings as a line each: full ones by their number, stubs as "number>first".
std::string layout(const std::vector<model::Finding>& findings) {
  model::Report report = empty_report();
  report.findings = findings;
  const std::string all = text(report);
  std::string out;
  for (std::size_t at = all.find("] #"); at != std::string::npos; at = all.find("] #", at + 1)) {
    const std::string line = all.substr(at + 3, all.find('\n', at) - at - 3);
    if (!out.empty()) out += ' ';
    out += line.substr(0, line.find(' '));
    if (const std::size_t repeat = line.find("repeat of #"); repeat != std::string::npos) {
      out += '>' + line.substr(repeat + 11, line.find(' ', repeat + 11) - repeat - 11);
    }
  }
  return out;
}

model::Finding with(model::Finding f, Severity severity) {
  f.severity = severity;
  return f;
}

TEST(TextReport, SaysWhatWasAnalysed) {
  model::Report report = empty_report();
  report.analysis = {7, 12, 3, {}};
  EXPECT_EQ(text_report(report, {.label = "tempo"}).substr(0, 115),
            "\n=== perf-sentinel tempo ===\nAnalyzed 12 events across 3 traces in 7ms\n\nNo performance anti-patterns "
            "detected.\n--- ");
}

TEST(TextReport, TheIngestLineNeedsFilteredSpansAndNamesTheGap) {
  model::Report report = empty_report();
  report.analysis.ingest = model::IngestTally{.received = 4, .retained_sql = 4};
  EXPECT_EQ(text(report).find("Ingested"), std::string::npos);
  report.analysis.ingest = model::IngestTally{.received = 4, .not_io = 1, .retained_sql = 3};
  EXPECT_EQ(lines(text(report), "Ingested", "\n"), "Ingested 4 spans, 1 filtered as non-analyzable");
  report.analysis.ingest = model::IngestTally{.received = 4, .not_io = 1, .missing_db_statement = 1, .missing_http_url = 1};
  EXPECT_EQ(lines(text(report), "Ingested", "\n"),
            "Ingested 4 spans, 3 filtered as non-analyzable, 2 I/O span(s) missing db.statement/http.url");
}

TEST(TextReport, DetailedWarningsStandForPlainOnes) {
  model::Report report = empty_report();
  report.warnings = {"plain"};
  EXPECT_EQ(lines(text(report), "Warnings:", "No performance"), "Warnings:\n  plain\n\n");
  report.warning_details = {{"tuning", "a\tb"}};
  EXPECT_EQ(lines(text(report), "Warnings:", "No performance"), "Warnings:\n  [tuning] a?b\n\n");
}

TEST(TextReport, AFullBlockShowsEveryPartOfAFinding) {
  EXPECT_EQ(lines(text(full_report()), "Found", "--- GreenOps"),
            "Found 1 finding(s):\n"
            "  0 critical, 1 warning, 0 info\n"
            "\n"
            "  [WARNING] #1 N+1 SQL\n"
            "    Trace:    t1\n"
            "    Service:  order-svc\n"
            "    k8s.namespace.name: prod\n"
            "    service.namespace: team\n"
            "    Endpoint: POST /orders\n"
            "    Source:   shop.B.load (a/B.java:7)\n"
            "    Template: SELECT * FROM t WHERE id = ?\n"
            "    Hits:     5 occurrences, 5 distinct params, 40ms window\n"
            "    Window:   2025-07-10T14:32:01.000Z -> 2025-07-10T14:32:01.040Z\n"
            "    Suggestion: Load the rows with one IN query\n"
            "    Suggested fix: Use JOIN FETCH (see: https://example.org/jpa)\n"
            "    Extra I/O: 4 avoidable ops\n"
            "    IIS:      5.0 (high)\n"
            "\n");
}

TEST(TextReport, ConfidenceIsNamedOnlyForTheDaemon) {
  model::Report report = empty_report();
  report.findings = {finding()};
  EXPECT_EQ(text(report).find("Confidence:"), std::string::npos);
  report.findings[0].confidence = model::Confidence::kDaemonProduction;
  EXPECT_NE(text(report).find("    Confidence: daemon_production\n"), std::string::npos);
}

TEST(TextReport, AnUnsafeLinkIsLeftOut) {
  model::Report report = empty_report();
  report.findings = {finding()};
  report.findings[0].suggested_fix = model::SuggestedFix{"n_plus_one_sql", "x", "Batch", "http://example.org"};
  EXPECT_NE(text(report).find("Suggested fix: Batch\n"), std::string::npos);
}

TEST(TextReport, EveryTextFromOutsideIsMadeSafe) {
  model::Report report = empty_report();
  model::Finding f = finding("t\x1b");
  f.service = "s\xE2\x80\xAE";
  f.first_timestamp = "\x07";
  report.findings = {f};
  const std::string out = text(report);
  EXPECT_NE(out.find("Trace:    t?\n"), std::string::npos);
  EXPECT_NE(out.find("Service:  s\n"), std::string::npos);
  EXPECT_NE(out.find("Window:   ? -> "), std::string::npos);
}

TEST(TextReport, MostCommonTypesAreNamedAboveFiveAndThreeAboveTen) {
  model::Report report = empty_report();
  const auto add = [&](std::size_t n, model::FindingType type) {
    for (std::size_t i = 0; i < n; ++i) {
      report.findings.push_back(finding());
      report.findings.back().type = type;
    }
  };
  add(5, model::FindingType::kSlowSql);
  EXPECT_EQ(text(report).find("Most common"), std::string::npos);
  add(4, model::FindingType::kNPlusOneHttp);
  add(1, model::FindingType::kChattyService);
  EXPECT_NE(text(report).find("  Most common: slow_sql (5), n_plus_one_http (4)\n\n"), std::string::npos);
  add(1, model::FindingType::kNPlusOneHttp);
  EXPECT_NE(text(report).find("  Most common: n_plus_one_http (5), slow_sql (5), chatty_service (1)\n\n"), std::string::npos);
}

TEST(TextReport, AProblemIsPrintedInFullOnceAndAgainWhenItGetsWorse) {
  const model::Finding a = finding("t1", "a");
  const model::Finding b = finding("t2", "b");
  EXPECT_EQ(layout({a, a, b, a}), "1 2>1 3 4>1");
  EXPECT_EQ(layout({with(a, Severity::kInfo), with(a, Severity::kInfo), with(a, Severity::kCritical), a}), "1 2>1 3 4>1");
  EXPECT_EQ(layout({with(a, Severity::kCritical), a}), "1 2>1");
}

TEST(TextReport, BlankLinesFrameStubs) {
  model::Report report = empty_report();
  report.findings = {finding("t1", "a"), finding("t2", "a"), finding("t3", "a"), finding("t4", "b"), finding("t5", "a")};
  const std::string out = text(report);
  EXPECT_NE(out.find("    Recurrence: detected in 4 traces · ~16 avoidable ops in total\n"
                     "\n"
                     "  [WARNING] #2 N+1 SQL · repeat of #1 · trace t2\n"
                     "  [WARNING] #3 N+1 SQL · repeat of #1 · trace t3\n"
                     "\n"
                     "  [WARNING] #4 N+1 SQL\n"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("\n\n  [WARNING] #5 N+1 SQL · repeat of #1 · trace t5\n\n--- GreenOps Summary ---\n"), std::string::npos)
      << out;
}

TEST(TextReport, RecurrenceLeavesOutWhatCannotBeAvoided) {
  model::Report report = empty_report();
  report.findings = {finding("t1"), finding("t2")};
  for (model::Finding& f : report.findings) f.green_impact.reset();
  EXPECT_NE(text(report).find("    Recurrence: detected in 2 traces\n"), std::string::npos);
}

TEST(TextReport, TheGreenBlockShowsEveryFigure) {
  EXPECT_EQ(
      lines(text(full_report()), "--- GreenOps", "\n\n  CO₂ figures"),
      "--- GreenOps Summary ---\n"
      "  Total I/O ops:     5\n"
      "  Avoidable I/O ops: 4\n"
      "  SQL share:         4 of 5 SQL ops avoidable\n"
      "  I/O waste ratio:   80.0% (critical)\n"
      "  Est. CO₂:          0.001000 g (low 0.000500, high 0.002000, model io_proxy_v2)\n"
      "  Avoidable CO₂:     0.001000 g (low 0.000500, high 0.002000)\n"
      "  Operational:       0.000040 g    Embodied: 0.001000 g    Methodology: sci_v1_numerator\n"
      "  Transport:         0.250000 g    (cross-region network bytes)\n"
      "  Database waste:    5.000e-8 kWh of 1.500e-7 kWh (33% SQL ratio, model estimated), 2.000e-6 gCO₂, region eu-west-3 "
      "[within the report totals]\n"
      "  Broker waste:      1.000000 kWh of 2.000000 kWh (50% messaging ratio, model broker_specpower), 0.500000 gCO₂, "
      "region eu-west-3 [excluded from totals]\n"
      "\n"
      "  Carbon scoring: Electricity Maps v4, lifecycle, hourly\n"
      "\n"
      "  Per-region breakdown:\n"
      "    - eu-west-3: 5 I/O ops, 0.000040 gCO₂ (31 gCO₂/kWh, source: hourly, estimated/TIME_SLICER)\n"
      "    - unknown: 1 I/O ops, 0.000000 gCO₂ (intensity: unresolved, source: -)\n"
      "\n"
      "  Top offenders:\n"
      "    - POST /orders: IIS 5.0 (high) (service: order-svc), 0.250000 gCO₂");
}

TEST(TextReport, AWasteFigureLeavesOutWhatIsUnknown) {
  model::Report report = full_report();
  report.green_summary.database_waste = model::WasteFigure{2.0, 1.0, {}, {}, {}, 0.5, ""};
  EXPECT_NE(
      text(report).find("  Database waste:    1.000000 kWh of 2.000000 kWh (50% SQL ratio, model -) [excluded from totals]\n"),
      std::string::npos);
}

TEST(TextReport, TheScoringLineIsForElectricityMapsAndAnAbsentFlagCountsAsYes) {
  model::Report report = full_report();
  report.green_summary.scoring_config->electricity_maps = false;
  EXPECT_EQ(text(report).find("Carbon scoring:"), std::string::npos);
  report.green_summary.scoring_config->electricity_maps.reset();
  EXPECT_NE(text(report).find("Carbon scoring:"), std::string::npos);
}

TEST(TextReport, AMeasuredIntensityIsCalledSo) {
  model::Report report = full_report();
  report.green_summary.regions[0].estimated = false;
  EXPECT_NE(text(report).find("source: hourly, measured)"), std::string::npos);
  report.green_summary.regions[0].estimated = true;
  report.green_summary.regions[0].estimation_method.reset();
  EXPECT_NE(text(report).find("source: hourly, estimated)"), std::string::npos);
}

TEST(TextReport, SaysWhyThereIsNoCarbon) {
  model::Report report = empty_report();
  EXPECT_NE(text(report).find("  Carbon:            not computed (no traces were analyzed)\n"), std::string::npos);
  report.analysis.traces_analyzed = 1;
  EXPECT_NE(text(report).find("  Carbon:            not computed (green scoring is disabled: [green] enabled = false)\n"),
            std::string::npos);
}

TEST(TextReport, TheGateNamesItsRulesAndShowsNumbersPlainly) {
  model::Report report = empty_report();
  report.quality_gate = {false, {{"io_waste_ratio_max", 0.3, 0.08181818181818182, true}, {"odd\nrule", 3.0, 4.0, false}}};
  EXPECT_EQ(lines(text(report) + "<end>", "Quality gate", "<end>"),
            "Quality gate: FAILED\n"
            "  - Max I/O waste ratio: 0.3 (actual 0.08181818181818182) PASS\n"
            "  - odd?rule: 3 (actual 4) FAIL\n"
            "\n");
  EXPECT_NE(text_report(report, {.informational_gate = true}).find("Quality gate: FAILED (for information only"),
            std::string::npos);
}

TEST(TextReport, AcknowledgedFindingsAreCountedOrListed) {
  model::Report report = full_report();
  EXPECT_NE(text(report).find("PASS\n\n\n1 finding acknowledged and left out; list with --show-acknowledged\n"),
            std::string::npos);
  report.acknowledged_findings.push_back(report.acknowledged_findings[0]);
  EXPECT_NE(text_report(report, {.show_acknowledged = true})
                .find("PASS\n\n\nAcknowledged: 2 findings\n  [ack] sig (team@example.org, 2026-05-02): accepted\n"),
            std::string::npos);
}

TEST(TextReport, ColorsOnlyAddEscapeSequences) {
  const std::string colored = text_report(full_report(), {.colors = true});
  std::string plain;
  for (std::size_t i = 0; i < colored.size(); ++i) {
    if (colored[i] == '\x1b') {
      i = colored.find('m', i);
      continue;
    }
    plain += colored[i];
  }
  EXPECT_EQ(plain, text(full_report()));
  EXPECT_NE(colored.find("\x1b[1m\x1b[33m[WARNING] #1 N+1 SQL\x1b[0m"), std::string::npos);
  EXPECT_NE(colored.find("\x1b[33m(high)\x1b[0m"), std::string::npos);
}

TEST(LocationText, ShowsWhatThereIs) {
  constexpr std::string_view kAbsent;
  EXPECT_EQ(location_text({"f", "a.py", kAbsent, 3}), "f (a.py:3)");
  EXPECT_EQ(location_text({kAbsent, "x.java", "a.b", {}}), "a.b. (x.java)");
  EXPECT_EQ(location_text({kAbsent, kAbsent, "a.b", {}}), "a.b.");
  EXPECT_EQ(location_text({"load", kAbsent, "", {}}), ".load");
  EXPECT_EQ(location_text({kAbsent, "x.rs", kAbsent, 4}), "x.rs:4");
  EXPECT_EQ(location_text({kAbsent, kAbsent, kAbsent, 4}), "");
  EXPECT_EQ(location_text({"f", kAbsent, kAbsent, 4}), "f");
}

}  // namespace
}  // namespace sentinel::report
