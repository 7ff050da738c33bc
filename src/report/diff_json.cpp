#include "base/json_writer.h"
#include "report/diff_report.h"
#include "report/finding_json.h"

namespace sentinel::report {
namespace {

using base::JsonWriter;

void write_findings(JsonWriter& json, std::string_view key, std::span<const model::Finding> findings) {
  json.key(key).begin_array();
  for (const model::Finding& finding : findings) write_finding(json, finding);
  json.end_array();
}

void write_severity_changes(JsonWriter& json, std::span<const analysis::SeverityChange> changes) {
  json.key("severity_changes").begin_array();
  for (const analysis::SeverityChange& change : changes) {
    json.begin_object();
    write_finding(json.key("finding"), change.finding);
    json.field("before_severity", model::slug(change.before)).field("after_severity", model::slug(change.after));
    json.end_object();
  }
  json.end_array();
}

void write_endpoint_deltas(JsonWriter& json, std::span<const analysis::EndpointDelta> deltas) {
  json.key("endpoint_metric_deltas").begin_array();
  for (const analysis::EndpointDelta& row : deltas) {
    json.begin_object();
    json.field("service", row.service).field("endpoint", row.endpoint);
    json.field("before_io_ops", row.before_io_ops).field("after_io_ops", row.after_io_ops);
    json.key("delta").signed_number(row.delta);
    json.end_object();
  }
  json.end_array();
}

void write_warnings(JsonWriter& json, std::span<const model::Warning> warnings) {
  if (warnings.empty()) return;
  json.key("warning_details").begin_array();
  for (const model::Warning& warning : warnings) {
    json.begin_object().field("kind", warning.kind).field("message", warning.message).end_object();
  }
  json.end_array();
}

}  // namespace

void write_diff(JsonWriter& json, const analysis::Diff& diff, std::span<const model::Warning> warnings) {
  json.begin_object();
  write_findings(json, "new_findings", diff.new_findings);
  write_findings(json, "resolved_findings", diff.resolved_findings);
  write_severity_changes(json, diff.severity_changes);
  write_endpoint_deltas(json, diff.endpoint_deltas);
  write_warnings(json, warnings);
  json.end_object();
}

std::string diff_json(const analysis::Diff& diff, std::span<const model::Warning> warnings) {
  std::string out;
  JsonWriter json(out, JsonWriter::Style::kPretty);
  write_diff(json, diff, warnings);
  out += '\n';
  return out;
}

}  // namespace sentinel::report
