#include "analysis/report_reader.h"

#include <gtest/gtest.h>

#include "support/json.h"

namespace sentinel::analysis {
namespace {

using Json = nlohmann::json;

// The least that is a report, with one finding and one embedded trace.
Json report() {
  return parsed_json<Json>(R"({
    "analysis": {"duration_ms": 1, "events_processed": 5, "traces_analyzed": 1},
    "findings": [{"type": "n_plus_one_sql", "severity": "warning", "trace_id": "t1", "service": "svc", "source_endpoint": "GET /",
      "pattern": {"template": "SELECT ?", "occurrences": 5, "window_ms": 40, "distinct_params": 5}, "suggestion": "batch",
      "first_timestamp": "a", "last_timestamp": "b"}],
    "green_summary": {"total_io_ops": 5, "avoidable_io_ops": 4, "io_waste_ratio": 1, "io_waste_ratio_band": "critical",
      "top_offenders": []},
    "quality_gate": {"passed": true, "rules": []},
    "embedded_traces": [{"trace_id": "t1", "spans": [{"span_id": "s", "service": "svc", "endpoint": "GET /", "event_type": "sql",
      "operation": "SELECT", "template": "SELECT ?", "duration_us": 800}]}]})");
}

// "ok" or the error, after setting the value at a JSON pointer.
std::string read(const Json& document) {
  const std::string text = document.dump();
  const base::Result<SavedReport> out = read_saved_report(text);
  return out ? "ok" : out.error().text();
}

std::string with(const std::string& pointer, const Json& value) {
  Json document = report();
  document[Json::json_pointer(pointer)] = value;
  return read(document);
}

std::string without(const std::string& pointer, const std::string& key) {
  Json document = report();
  document[Json::json_pointer(pointer)].erase(key);
  return read(document);
}

TEST(ReportReader, ReadsFindingsAndTraces) {
  Json document = report();
  document["findings"][0]["code_location"] = {{"function", "f"}, {"filepath", nullptr}, {"lineno", 4}};
  document["findings"][0]["suggested_fix"] = {
      {"pattern", "n_plus_one_sql"}, {"framework", "x"}, {"recommendation", "do"}, {"reference_url", nullptr}};
  document["findings"][0]["grouping"] = parsed_json<Json>(R"([{"key": "k", "value": "v"}])");
  document["findings"][0]["instrumentation_scopes"] = {"jdbc"};
  document["embedded_traces"][0]["spans"][0]["parent_span_id"] = "p\u0041";
  const std::string text = document.dump();
  const base::Result<SavedReport> out = read_saved_report(text);
  ASSERT_TRUE(out.ok()) << out.error().text();
  ASSERT_EQ(out->report.findings.size(), 1U);
  const model::Finding& f = out->report.findings[0];
  EXPECT_EQ(f.type, model::FindingType::kNPlusOneSql);
  EXPECT_EQ(f.severity, model::Severity::kWarning);
  EXPECT_EQ(f.confidence, model::Confidence::kCiBatch);
  EXPECT_EQ(f.trace_id, "t1");
  EXPECT_EQ(f.pattern.occurrences, 5U);
  EXPECT_EQ(f.code_location.function, "f");
  EXPECT_EQ(f.code_location.filepath.data(), nullptr);
  EXPECT_EQ(f.code_location.lineno, 4U);
  ASSERT_TRUE(f.suggested_fix);
  EXPECT_EQ(f.suggested_fix->framework, "x");
  EXPECT_EQ(f.suggested_fix->reference_url, "");
  ASSERT_EQ(f.grouping.size(), 1U);
  EXPECT_EQ(f.grouping[0].value, "v");
  ASSERT_EQ(f.scopes.size(), 1U);
  EXPECT_EQ(f.signature.substr(0, 26), "n_plus_one_sql:svc:GET__:" + std::string(f.signature.substr(25, 1)));
  ASSERT_EQ(out->embedded_traces.size(), 1U);
  ASSERT_EQ(out->embedded_traces[0].spans.size(), 1U);
  const ExplainSpan& span = out->embedded_traces[0].spans[0];
  EXPECT_EQ(span.span_id, "s");
  EXPECT_EQ(span.parent_span_id, "pA");
  EXPECT_EQ(span.timestamp, "");
  EXPECT_EQ(span.duration_us, 800U);
}

TEST(ReportReader, RequiredKeysAreNamedWithTheirPlace) {
  EXPECT_EQ(without("", "analysis"), "required key \"analysis\" is missing");
  EXPECT_EQ(without("/analysis", "duration_ms"), "analysis: required key \"duration_ms\" is missing");
  EXPECT_EQ(without("/findings/0", "suggestion"), "findings[0]: required key \"suggestion\" is missing");
  EXPECT_EQ(without("/findings/0/pattern", "template"), "findings[0].pattern: required key \"template\" is missing");
  EXPECT_EQ(without("/embedded_traces/0/spans/0", "endpoint"),
            "embedded_traces[0].spans[0]: required key \"endpoint\" is missing");
  EXPECT_EQ(without("/green_summary", "top_offenders"), "green_summary: required key \"top_offenders\" is missing");
  EXPECT_EQ(without("", "embedded_traces"), "ok");
}

TEST(ReportReader, NullIsAbsenceOnlyWhereTheChapterSaysSo) {
  for (const char* allowed :
       {"/analysis/ingest", "/findings/0/pattern/span_duration_us_p50", "/findings/0/green_impact", "/findings/0/code_location",
        "/findings/0/suggested_fix", "/findings/0/classification_method", "/green_summary/co2", "/green_summary/transport_gco2",
        "/green_summary/scoring_config", "/green_summary/database_waste", "/embedded_traces/0/spans/0/parent_span_id",
        "/embedded_traces/0/spans/0/status_code", "/disclosure_waste", "/detection_config"}) {
    EXPECT_EQ(with(allowed, nullptr), "ok") << allowed;
  }
  for (const char* refused : {"/findings", "/findings/0/signature", "/findings/0/grouping", "/findings/0/confidence",
                              "/findings/0/instrumentation_scopes", "/binary_version", "/green_summary/regions",
                              "/green_summary/per_service_region", "/green_summary/energy_model", "/embedded_traces",
                              "/embedded_traces/0/spans/0/timestamp", "/warnings", "/acknowledged_findings"}) {
    EXPECT_NE(with(refused, nullptr), "ok") << refused;
  }
}

TEST(ReportReader, AnIntegerMayStandForAFloatAndNotTheReverse) {
  EXPECT_EQ(with("/green_summary/io_waste_ratio", 1), "ok");
  EXPECT_NE(with("/analysis/duration_ms", 1.0), "ok");
  EXPECT_NE(with("/analysis/duration_ms", -1), "ok");
  EXPECT_NE(with("/analysis/duration_ms", "1"), "ok");
}

TEST(ReportReader, NarrowIntegersHaveBounds) {
  EXPECT_EQ(with("/findings/0/pattern/span_duration_cv_x1000", 4294967295U), "ok");
  EXPECT_EQ(with("/findings/0/pattern/span_duration_cv_x1000", 4294967296U),
            "findings[0].pattern.span_duration_cv_x1000: larger than 4294967295");
  EXPECT_EQ(with("/embedded_traces/0/spans/0/status_code", 65535), "ok");
  EXPECT_NE(with("/embedded_traces/0/spans/0/status_code", 65536), "ok");
}

TEST(ReportReader, UnknownEnumValuesAreErrorsAndUnknownKeysAreNot) {
  EXPECT_EQ(with("/findings/0/type", "n_plus_two"), "findings[0].type: unknown value \"n_plus_two\"");
  EXPECT_NE(with("/findings/0/severity", "fatal"), "ok");
  EXPECT_NE(with("/findings/0/confidence", "sure"), "ok");
  EXPECT_NE(with("/findings/0/classification_method", "guess"), "ok");
  EXPECT_EQ(with("/findings/0/classification_method", "direct"), "ok");
  EXPECT_NE(with("/green_summary/io_waste_ratio_band", "bad"), "ok");
  EXPECT_NE(with("/embedded_traces/0/spans/0/event_type", "http"), "ok");
  EXPECT_EQ(with("/findings/0/new_key", Json::array({1, nullptr})), "ok");
}

TEST(ReportReader, ARepeatedKnownKeyIsAnErrorAndAnUnknownOneIsNot) {
  std::string text = report().dump();
  EXPECT_TRUE(read_saved_report("{\"x\": 1, \"x\": 2, " + text.substr(1)).ok());
  const base::Result<SavedReport> out = read_saved_report("{\"warnings\": [], \"warnings\": [], " + text.substr(1));
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().text(), "warnings: this key comes twice");
}

