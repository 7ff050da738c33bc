#include <array>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "report/explain_report.h"
#include "report/impact_text.h"
#include "report/labels.h"
#include "report/terminal.h"

namespace sentinel::report {
namespace {

using analysis::ExplainNode;
using analysis::ExplainSpan;
using analysis::ExplainTree;

constexpr std::string_view kTraceLevelIndent = "      ";

// "n plus one sql warning (×5)"
void append_summary(TerminalText& text, const model::Finding& finding) {
  const std::string_view color = severity_style(finding.severity);
  text.begin(color).add(spaced_type(finding.type)).add(" ").add(model::slug(finding.severity));
  text.add(" (×").number(finding.pattern.occurrences).add(")").end(color);
}

void append_explain_fix(TerminalText& text, const model::SuggestedFix& fix) {
  text.add("fix [").untrusted(fix.framework).add("]: ").advice(fix.recommendation);
  if (base::is_safe_url(fix.reference_url)) text.add(" (").untrusted(fix.reference_url).add(")");
}

void append_details(TerminalText& text, std::string_view indent, const model::Finding& finding) {
  const std::string location = location_text(finding.code_location);
  int left = 1 + (finding.suggested_fix ? 1 : 0) + (location.empty() ? 0 : 1);
  const auto begin_line = [&] { text.begin(style::kDim).add(indent).add(--left == 0 ? kLastBranch : kBranch); };
  const auto end_line = [&] { text.end(style::kDim).line_end(); };
  begin_line();
  text.add("suggestion: ").advice(finding.suggestion);
  if (finding.impact != nullptr) text.add(" [").add(saving_text(*finding.impact)).add("]");
  end_line();
  if (finding.suggested_fix) {
    begin_line();
    append_explain_fix(text, *finding.suggested_fix);
    end_line();
  }
  if (!location.empty()) {
    begin_line();
    text.add("location: ").untrusted(location);
    end_line();
  }
}

void append_links(TerminalText& text, const ExplainTree& tree) {
  std::unordered_set<std::string_view> seen;
  for (const ExplainNode& node : tree.nodes) {
    const std::string_view link = tree.spans[node.span].link_trace_id;
    if (node.depth != 0 || link.data() == nullptr || !seen.insert(link).second) continue;
    text.begin(style::kDim).add("↳ triggered by trace ").untrusted(link).end(style::kDim).line_end();
  }
}

void append_trace_level(TerminalText& text, const ExplainTree& tree) {
  if (tree.trace_level.empty()) return;
  text.add("⚠ Trace-level findings:", style::kBoldYellow).line_end();
  for (const model::Finding* finding : tree.trace_level) {
    text.add("  • ");
    append_summary(text, *finding);
    text.line_end();
    append_details(text, kTraceLevelIndent, *finding);
  }
  text.line_end();
}

void append_node(TerminalText& text, const ExplainTree& tree, const ExplainNode& node) {
  const ExplainSpan& span = tree.spans[node.span];
  text.add(node.last_sibling ? kLastBranch : kBranch).untrusted(span.template_text, style::kBold);
  text.begin(style::kDim).add(" (").add(duration_text(span.duration_us)).add(")").end(style::kDim);
  for (const model::Finding* finding : tree.findings_of(node.span)) {
    text.add(" ← ");
    append_summary(text, *finding);
  }
  text.line_end();
}

void append_nodes(TerminalText& text, const ExplainTree& tree) {
  std::string prefix;                                                     // what stands before the children of the latest node
  std::array<std::size_t, analysis::kMaxExplainDepth + 2> prefix_size{};  // by depth, before a node of that depth
  std::string details_indent;
  for (const ExplainNode& node : tree.nodes) {
    prefix.resize(prefix_size[node.depth]);
    text.add(prefix);
    append_node(text, tree, node);
    prefix += node.last_sibling ? kNoStroke : kStroke;
    prefix_size[node.depth + 1] = prefix.size();
    details_indent.assign(prefix).append("  ");
    for (const model::Finding* finding : tree.findings_of(node.span)) append_details(text, details_indent, *finding);
  }
}

}  // namespace

std::string explain_text(const ExplainTree& tree, bool colors) {
  TerminalText text(colors);
  text.begin(style::kBoldCyan).add("Trace ").untrusted(tree.trace_id).end(style::kBoldCyan).line_end();
  append_links(text, tree);
  append_trace_level(text, tree);
  append_nodes(text, tree);
  return text.take();
}

}  // namespace sentinel::report
