#include "cli/remote/daemon_rows.h"

#include <optional>
#include <string>
#include <string_view>

#include "analysis/report_shape.h"
#include "cli/remote/members.h"

namespace sentinel::cli {
namespace {

using disclosure::JsonNode;

model::CodeLocation location_of(const JsonNode& node) {
  model::CodeLocation out;
  out.function = text(node, "function").value_or(std::string_view());
  out.filepath = text(node, "filepath").value_or(std::string_view());
  out.code_namespace = text(node, "namespace").value_or(std::string_view());
  if (const auto line = count(node, "lineno")) out.lineno = static_cast<std::uint32_t>(*line);
  return out;
}

std::optional<model::SuggestedFix> fix_of(const JsonNode& node) {
  if (!node.is(JsonNode::Kind::kObject)) return std::nullopt;
  return model::SuggestedFix{.pattern = text_or_empty(node, "pattern"),
                             .framework = text_or_empty(node, "framework"),
                             .recommendation = text_or_empty(node, "recommendation"),
                             .reference_url = text_or_empty(node, "reference_url")};
}

std::optional<model::GreenImpact> impact_of(const JsonNode& node) {
  if (!node.is(JsonNode::Kind::kObject)) return std::nullopt;
  model::GreenImpact out;
  out.extra_io_ops = count_or_zero(node, "estimated_extra_io_ops");
  out.io_intensity_score = member(node, "io_intensity_score").as_number();
  out.band = analysis::band_named(text_or_empty(node, "io_intensity_band")).value_or(model::Band::kHealthy);
  return out;
}

std::span<const model::GroupPair> grouping_of(const JsonNode& node, base::Arena& arena) {
  const std::span<model::GroupPair> pairs = arena.array<model::GroupPair>(node.items().size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i] = {text_or_empty(node.items()[i], "key"), text_or_empty(node.items()[i], "value")};
  }
  return pairs;
}

// What a finding shows of itself wherever it stands; nullopt for a type or severity that is not known here.
std::optional<model::Finding> short_finding(const JsonNode& node) {
  const auto type = analysis::finding_type_named(text_or_empty(node, "type"));
  const auto severity = analysis::severity_named(text_or_empty(node, "severity"));
  if (!type || !severity) return std::nullopt;
  model::Finding out;
  out.type = *type;
  out.severity = *severity;
  out.suggestion = text_or_empty(node, "suggestion");
  out.suggested_fix = fix_of(member(node, "suggested_fix"));
  out.code_location = location_of(member(node, "code_location"));
  return out;
}

std::optional<model::Finding> whole_finding(const JsonNode& node, base::Arena& arena) {
  auto out = short_finding(node);
  const JsonNode& pattern = member(node, "pattern");
  if (!out || !text(node, "trace_id") || !text(node, "service") || !text(pattern, "template")) return std::nullopt;
  out->trace_id = *text(node, "trace_id");
  out->service = *text(node, "service");
  out->grouping = grouping_of(member(node, "grouping"), arena);
  out->source_endpoint = text_or_empty(node, "source_endpoint");
  out->pattern.template_text = *text(pattern, "template");
  out->pattern.occurrences = count_or_zero(pattern, "occurrences");
  out->pattern.window_ms = count_or_zero(pattern, "window_ms");
  out->pattern.distinct_params = count_or_zero(pattern, "distinct_params");
  out->first_timestamp = text_or_empty(node, "first_timestamp");
  out->last_timestamp = text_or_empty(node, "last_timestamp");
  out->green_impact = impact_of(member(node, "green_impact"));
  out->confidence = analysis::confidence_named(text_or_empty(node, "confidence")).value_or(model::Confidence::kCiBatch);
  out->signature = text_or_empty(node, "signature");
  return out;
}

// Of a file's acknowledgment or of the daemon's own.
std::optional<std::string_view> author_of(const JsonNode& accepted) {
  if (!accepted.is(JsonNode::Kind::kObject)) return std::nullopt;
  const auto by = text(accepted, "by");
  return by ? by : text(accepted, "acknowledged_by").value_or(std::string_view());
}

std::optional<std::string> owned_text(const JsonNode& object, std::string_view key) {
  const auto found = text(object, key);
  return found ? std::optional(std::string(*found)) : std::nullopt;
}

std::optional<model::CorrelationEnd> end_of(const JsonNode& node) {
  const auto type = analysis::finding_type_named(text_or_empty(node, "finding_type"));
  if (!type) return std::nullopt;
  model::CorrelationEnd out;
  out.type = *type;
  out.service = text_or_empty(node, "service");
  out.template_text = text_or_empty(node, "template");
  out.grouping_key = owned_text(node, "grouping_key");
  out.grouping_value = owned_text(node, "grouping_value");
  return out;
}

// Lays a tree of JSON objects out flat, parents before children.
class TreeBuilder {
 public:
  explicit TreeBuilder(DaemonTree& out) : out_(out) { out_.tree.lists.emplace_back(); }

