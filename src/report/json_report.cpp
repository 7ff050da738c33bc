#include "report/json_report.h"

#include <utility>

#include "base/json_writer.h"
#include "base/parallel.h"
#include "report/finding_json.h"
#include "report/green_json.h"

namespace sentinel::report {
namespace {

using base::JsonWriter;

// More bytes than a finding usually takes pretty-printed: reserving them spares large reports the copies of a growing string,
// and what is not filled is never touched.
constexpr std::size_t kFindingBytes = 2600;
constexpr std::size_t kJsonFrameBytes = 8192;
constexpr std::size_t kPieceFindings = 256;  // fewer are not worth a thread
constexpr std::size_t kFindingsDepth = 2;    // the report and its findings

void write_analysis(JsonWriter& json, const model::AnalysisInfo& analysis) {
  json.key("analysis").begin_object();
  json.field("duration_ms", analysis.duration_ms);
  json.field("events_processed", analysis.events_processed);
  json.field("traces_analyzed", analysis.traces_analyzed);
  if (analysis.ingest) {
    const model::IngestTally& tally = *analysis.ingest;
    json.key("ingest").begin_object();
    json.field("spans_received", tally.received);
    json.field("spans_filtered", tally.filtered());
    json.field("filtered_not_io", tally.not_io);
    json.field("filtered_missing_db_statement", tally.missing_db_statement);
    json.field("filtered_missing_http_url", tally.missing_http_url);
    json.field("filtered_non_sql_datastore", tally.non_sql_datastore);
    json.field("filtered_merged_db_span", tally.merged_db_span);
    if (const std::optional<double> ratio = tally.usable_ratio()) json.field_real("usable_span_ratio", *ratio);
    json.end_object();
  }
  json.end_object();
}

void write_gate(JsonWriter& json, const model::QualityGate& gate) {
  json.key("quality_gate").begin_object();
  json.field_bool("passed", gate.passed);
  json.key("rules").begin_array();
  for (const model::GateRule& rule : gate.rules) {
    json.begin_object();
    json.field("rule", rule.rule);
    json.field_real("threshold", rule.threshold).field_real("actual", rule.actual);
    json.field_bool("passed", rule.passed);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_endpoints(JsonWriter& json, const std::vector<model::EndpointIoOps>& endpoints) {
  if (endpoints.empty()) return;
  json.key("per_endpoint_io_ops").begin_array();
  for (const model::EndpointIoOps& row : endpoints) {
    json.begin_object();
    json.field("service", row.service).field("endpoint", row.endpoint).field("io_ops", row.io_ops);
    json.end_object();
  }
  json.end_array();
}

void write_end(JsonWriter& json, const model::CorrelationEnd& end) {
  json.begin_object();
  json.field("finding_type", model::slug(end.type));
  json.field("service", end.service);
  json.field("template", end.template_text);
  if (end.grouping_key) json.field("grouping_key", *end.grouping_key);
  if (end.grouping_value) json.field("grouping_value", *end.grouping_value);
  json.end_object();
}

void write_warnings(JsonWriter& json, const model::Report& report) {
  if (!report.warnings.empty()) {
    json.key("warnings").begin_array();
    for (const std::string& warning : report.warnings) json.string(warning);
    json.end_array();
  }
  if (!report.warning_details.empty()) {
    json.key("warning_details").begin_array();
    for (const model::Warning& warning : report.warning_details) {
      json.begin_object().field("kind", warning.kind).field("message", warning.message).end_object();
    }
    json.end_array();
  }
}

void write_acknowledgment(JsonWriter& json, const model::Acknowledgment& ack) {
  json.begin_object();
  json.field("signature", ack.signature);
  json.field("acknowledged_by", ack.acknowledged_by);
  json.field("acknowledged_at", ack.acknowledged_at);
  json.field("reason", ack.reason);
  if (ack.expires_at) json.field("expires_at", *ack.expires_at);
  if (ack.service) json.field("service", *ack.service);
  if (ack.source_endpoint) json.field("source_endpoint", *ack.source_endpoint);
  json.end_object();
}

void write_acknowledged(JsonWriter& json, const std::vector<model::AcknowledgedFinding>& acknowledged, bool evidence) {
  if (acknowledged.empty()) return;
  json.key("acknowledged_findings").begin_array();
  for (const model::AcknowledgedFinding& entry : acknowledged) {
    json.begin_object();
    write_finding(json.key("finding"), entry.finding, evidence);
    write_acknowledgment(json.key("acknowledgment"), entry.acknowledgment);
    json.end_object();
  }
  json.end_array();
}

void write_settings(JsonWriter& json, const model::DetectionSettings& settings) {
  json.key("detection_config").begin_object();
  json.field("n_plus_one_threshold", std::uint64_t{settings.n_plus_one_threshold});
  json.field("window_ms", settings.window_ms);
  json.field("slow_threshold_ms", settings.slow_threshold_ms);
  json.field("slow_min_occurrences", std::uint64_t{settings.slow_min_occurrences});
  json.field("max_fanout", std::uint64_t{settings.max_fanout});
  json.field("chatty_service_min_calls", std::uint64_t{settings.chatty_service_min_calls});
  json.field("pool_saturation_concurrent_threshold", std::uint64_t{settings.pool_saturation_concurrent_threshold});
  json.field("serialized_min_sequential", std::uint64_t{settings.serialized_min_sequential});
  json.field("sanitizer_aware_classification", model::slug(settings.sanitizer));
  json.end_object();
}

}  // namespace

void write_correlations(JsonWriter& json, const std::vector<model::Correlation>& correlations) {
  json.begin_array();
  for (const model::Correlation& c : correlations) {
    json.begin_object();
    write_end(json.key("source"), c.source);
    write_end(json.key("target"), c.target);
    json.field("co_occurrence_count", c.co_occurrence_count);
    json.field("source_total_occurrences", c.source_total_occurrences);
    json.field_real("confidence", c.confidence).field_real("median_lag_ms", c.median_lag_ms);
    json.field("first_seen", c.first_seen).field("last_seen", c.last_seen);
    if (c.sample_trace_id) json.field("sample_trace_id", *c.sample_trace_id);
    json.end_object();
  }
  json.end_array();
}

void write_report(JsonWriter& json, const model::Report& report, const ReportParts& parts) {
  json.begin_object();
  write_analysis(json, report.analysis);
  json.key("findings").begin_array();
  if (parts.after_findings != nullptr) {
    json.items_apart(*parts.after_findings);
  } else if (parts.findings == nullptr) {
    for (const model::Finding& finding : report.findings) write_finding(json, finding, parts.evidence);
  } else {
    for (const model::Finding* finding : *parts.findings) write_finding(json, *finding, parts.evidence);
  }
  for (const std::string_view finding : parts.encoded_findings) json.raw(finding);
  json.end_array();
  write_green_summary(json.key("green_summary"), report.green_summary, parts.most_offenders);
  write_gate(json, report.quality_gate);
  if (parts.endpoints) write_endpoints(json, report.per_endpoint_io_ops);
  if (!report.correlations.empty()) write_correlations(json.key("correlations"), report.correlations);
  if (!parts.encoded_traces.empty()) {
    json.key("embedded_traces").begin_array();
    for (const std::string& trace : parts.encoded_traces) json.raw(trace);
    json.end_array();
  }
  write_warnings(json, report);
  if (parts.acknowledged) write_acknowledged(json, report.acknowledged_findings, parts.evidence);
  if (!report.binary_version.empty()) json.field("binary_version", report.binary_version);
  if (report.detection_config) write_settings(json, *report.detection_config);
  json.end_object();
}

std::string json_report(const model::Report& report, bool show_acknowledged) {
  return std::move(json_report_pieces(report, show_acknowledged, 1).front());
}

std::vector<std::string> json_report_pieces(const model::Report& report, bool show_acknowledged, unsigned threads) {
  const std::span<const model::Finding> findings = report.findings;
  const std::size_t apart = threads < 2 ? 0 : findings.size() / kPieceFindings;  // pieces of findings alone
  std::vector<std::string> pieces(apart == 0 ? 1 : apart + 2);
  const std::size_t in_last =
      (apart == 0 ? findings.size() : 0) + (show_acknowledged ? report.acknowledged_findings.size() : 0);
  pieces.back().reserve(kJsonFrameBytes + kFindingBytes * in_last);
  const ReportParts parts{.after_findings = apart == 0 ? nullptr : &pieces.back(), .acknowledged = show_acknowledged};
  const auto write_piece = [&](std::size_t i) {
    const std::size_t begin = i * findings.size() / apart;
    const std::size_t end = (i + 1) * findings.size() / apart;
    pieces[i + 1].reserve(kFindingBytes * (end - begin));
    JsonWriter json(pieces[i + 1], JsonWriter::Style::kPretty, kFindingsDepth, i == 0);
    for (const model::Finding& finding : findings.subspan(begin, end - begin)) write_finding(json, finding, parts.evidence);
  };
  base::parallel_for(threads, apart, write_piece);
  JsonWriter json(pieces.front(), JsonWriter::Style::kPretty);
  write_report(json, report, parts);
  pieces.back() += '\n';
  return pieces;
}

}  // namespace sentinel::report
