#include "tui/tree_lines.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "base/text.h"
#include "report/impact_text.h"
#include "report/labels.h"
#include "report/terminal.h"

namespace sentinel::tui {
namespace {

using analysis::ExplainNode;
using analysis::ExplainSpan;
using analysis::ExplainTree;

using report::kBranch;
using report::kLastBranch;
using report::kNoStroke;
using report::kStroke;

// Deeper than this the outer strokes are left out, so that a deep tree still leaves room for its texts.
constexpr std::size_t kStrokesShown = 10;
constexpr std::size_t kStrokeColumns = 3;

std::string joined(std::string_view a, std::string_view b) { return std::string(a).append(b); }

// Equal calls one after the other under one parent, none with calls below it.
struct Group {
  std::size_t first = 0;
  std::size_t count = 1;
  std::uint64_t shortest_us = 0;
  std::uint64_t longest_us = 0;
  std::uint64_t total_us = 0;
};

bool same_call(const ExplainTree& tree, const ExplainNode& a, const ExplainNode& b) {
  const ExplainSpan& x = tree.spans[a.span];
  const ExplainSpan& y = tree.spans[b.span];
  return a.depth == b.depth && x.template_text == y.template_text && x.service == y.service &&
         tree.inline_findings[a.span] == tree.inline_findings[b.span];
}

bool has_children(const ExplainTree& tree, std::size_t node) {
  return node + 1 < tree.nodes.size() && tree.nodes[node + 1].depth > tree.nodes[node].depth;
}

Group group_at(const ExplainTree& tree, std::size_t first, Repeats repeats) {
  const std::uint64_t us = tree.spans[tree.nodes[first].span].duration_us;
  Group group{first, 1, us, us, us};
  if (repeats == Repeats::kAll || has_children(tree, first)) return group;
  for (std::size_t i = first + 1; i < tree.nodes.size(); ++i) {
    if (!same_call(tree, tree.nodes[first], tree.nodes[i]) || has_children(tree, i)) break;
    const std::uint64_t duration = tree.spans[tree.nodes[i].span].duration_us;
    ++group.count;
    group.shortest_us = std::min(group.shortest_us, duration);
    group.longest_us = std::max(group.longest_us, duration);
    group.total_us += duration;
  }
  return group;
}

void add_summary(Line& line, const model::Finding& finding) {
  line.add(report::spaced_type(finding.type) + " " + std::string(model::slug(finding.severity)) + " (×" +
               std::to_string(finding.pattern.occurrences) + ")",
           style_of(finding.severity));
}

std::string times_text(const Group& group) {
  if (group.count == 1) return " (" + report::duration_text(group.total_us) + ")";
  const std::string shortest = report::duration_text(group.shortest_us);
  const std::string longest = report::duration_text(group.longest_us);
  return " ×" + std::to_string(group.count) + " (" + (shortest == longest ? shortest + " each" : shortest + " to " + longest) +
         ", " + report::duration_text(group.total_us) + " in all)";
}

std::vector<std::string> details_of(const model::Finding& finding) {
  std::vector<std::string> out = {"suggestion: " + base::strip_code_ticks(finding.suggestion)};
  if (finding.suggested_fix) {
    const model::SuggestedFix& fix = *finding.suggested_fix;
    std::string text = joined("fix [", fix.framework) + "]: " + base::strip_code_ticks(fix.recommendation);
    if (base::is_safe_url(fix.reference_url)) text += joined(" (", fix.reference_url) + ")";
    out.push_back(std::move(text));
  }
  if (const std::string location = report::location_text(finding.code_location); !location.empty()) {
    out.push_back("location: " + location);
  }
  if (finding.impact != nullptr) out.push_back("saving: " + report::saving_text(*finding.impact));
  return out;
}

void add_details(Lines& lines, const std::string& indent, const model::Finding& finding) {
  const std::vector<std::string> details = details_of(finding);
  for (const std::string& detail : details) {
    const bool last = &detail == &details.back();
    Line& line = lines.emplace_back();
    line.add(joined(indent, last ? kLastBranch : kBranch) + detail, kDim);
    line.continue_with(joined(indent, last ? kNoStroke : kStroke), kDim);
  }
}

void add_links(Lines& lines, const ExplainTree& tree) {
  std::unordered_set<std::string_view> seen;
  for (const ExplainNode& node : tree.nodes) {
    const std::string_view link = tree.spans[node.span].link_trace_id;
    if (node.depth != 0 || link.data() == nullptr || !seen.insert(link).second) continue;
    lines.emplace_back(joined("↳ triggered by trace ", link), kDim);
  }
}

void add_trace_level(Lines& lines, const ExplainTree& tree) {
  if (tree.trace_level.empty()) return;
  lines.emplace_back("⚠ Trace-level findings:", Style{.color = Color::kYellow, .bold = true});
  for (const model::Finding* finding : tree.trace_level) {
    Line& line = lines.emplace_back();
    line.add("  • ");
    add_summary(line, *finding);
    line.continue_with("    ");
    add_details(lines, "      ", *finding);
  }
  lines.emplace_back();
}

// Walks the nodes and keeps what stands before each of them.
class Printer {
 public:
  Printer(const ExplainTree& tree, Repeats repeats, Lines& lines) : tree_(tree), repeats_(repeats), lines_(lines) {}