TEST(ReportReader, DetectionConfigMayHaveAnyShape) {
  EXPECT_EQ(with("/detection_config", "?"), "ok");
  EXPECT_EQ(with("/detection_config", {{"n_plus_one_threshold", "x"}}), "ok");
}

TEST(ReportReader, MapsTakeAnyKeyButOneTypeOfValue) {
  EXPECT_EQ(with("/green_summary/per_service_energy_kwh", {{"a", 1.5}, {"b", 2}}), "ok");
  EXPECT_TRUE(with("/green_summary/per_service_energy_kwh", {{"a", "x"}})
                  .starts_with("green_summary.per_service_energy_kwh.a (line 1, column "));
}

TEST(LooksLikeReport, NeedsAnObjectWithFindingsAtItsTop) {
  EXPECT_TRUE(looks_like_report(R"({"findings": 7})"));
  EXPECT_TRUE(looks_like_report(" {\"a\": [1], \"find\\u0069ngs\": null} "));
  EXPECT_FALSE(looks_like_report(R"({"data": {"findings": []}})"));
  EXPECT_FALSE(looks_like_report(R"([{"findings": []}])"));
  EXPECT_FALSE(looks_like_report(R"({"findings": []} x)"));
  EXPECT_FALSE(looks_like_report(R"({"findings": [})"));
  EXPECT_FALSE(looks_like_report("\xEF\xBB\xBF{\"findings\": []}"));
  EXPECT_FALSE(looks_like_report(""));
}

