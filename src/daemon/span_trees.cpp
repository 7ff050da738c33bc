#include "daemon/span_trees.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "base/json_writer.h"
#include "report/embedded_trace_json.h"

namespace sentinel::daemon {

void SpanTrees::retain(std::string_view trace_id, const std::vector<analysis::ExplainSpan>& spans) {
  if (limits_.traces == 0) return;
  auto known = by_id_.find(trace_id);
  if (known == by_id_.end()) {
    traces_.push_back({std::string(trace_id), {}});
    known = by_id_.emplace(traces_.back().id, std::prev(traces_.end())).first;
  } else {
    traces_.splice(traces_.end(), traces_, known->second);
  }
  std::vector<Span>& kept = known->second->spans;
  std::unordered_set<std::string_view> fresh;
  for (const analysis::ExplainSpan& span : spans) fresh.insert(span.span_id);
  std::erase_if(kept, [&](const Span& span) { return fresh.contains(span.id); });
  for (const analysis::ExplainSpan& span : spans) {
    std::string text;
    base::JsonWriter json(text, base::JsonWriter::Style::kCompact);
    report::write_embedded_span(json, span);
    kept.push_back({std::string(span.span_id), std::move(text)});
  }
  if (kept.size() > limits_.spans_per_trace) {
    kept.erase(kept.begin(), kept.end() - static_cast<std::ptrdiff_t>(limits_.spans_per_trace));
  }
  if (traces_.size() > limits_.traces) {
    by_id_.erase(traces_.front().id);
    traces_.pop_front();
  }
}

std::vector<std::string> SpanTrees::snapshot(const std::vector<std::string_view>& trace_ids, std::size_t budget) const {
  const std::unordered_set<std::string_view> wanted(trace_ids.begin(), trace_ids.end());
  std::vector<std::string> taken;
  for (auto at = traces_.rbegin(); at != traces_.rend(); ++at) {
    if (!wanted.contains(at->id)) continue;
    std::string text = "{\"trace_id\":";
    base::append_json_string(text, at->id);
    text += ",\"spans\":[";
    for (const Span& span : at->spans) text.append(span.json).push_back(',');
    if (!at->spans.empty()) text.pop_back();
    text += "]}";
    if (text.size() > budget) continue;
    budget -= text.size();
    taken.push_back(std::move(text));
  }
  std::reverse(taken.begin(), taken.end());
  return taken;
}

}  // namespace sentinel::daemon
