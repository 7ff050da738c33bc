#include "correlate/batch.h"

#include <memory>

#include "base/parallel.h"

namespace sentinel::correlate {
namespace {

// Where a span goes.
struct Place {
  std::uint32_t trace;   // first the id of its text, then its position in the set
  std::uint32_t number;  // among the spans of the trace
};

}  // namespace

model::TraceSet group_by_trace(std::span<const std::vector<model::SpanRecord>> batches, const model::Symbols& symbols,
                               unsigned threads) {
  std::vector<std::size_t> first(batches.size() + 1);  // span of each batch
  for (std::size_t i = 0; i < batches.size(); ++i) first[i + 1] = first[i] + batches[i].size();
  const auto places = std::make_unique_for_overwrite<Place[]>(first.back());
  base::parallel_for(threads, batches.size(), [&](std::size_t i) {
    Place* to = places.get() + first[i];
    for (const model::SpanRecord& span : batches[i]) (to++)->trace = span.trace;
  });

  constexpr std::uint32_t kUnseen = 0;
  std::vector<std::uint32_t> ordinal(symbols.texts.size(), kUnseen);  // trace text id -> position in the set + 1
  model::TraceSet set;
  for (Place& place : std::span(places.get(), first.back())) {
    std::uint32_t& position = ordinal[place.trace];
    if (position == kUnseen) {
      set.traces.push_back({place.trace, 0, 0});
      position = static_cast<std::uint32_t>(set.traces.size());
    }
    place.trace = position - 1;
    place.number = static_cast<std::uint32_t>(set.traces[place.trace].count++);
  }
  std::size_t spans = 0;
  for (model::TraceSet::Entry& trace : set.traces) {
    trace.first = spans;
    spans += trace.count;
  }

  set.spans.resize(spans);
  base::parallel_for(threads, batches.size(), [&](std::size_t i) {
    const Place* place = places.get() + first[i];
    for (const model::SpanRecord& span : batches[i]) {
      set.spans[set.traces[place->trace].first + place->number] = &span;
      ++place;
    }
  });
  return set;
}

}  // namespace sentinel::correlate
