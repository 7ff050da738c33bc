#include "daemon/span_trees.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "analysis/explain.h"
#include "base/hash.h"
#include "base/json_writer.h"
#include "report/embedded_trace_json.h"

namespace sentinel::daemon {
namespace {

// A span's id: a number, or the hash of a text.
using SpanKey = std::pair<std::uint64_t, bool>;
SpanKey key_of(const model::SpanRecord& span, const model::Symbols& symbols) {
  const bool is_text = span.has(model::kSpanIdIsText);
  return {is_text ? base::hash64(symbols.id_text(span.span_id)) : span.span_id, is_text};
}

std::string to_json(base::TextId trace, const std::vector<model::SpanRecord>& spans, const model::Symbols& symbols) {
  std::vector<const model::SpanRecord*> pointers;
  pointers.reserve(spans.size());
  for (const model::SpanRecord& span : spans) pointers.push_back(&span);
  base::Arena texts;
  std::string out;
  base::JsonWriter json(out, base::JsonWriter::Style::kCompact);
  report::write_embedded_trace(json, symbols.text(trace), analysis::explain_spans({trace, pointers}, symbols, texts));
  return out;
}

}  // namespace

void SpanTrees::retain(base::TextId trace, std::span<const model::SpanRecord> spans, const model::Symbols& symbols) {
  if (limits_.traces == 0 || spans.empty()) return;
  const auto known = by_id_.find(trace);
  if (known == by_id_.end()) {
    traces_.push_back({trace, {}});
    by_id_.emplace(trace, std::prev(traces_.end()));
  } else {
    traces_.splice(traces_.end(), traces_, known->second);
  }
  std::vector<model::SpanRecord>& kept = traces_.back().spans;
  if (!kept.empty()) {
    std::vector<SpanKey> fresh;
    for (const model::SpanRecord& span : spans) fresh.push_back(key_of(span, symbols));
    std::ranges::sort(fresh);
    std::erase_if(kept,
                  [&](const model::SpanRecord& span) { return std::ranges::binary_search(fresh, key_of(span, symbols)); });
  }
  kept.insert(kept.end(), spans.begin(), spans.end());
  if (kept.size() > limits_.spans_per_trace) {
    kept.erase(kept.begin(), kept.end() - static_cast<std::ptrdiff_t>(limits_.spans_per_trace));
  }
  if (traces_.size() > limits_.traces) {
    by_id_.erase(traces_.front().trace);
    traces_.pop_front();
  }
}

std::vector<std::string> SpanTrees::snapshot(const std::vector<std::string_view>& trace_ids, const model::Symbols& symbols,
                                             std::size_t budget) const {
  const std::unordered_set<std::string_view> wanted(trace_ids.begin(), trace_ids.end());
  std::vector<std::string> taken;
  for (auto at = traces_.rbegin(); at != traces_.rend(); ++at) {
    if (!wanted.contains(symbols.text(at->trace))) continue;
    std::string text = to_json(at->trace, at->spans, symbols);
    if (text.size() > budget) continue;
    budget -= text.size();
    taken.push_back(std::move(text));
  }
  std::reverse(taken.begin(), taken.end());
  return taken;
}

}  // namespace sentinel::daemon