  void print() {
    for (std::size_t i = 0; i < tree_.nodes.size();) {
      const Group group = group_at(tree_, i, repeats_);
      print(group);
      i += group.count;
    }
  }

 private:
  void print(const Group& group) {
    const ExplainNode& node = tree_.nodes[group.first];
    const bool last = tree_.nodes[group.first + group.count - 1].last_sibling;
    prefix_.resize(prefix_size_[node.depth]);
    Line& line = lines_.emplace_back();
    line.add(joined(strokes(node.depth), last ? kLastBranch : kBranch), kDim);
    prefix_ += last ? kNoStroke : kStroke;
    prefix_size_[node.depth + 1] = prefix_.size();
    const bool below = has_children(tree_, group.first + group.count - 1);
    const std::string inner = strokes(node.depth + 1);
    line.continue_with(joined(inner, below ? kStroke : "  "), kDim);
    line.add(std::string(tree_.spans[node.span].template_text), kBold).add(times_text(group), kDim);
    for (const model::Finding* finding : tree_.findings_of(node.span)) {
      line.add(" ← ", kDim);
      add_summary(line, *finding);
    }
    for (const model::Finding* finding : tree_.findings_of(node.span)) {
      if (repeats_ == Repeats::kAll || advised_.insert(finding).second) {
        add_details(lines_, inner + (below ? "│ " : "  "), *finding);
      }
    }
  }

  // The strokes before a node of this depth; of a deep one the inner ones, after the number of those left out.
  [[nodiscard]] std::string strokes(std::uint32_t depth) const {
    if (depth <= kStrokesShown) return prefix_;
    std::string left_out = std::to_string(depth - kStrokesShown);
    left_out.resize(std::max<std::size_t>(left_out.size(), kStrokeColumns), ' ');
    return "⋯" + left_out + prefix_.substr(prefix_size_[depth - kStrokesShown]);
  }

  const ExplainTree& tree_;
  Repeats repeats_;
  Lines& lines_;
  std::string prefix_;                                                     // before the children of the latest node
  std::array<std::size_t, analysis::kMaxExplainDepth + 2> prefix_size_{};  // by depth, before a node of that depth
  std::unordered_set<const model::Finding*> advised_;
};

}  // namespace

Lines tree_lines(const ExplainTree& tree, Repeats repeats) {
  Lines lines;
  lines.emplace_back(joined("Trace ", tree.trace_id), kHeading);
  add_links(lines, tree);
  add_trace_level(lines, tree);
  Printer(tree, repeats, lines).print();
  return lines;
}

}  // namespace sentinel::tui
