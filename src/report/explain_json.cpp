#include "base/json_writer.h"
#include "report/explain_report.h"
#include "report/finding_json.h"

namespace sentinel::report {
namespace {

using analysis::ExplainNode;
using analysis::ExplainSpan;
using analysis::ExplainTree;
using base::JsonWriter;

void write_findings(JsonWriter& json, std::string_view key, std::span<const model::Finding* const> findings) {
  if (findings.empty()) return;
  json.key(key).begin_array();
  for (const model::Finding* finding : findings) {
    json.begin_object();
    json.field("type", model::slug(finding->type));
    json.field("severity", model::slug(finding->severity));
    json.field("occurrences", finding->pattern.occurrences);
    json.field("suggestion", finding->suggestion);
    if (finding->suggested_fix) write_suggested_fix(json.key("suggested_fix"), *finding->suggested_fix);
    if (finding->code_location.present()) write_code_location(json.key("code_location"), finding->code_location);
    if (finding->impact != nullptr) write_impact_members(json, *finding->impact);
    json.end_object();
  }
  json.end_array();
}

// The node up to its children, whose array stays open.
void open_node(JsonWriter& json, const ExplainSpan& span) {
  json.begin_object();
  json.field("span_id", span.span_id);
  json.key("parent_span_id");
  if (span.parent_span_id.data() != nullptr) {
    json.string(span.parent_span_id);
  } else {
    json.null();
  }
  if (span.link_trace_id.data() != nullptr) json.field("link_trace_id", span.link_trace_id);
  json.field("service", span.service);
  json.field("template", span.template_text);
  json.field("operation", span.operation);
  json.field("duration_us", span.duration_us);
  json.field("timestamp", span.timestamp);
  json.key("children").begin_array();
}

void close_node(JsonWriter& json, const ExplainTree& tree, const ExplainNode& node) {
  json.end_array();
  write_findings(json, "findings", tree.findings_of(node.span));
  json.end_object();
}

}  // namespace

std::string explain_json(const ExplainTree& tree) {
  std::string out;
  JsonWriter json(out, JsonWriter::Style::kPretty);
  json.begin_object();
  json.field("trace_id", tree.trace_id);
  write_findings(json, "trace_level_findings", tree.trace_level);
  json.key("roots").begin_array();
  std::vector<const ExplainNode*> open;  // the path from a root to the latest node
  for (const ExplainNode& node : tree.nodes) {
    for (; open.size() > node.depth; open.pop_back()) close_node(json, tree, *open.back());
    open_node(json, tree.spans[node.span]);
    open.push_back(&node);
  }
  for (; !open.empty(); open.pop_back()) close_node(json, tree, *open.back());
  json.end_array();
  json.end_object();
  out += '\n';
  return out;
}

}  // namespace sentinel::report
