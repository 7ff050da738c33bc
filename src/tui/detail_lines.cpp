#include "tui/detail_lines.h"

#include <algorithm>

#include "base/number_format.h"
#include "base/text.h"
#include "report/impact_text.h"
#include "report/labels.h"
#include "report/terminal.h"
#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

constexpr std::size_t kDetailLabelColumns = 15;
constexpr std::size_t kWidestLabels = 28;

// Labels end where the longest does: the names of deployment dimensions differ. One that is far longer stands on its own.
std::size_t label_columns(const model::Finding& finding) {
  std::size_t columns = kDetailLabelColumns;
  for (const model::GroupPair& pair : finding.grouping) {
    const std::size_t wanted = columns_of(pair.key) + 2;
    if (wanted <= kWidestLabels) columns = std::max(columns, wanted);
  }
  return columns;
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

// "cart@k8s.namespace.name=shop:n_plus_one_sql"
std::string end_text(const model::CorrelationEnd& end, bool with_key) {
  std::string text = end.service;
  if (end.grouping_key && end.grouping_value) text += "@" + (with_key ? *end.grouping_key + "=" : "") + *end.grouping_value;
  return text.append(":").append(model::slug(end.type));
}

std::string right_aligned(std::string text, std::size_t columns) {
  if (text.size() < columns) text.insert(0, columns - text.size(), ' ');
  return text;
}

}  // namespace

Lines detail_lines(const model::Finding& f, const analysis::Recurrence::Group& problem, const analysis::ExplainTree* tree,
                   bool live, Repeats repeats) {
  Lines lines;
  const auto field = [&, columns = label_columns(f)](std::string_view label, std::string value, Style style = kPlain) {
    lines.push_back(labelled(label, columns, std::move(value), style));
  };
  Style severity = style_of(f.severity);
  severity.bold = true;
  Line& title = lines.emplace_back();
  title.add(std::string(model::info(f.type).label) + " ", kBold).add(std::string(report::severity_word(f.severity)), severity);
  lines.emplace_back();
  field("Trace", std::string(f.trace_id));
  field("Template", std::string(f.pattern.template_text), kBold);
  field("Occurrences", occurrences_text(f.pattern));
  field("Service", std::string(f.service));
  if (f.grouping.empty()) field("Grouping", "-");
  for (const model::GroupPair& pair : f.grouping) field(pair.key, std::string(pair.value));
  field("Endpoint", std::string(f.source_endpoint));
  if (std::string source = report::location_text(f.code_location); !source.empty()) field("Source", std::move(source));
  field("Suggestion", base::strip_code_ticks(f.suggestion));
  if (f.suggested_fix) field("Suggested fix", fix_text(*f.suggested_fix));
  if (f.green_impact) field("Extra I/O", std::to_string(f.green_impact->extra_io_ops) + " avoidable ops");
  if (f.impact != nullptr) field("Saving", report::saving_text(*f.impact));
  if (problem.traces > 1) field("Recurrence", recurrence_text(problem));
  lines.emplace_back();
  lines.emplace_back("Span tree:", kDim);
  const Lines below = tree != nullptr ? tree_lines(*tree, repeats) : no_spans_lines(live);
  lines.insert(lines.end(), below.begin(), below.end());
  return lines;
}

Lines no_spans_lines(bool live) {
  Lines lines;
  if (live) {
    lines.emplace_back("The daemon no longer had the spans of this trace when this view was opened.", kDim);
    lines.emplace_back(
        "It keeps traces that are still open, and of the latest with findings as many as [daemon] "
        "max_retained_traces says.",
        kDim);
    return lines;
  }
  lines.emplace_back("No spans of this trace are at hand: a saved report only has the traces embedded in it.", kDim);
  lines.emplace_back("To see them, open the trace file itself: perf-sentinel inspect --input traces.json", kDim);
  return lines;
}

Lines correlation_lines(const model::Correlation& correlation, int rows, int columns) {
  constexpr std::string_view kArrow = " → ";
  constexpr std::string_view kSecondRow = "      ";
  const std::string confidence = right_aligned(base::text_fixed(correlation.confidence * 100.0, 0), 3) + " %";
  const std::string lag = right_aligned(base::text_fixed(correlation.median_lag_ms, 0), 5) + " ms  ";
  const std::string count = "(" + std::to_string(correlation.co_occurrence_count) + "×)  ";
  const std::size_t figures = columns_of(confidence + lag + count);
  const auto fits = [&](const std::string& from, const std::string& to) {
    const std::size_t room = static_cast<std::size_t>(std::max(columns, 0));
    const std::size_t arrow = columns_of(kArrow);
    if (rows == 1) return figures + columns_of(from) + arrow + columns_of(to) <= room;
    return std::max(figures + columns_of(from), kSecondRow.size() + 2 + columns_of(to)) <= room;
  };
  std::string from = end_text(correlation.source, true);
  std::string to = end_text(correlation.target, true);
  if (!fits(from, to)) {
    from = end_text(correlation.source, false);
    to = end_text(correlation.target, false);
  }
  Lines lines;
  Line& first = lines.emplace_back();
  first.add(confidence, kBold).add(lag).add(count, kDim).add(std::move(from));
  if (rows == 1) {
    first.add(std::string(kArrow), kDim).add(std::move(to));
    return lines;
  }
  lines.emplace_back(std::string(kSecondRow) + "→ ", kDim).add(std::move(to));
  return lines;
}

}  // namespace sentinel::tui
