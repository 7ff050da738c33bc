#include "tui/detail_lines.h"

#include "base/number_format.h"
#include "base/text.h"
#include "report/labels.h"
#include "report/terminal.h"
#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

constexpr std::size_t kLabelColumns = 15;

Line field(std::string_view label, std::string value, Style style = kPlain) {
  return labelled(label, kLabelColumns, std::move(value), style);
}

std::string occurrences_text(const model::Pattern& pattern) {
  return std::to_string(pattern.occurrences) + ", " + std::to_string(pattern.distinct_params) + " distinct params, " +
         std::to_string(pattern.window_ms) + " ms window";
}

std::string fix_text(const model::SuggestedFix& fix) {
  std::string text = base::strip_code_ticks(fix.recommendation);
  if (base::is_safe_url(fix.reference_url)) text.append(" (see: ").append(fix.reference_url).append(")");
  return text;
}

std::string recurrence_text(const analysis::Recurrence::Group& problem) {
  std::string text = "detected in " + std::to_string(problem.traces) + " traces";
  if (problem.extra_io_ops > 0) text += " · ~" + std::to_string(problem.extra_io_ops) + " avoidable ops in total";
  return text;
}

void add_grouping(Lines& lines, const model::Finding& finding) {
  if (finding.grouping.empty()) lines.push_back(field("Grouping", "-"));
  for (const model::GroupPair& pair : finding.grouping) lines.push_back(field(pair.key, std::string(pair.value)));
}

void add_end(Line& line, const model::CorrelationEnd& end) {
  std::string text = end.service;
  if (end.grouping_key && end.grouping_value) text += "@" + *end.grouping_key + "=" + *end.grouping_value;
  text += ':';
  text += model::slug(end.type);
  line.add(std::move(text));
}

}  // namespace

Lines detail_lines(const model::Finding& f, const analysis::Recurrence::Group& problem, const analysis::ExplainTree* tree,
                   Repeats repeats) {
  Lines lines;
  Style severity = style_of(f.severity);
  severity.bold = true;
  lines.emplace_back()
      .add(std::string(model::info(f.type).label) + " ", kBold)
      .add(std::string(report::severity_word(f.severity)), severity);
  lines.emplace_back();
  lines.push_back(field("Trace", std::string(f.trace_id)));
  lines.push_back(field("Template", std::string(f.pattern.template_text), kBold));
  lines.push_back(field("Occurrences", occurrences_text(f.pattern)));
  lines.push_back(field("Service", std::string(f.service)));
  add_grouping(lines, f);
  lines.push_back(field("Endpoint", std::string(f.source_endpoint)));
  if (std::string source = report::location_text(f.code_location); !source.empty())
    lines.push_back(field("Source", std::move(source)));
  lines.push_back(field("Suggestion", base::strip_code_ticks(f.suggestion)));
  if (f.suggested_fix) lines.push_back(field("Suggested fix", fix_text(*f.suggested_fix)));
  if (f.green_impact) lines.push_back(field("Extra I/O", std::to_string(f.green_impact->extra_io_ops) + " avoidable ops"));
  if (problem.traces > 1) lines.push_back(field("Recurrence", recurrence_text(problem)));
  lines.emplace_back();
  lines.emplace_back("Span tree:", kDim);
  const Lines below = tree != nullptr ? tree_lines(*tree, repeats) : no_spans_lines();
  lines.insert(lines.end(), below.begin(), below.end());
  return lines;
}

Lines no_spans_lines() {
  Lines lines;
  lines.emplace_back("No spans of this trace are at hand: a saved report only has the traces embedded in it.", kDim);
  lines.emplace_back("To see them, open the trace file itself: perf-sentinel inspect --input traces.json", kDim);
  return lines;
}

Line correlation_line(const model::Correlation& correlation) {
  Line line;
  line.add(base::text_fixed(correlation.confidence * 100.0, 0) + " %  ", kBold);
  line.add(base::text_fixed(correlation.median_lag_ms, 0) + " ms  ");
  line.add("(" + std::to_string(correlation.co_occurrence_count) + "×)  ", kDim);
  add_end(line, correlation.source);
  line.add(" → ", kDim);
  add_end(line, correlation.target);
  return line;
}

}  // namespace sentinel::tui
