#include "tui/trace_index.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "base/text.h"

namespace sentinel::tui {

std::string_view name_of(TraceOrder order) {
  constexpr std::string_view kNames[] = {"id", "severity", "impact"};
  return kNames[static_cast<std::size_t>(order)];
}

TraceOrder next(TraceOrder order) { return static_cast<TraceOrder>((static_cast<unsigned>(order) + 1) % 3); }

TraceIndex::TraceIndex(const Source& source)
    : report_(source.report()), recurrence_(analysis::find_recurrence(source.report().findings)) {
  const std::vector<model::Finding>& findings = report_.findings;
  const std::span<const std::uint64_t> seen = source.seen_counts();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    analysis::Recurrence::Group& group = recurrence_.groups[recurrence_.group_of[i]];
    if (group.first != i) continue;
    group.traces = seen[i];
    const std::uint64_t extra = findings[i].green_impact ? findings[i].green_impact->extra_io_ops : 0;
    if (__builtin_mul_overflow(extra, seen[i], &group.extra_io_ops)) group.extra_io_ops = UINT64_MAX;
  }
  std::unordered_map<std::string_view, std::uint32_t> row_of;
  for (const std::string_view id : source.traces()) {
    if (row_of.emplace(id, static_cast<std::uint32_t>(rows_.size())).second) rows_.push_back({.id = id});
  }
  for (const model::Finding& finding : findings) {
    const auto at = row_of.find(finding.trace_id);
    if (at != row_of.end()) ++rows_[at->second].count;
  }
  std::uint32_t first = 0;
  for (Row& row : rows_) {
    row.first = first;
    first += row.count;
    row.count = 0;
  }
  findings_.resize(first);
  for (std::uint32_t i = 0; i < findings.size(); ++i) {
    const auto at = row_of.find(findings[i].trace_id);
    if (at == row_of.end()) continue;
    Row& row = rows_[at->second];
    findings_[row.first + row.count++] = i;
    row.worst = std::min(row.worst, findings[i].severity);
    row.impact += problem(i).extra_io_ops;
  }
  sort(TraceOrder::kId);
}

void TraceIndex::sort(TraceOrder order) {
  std::ranges::sort(rows_, [order](const Row& a, const Row& b) {
    if (order == TraceOrder::kSeverity) return std::tie(a.worst, b.impact, a.id) < std::tie(b.worst, a.impact, b.id);
    if (order == TraceOrder::kImpact) return std::tie(b.impact, a.worst, a.id) < std::tie(a.impact, b.worst, b.id);
    return a.id < b.id;
  });
  refresh();
}

void TraceIndex::search(std::string_view text) {
  search_ = base::ascii_lower(text);
  refresh();
}

void TraceIndex::refresh() {
  shown_.clear();
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    if (search_.empty() || matches(rows_[i])) shown_.push_back(i);
  }
}

bool TraceIndex::matches(const model::Finding& finding) const {
  const std::string_view texts[] = {finding.service,           finding.source_endpoint,         finding.pattern.template_text,
                                    model::slug(finding.type), model::info(finding.type).label, model::slug(finding.severity),
                                    finding.signature,         finding.code_location.filepath,  finding.code_location.function};
  return std::ranges::any_of(texts, [&](std::string_view text) { return base::contains_ignoring_case(text, search_); });
}

bool TraceIndex::matches(const Row& row) const {
  if (base::contains_ignoring_case(row.id, search_)) return true;
  for (std::uint32_t i = row.first; i < row.first + row.count; ++i) {
    if (matches(report_.findings[findings_[i]])) return true;
  }
  return false;
}

std::vector<std::uint32_t> TraceIndex::findings(const Row& row) const {
  const auto begin = findings_.begin() + row.first;
  std::vector<std::uint32_t> all(begin, begin + row.count);
  if (search_.empty()) return all;
  std::vector<std::uint32_t> found;
  std::ranges::copy_if(all, std::back_inserter(found), [&](std::uint32_t i) { return matches(report_.findings[i]); });
  return found.empty() ? all : found;
}

std::size_t TraceIndex::find(std::string_view trace_id) const {
  const auto at = std::ranges::find(shown_, trace_id, [&](std::uint32_t i) { return rows_[i].id; });
  return static_cast<std::size_t>(at - shown_.begin());
}

}  // namespace sentinel::tui
