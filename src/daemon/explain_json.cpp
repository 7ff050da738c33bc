#include "daemon/explain_json.h"

#include <vector>

#include "analysis/explain.h"
#include "analysis/scoped_rules.h"
#include "base/json_writer.h"

namespace sentinel::daemon {
namespace {

using analysis::ExplainNode;
using analysis::ExplainTree;
using base::JsonWriter;

void optional_text(JsonWriter& json, std::string_view name, std::string_view text) {
  if (text.data() != nullptr) json.field(name, text);
}

void write_finding(JsonWriter& json, const model::Finding& finding) {
  json.begin_object();
  if (const model::CodeLocation& code = finding.code_location; code.present()) {
    json.key("code_location").begin_object();
    optional_text(json, "filepath", code.filepath);
    optional_text(json, "function", code.function);
    if (code.lineno) json.field("lineno", std::uint64_t{*code.lineno});
    optional_text(json, "namespace", code.code_namespace);
    json.end_object();
  }
  json.field("occurrences", finding.pattern.occurrences);
  json.field("severity", model::slug(finding.severity));
  if (const std::optional<model::SuggestedFix>& fix = finding.suggested_fix) {
    json.key("suggested_fix").begin_object();
    json.field("framework", fix->framework);
    json.field("pattern", fix->pattern);
    json.field("recommendation", fix->recommendation);
    if (!fix->reference_url.empty()) json.field("reference_url", fix->reference_url);
    json.end_object();
  }
  json.field("suggestion", finding.suggestion);
  json.field("type", model::slug(finding.type));
  json.end_object();
}

void write_findings(JsonWriter& json, std::string_view key, std::span<const model::Finding* const> findings) {
  if (findings.empty()) return;
  json.key(key).begin_array();
  for (const model::Finding* finding : findings) write_finding(json, *finding);
  json.end_array();
}

// A node is opened with its children, the first of its keys, and closed with all the others.
void open_node(JsonWriter& json) { json.begin_object().key("children").begin_array(); }

void close_node(JsonWriter& json, const ExplainTree& tree, const ExplainNode& node) {
  const analysis::ExplainSpan& span = tree.spans[node.span];
  json.end_array();
  json.field("duration_us", span.duration_us);
  write_findings(json, "findings", tree.findings_of(node.span));
  optional_text(json, "link_trace_id", span.link_trace_id);
  json.field("operation", span.operation);
  json.key("parent_span_id");
  if (span.parent_span_id.data() != nullptr) {
    json.string(span.parent_span_id);
  } else {
    json.null();
  }
  json.field("service", span.service);
  json.field("span_id", span.span_id);
  json.field("template", span.template_text);
  json.field("timestamp", span.timestamp);
  json.end_object();
}

std::string to_json(const ExplainTree& tree) {
  std::string out;
  JsonWriter json(out, JsonWriter::Style::kCompact);
  json.begin_object();
  json.key("roots").begin_array();
  std::vector<const ExplainNode*> open;  // the path from a root to the latest node
  for (const ExplainNode& node : tree.nodes) {
    for (; open.size() > node.depth; open.pop_back()) close_node(json, tree, *open.back());
    open_node(json);
    open.push_back(&node);
  }
  for (; !open.empty(); open.pop_back()) close_node(json, tree, *open.back());
  json.end_array();
  json.field("trace_id", tree.trace_id);
  write_findings(json, "trace_level_findings", tree.trace_level);
  json.end_object();
  return out;
}

}  // namespace

std::string explain_live_trace(base::TextId trace, std::span<const model::SpanRecord> spans, const model::Symbols& symbols,
                               const config::Config& config) {
  if (spans.empty()) return R"({"error":"trace not found in daemon memory"})";
  std::vector<const model::SpanRecord*> pointers;
  pointers.reserve(spans.size());
  for (const model::SpanRecord& span : spans) pointers.push_back(&span);
  const model::TraceView view{trace, pointers};
  base::Arena texts;
  const std::vector<model::Finding> findings = analysis::detect_trace_under_rules(view, symbols, config, texts);
  return to_json(analysis::build_explain_tree(symbols.text(trace), analysis::explain_spans(view, symbols, texts), findings));
}

}  // namespace sentinel::daemon
