#include "correlate/batch.h"

namespace sentinel::correlate {

model::TraceSet group_by_trace(std::span<const std::vector<model::SpanRecord>> batches, const model::Symbols& symbols) {
  constexpr std::uint32_t kUnseen = 0;
  std::vector<std::uint32_t> ordinal(symbols.texts.size(), kUnseen);  // trace text id -> position in the set + 1
  model::TraceSet set;
  std::size_t total = 0;
  for (const auto& batch : batches) {
    for (const model::SpanRecord& span : batch) {
      std::uint32_t& position = ordinal[span.trace];
      if (position == kUnseen) {
        set.traces.push_back({span.trace, 0, 0});
        position = static_cast<std::uint32_t>(set.traces.size());
      }
      ++set.traces[position - 1].count;
    }
    total += batch.size();
  }
  std::size_t first = 0;
  for (model::TraceSet::Entry& trace : set.traces) {
    trace.first = first;
    first += trace.count;
    trace.count = 0;
  }
  set.spans.resize(total);
  for (const auto& batch : batches) {
    for (const model::SpanRecord& span : batch) {
      model::TraceSet::Entry& trace = set.traces[ordinal[span.trace] - 1];
      set.spans[trace.first + trace.count++] = &span;
    }
  }
  return set;
}

}  // namespace sentinel::correlate