  void children(const JsonNode& list, std::uint32_t depth) {
    const auto items = list.items();
    for (std::size_t i = 0; i < items.size(); ++i) node(items[i], depth, i + 1 == items.size());
  }

  void trace_level(const JsonNode& list) { out_.tree.trace_level = findings(list); }

 private:
  void node(const JsonNode& json, std::uint32_t depth, bool last) {
    if (depth > analysis::kMaxExplainDepth) return;
    analysis::ExplainSpan span;
    span.span_id = text_or_empty(json, "span_id");
    span.parent_span_id = text(json, "parent_span_id").value_or(std::string_view());
    span.link_trace_id = text(json, "link_trace_id").value_or(std::string_view());
    span.service = text_or_empty(json, "service");
    span.template_text = text_or_empty(json, "template");
    span.operation = text_or_empty(json, "operation");
    span.timestamp = text_or_empty(json, "timestamp");
    span.duration_us = count_or_zero(json, "duration_us");
    analysis::ExplainTree& tree = out_.tree;
    tree.nodes.push_back({static_cast<std::uint32_t>(tree.spans.size()), depth, last});
    tree.spans.push_back(span);
    auto own = findings(member(json, "findings"));
    tree.inline_findings.push_back(own.empty() ? 0 : static_cast<std::uint32_t>(tree.lists.size()));
    if (!own.empty()) tree.lists.push_back(std::move(own));
    children(member(json, "children"), depth + 1);
  }

  std::vector<const model::Finding*> findings(const JsonNode& list) {
    std::vector<const model::Finding*> out;
    for (const JsonNode& item : list.items()) {
      auto finding = short_finding(item);
      if (!finding) continue;
      finding->pattern.occurrences = count_or_zero(item, "occurrences");
      out.push_back(&out_.findings.emplace_back(*finding));
    }
    return out;
  }

  DaemonTree& out_;
};

}  // namespace

DaemonFindings daemon_findings(const JsonNode& answer, base::Arena& arena) {
  DaemonFindings out;
  for (const JsonNode& row : answer.items()) {
    auto finding = whole_finding(member(row, "finding"), arena);
    if (!finding) {
      ++out.unreadable;
      continue;
    }
    out.findings.push_back(*finding);
    out.seen_counts.push_back(count(row, "seen_count").value_or(1));
    out.accepted_by.push_back(author_of(member(row, "acknowledged_by")));
  }
  return out;
}

std::vector<model::Correlation> daemon_correlations(const JsonNode& answer) {
  std::vector<model::Correlation> out;
  for (const JsonNode& item : answer.items()) {
    const auto source = end_of(member(item, "source"));
    const auto target = end_of(member(item, "target"));
    if (!source || !target) continue;
    model::Correlation& c = out.emplace_back();
    c.source = *source;
    c.target = *target;
    c.co_occurrence_count = count_or_zero(item, "co_occurrence_count");
    c.source_total_occurrences = count_or_zero(item, "source_total_occurrences");
    c.confidence = member(item, "confidence").as_number();
    c.median_lag_ms = member(item, "median_lag_ms").as_number();
    c.first_seen = text_or_empty(item, "first_seen");
    c.last_seen = text_or_empty(item, "last_seen");
    c.sample_trace_id = owned_text(item, "sample_trace_id");
  }
  return out;
}

report::DaemonStatus daemon_status(const JsonNode& answer) {
  return {.version = text(answer, "version"),
          .uptime_seconds = count(answer, "uptime_seconds"),
          .active_traces = count(answer, "active_traces"),
          .stored_findings = count(answer, "stored_findings")};
}

DaemonTree daemon_tree(const JsonNode& answer) {
  DaemonTree out;
  out.tree.trace_id = text_or_empty(answer, "trace_id");
  TreeBuilder builder(out);
  builder.trace_level(member(answer, "trace_level_findings"));
  builder.children(member(answer, "roots"), 0);
  return out;
}

}  // namespace sentinel::cli