TEST(LooksLikeReport, NestingEndsAt127Brackets) {
  const auto nested = [](std::size_t brackets) {
    return "{\"findings\": " + std::string(brackets - 1, '[') + std::string(brackets - 1, ']') + "}";
  };
  EXPECT_TRUE(looks_like_report(nested(126)));
  EXPECT_TRUE(looks_like_report(nested(127)));
  EXPECT_FALSE(looks_like_report(nested(128)));
}

TEST(ReportReader, ReadsEndpointsAndWarnings) {
  Json document = report();
  document["per_endpoint_io_ops"] = parsed_json<Json>(R"([{"service": "s", "endpoint": "GET /\u0041", "io_ops": 7}])");
  document["warning_details"] = parsed_json<Json>(R"([{"kind": "tuning", "message": "m"}])");
  const std::string text = document.dump();
  const base::Result<SavedReport> out = read_saved_report(text);
  ASSERT_TRUE(out.ok());
  ASSERT_EQ(out->report.per_endpoint_io_ops.size(), 1U);
  EXPECT_EQ(out->report.per_endpoint_io_ops[0].endpoint, "GET /A");
  EXPECT_EQ(out->report.per_endpoint_io_ops[0].io_ops, 7U);
  ASSERT_EQ(out->report.warning_details.size(), 1U);
  EXPECT_EQ(out->report.warning_details[0].kind, "tuning");
}

TEST(BeginsLikeReport, GoesByTheFirstKey) {
  EXPECT_TRUE(begins_like_report(R"({"analysis": )"));
  EXPECT_TRUE(begins_like_report("  {\n \"green_summary\":{"));
  EXPECT_FALSE(begins_like_report(R"({"resourceSpans": [)"));
  EXPECT_FALSE(begins_like_report(R"({"analysi)"));
  EXPECT_FALSE(begins_like_report(R"({})"));
  EXPECT_FALSE(begins_like_report(R"([{"analysis": 1}])"));
  EXPECT_FALSE(begins_like_report(""));
}

}  // namespace
}  // namespace sentinel::analysis
