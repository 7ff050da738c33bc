#include "analysis/explain.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace sentinel::analysis {
namespace {

constexpr std::uint32_t kNone = 0xFFFF'FFFF;

// The index of each span's parent in the trace, kNone for roots. Of several spans with one id the last one is meant.
std::vector<std::uint32_t> find_parents(const std::vector<ExplainSpan>& spans) {
  std::unordered_map<std::string_view, std::uint32_t> by_id;
  by_id.reserve(spans.size());
  for (std::uint32_t i = 0; i < spans.size(); ++i) by_id[spans[i].span_id] = i;
  std::vector<std::uint32_t> parents(spans.size(), kNone);
  for (std::uint32_t i = 0; i < spans.size(); ++i) {
    if (spans[i].parent_span_id.data() == nullptr) continue;
    if (const auto at = by_id.find(spans[i].parent_span_id); at != by_id.end()) parents[i] = at->second;
  }
  return parents;
}

// Children of all spans in one array: those of span i are items[first[i]] to items[first[i + 1]], by timestamp text, stable.
struct Children {
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> items;

  Children(const std::vector<ExplainSpan>& spans, const std::vector<std::uint32_t>& parents)
      : first(spans.size() + 2, 0), items(spans.size()) {
    // Counted two places ahead, so that filling moves each start to where it belongs.
    for (const std::uint32_t parent : parents) {
      if (parent != kNone) ++first[parent + 2];
    }
    for (std::size_t i = 2; i < first.size(); ++i) first[i] += first[i - 1];
    for (std::uint32_t i = 0; i < parents.size(); ++i) {
      if (parents[i] != kNone) items[first[parents[i] + 1]++] = i;
    }
    const auto earlier = [&](std::uint32_t a, std::uint32_t b) { return spans[a].timestamp < spans[b].timestamp; };
    for (std::uint32_t i = 0; i < spans.size(); ++i) {
      std::stable_sort(items.begin() + first[i], items.begin() + first[i + 1], earlier);
    }
  }

  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t span) const {
    return {items.data() + first[span], items.data() + first[span + 1]};
  }
};

// Depth-first walk from the roots with a stack of our own. Spans on a parent cycle are never reached.
std::vector<ExplainNode> walk(const std::vector<std::uint32_t>& parents, const Children& children) {
  std::vector<ExplainNode> nodes;
  std::vector<ExplainNode> stack;
  const auto push = [&](std::span<const std::uint32_t> siblings, std::uint32_t depth) {
    for (std::size_t i = siblings.size(); i-- > 0;) stack.push_back({siblings[i], depth, i + 1 == siblings.size()});
  };
  std::vector<std::uint32_t> roots;
  for (std::uint32_t i = 0; i < parents.size(); ++i) {
    if (parents[i] == kNone) roots.push_back(i);
  }
  push(roots, 0);
  while (!stack.empty()) {
    const ExplainNode node = stack.back();
    stack.pop_back();
    nodes.push_back(node);
    if (node.depth < kMaxExplainDepth) push(children.of(node.span), node.depth + 1);
  }
  return nodes;
}

// A finding goes to every span that has its template, else to the trace.
void attach_findings(ExplainTree& tree, std::span<const model::Finding> findings) {
  std::unordered_map<std::string_view, std::uint32_t> list_of;
  tree.lists.emplace_back();
  for (const model::Finding& finding : findings) {
    if (finding.trace_id == tree.trace_id) list_of.emplace(finding.pattern.template_text, 0);
  }
  tree.inline_findings.assign(tree.spans.size(), 0);
  for (std::size_t i = 0; i < tree.spans.size(); ++i) {
    const auto at = list_of.find(tree.spans[i].template_text);
    if (at == list_of.end()) continue;
    if (at->second == 0) {
      at->second = static_cast<std::uint32_t>(tree.lists.size());
      tree.lists.emplace_back();
    }
    tree.inline_findings[i] = at->second;
  }
  for (const model::Finding& finding : findings) {
    if (finding.trace_id != tree.trace_id) continue;
    const std::uint32_t list = list_of.find(finding.pattern.template_text)->second;
    (list == 0 ? tree.trace_level : tree.lists[list]).push_back(&finding);
  }
}

// An empty view that is present: in an ExplainSpan a null data() means absent.
std::string_view present(std::string_view text) { return text.empty() ? std::string_view("") : text; }

}  // namespace

ExplainTree build_explain_tree(std::string_view trace_id, std::vector<ExplainSpan> spans,
                               std::span<const model::Finding> findings) {
  ExplainTree tree;
  tree.trace_id = trace_id;
  tree.spans = std::move(spans);
  const std::vector<std::uint32_t> parents = find_parents(tree.spans);
  tree.nodes = walk(parents, Children(tree.spans, parents));
  attach_findings(tree, findings);
  return tree;
}

std::vector<ExplainSpan> explain_spans(const model::TraceView& trace, const model::Symbols& symbols, base::Arena& texts) {
  std::vector<ExplainSpan> out;
  out.reserve(trace.spans.size());
  std::array<char, 24> buffer;
  for (const model::SpanRecord* record : trace.spans) {
    ExplainSpan span;
    span.span_id = present(texts.copy(model::span_id_text(symbols, *record, buffer)));
    if (record->has(model::kHasParent))
      span.parent_span_id = present(texts.copy(model::parent_id_text(symbols, *record, buffer)));
    if (record->extra != 0) {
      const model::TextId link = symbols.extra(record->extra).link_trace;
      if (link != base::kNoText) span.link_trace_id = present(symbols.text(link));
    }
    span.service = symbols.text(record->service);
    span.template_text = symbols.text(record->template_id);
    span.operation = symbols.text(record->operation);
    span.timestamp = texts.copy(model::timestamp_text(symbols, *record, buffer));
    span.endpoint = symbols.text(record->endpoint);
    span.duration_us = record->duration_us;
    if (record->has(model::kHasStatus)) span.status_code = record->status;
    span.type = record->type();
    out.push_back(span);
  }
  return out;
}

}  // namespace sentinel::analysis
