// Grouping of records by trace: spans in the order in which traces end (each trace together) and mixed over many open traces.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "correlate/batch.h"

namespace {

using namespace sentinel;

constexpr std::size_t kSpans = 180'000;
constexpr std::size_t kSpansATrace = 18;
constexpr std::size_t kBatch = 800;  // records that come of 256 KiB of input

struct Input {
  model::Symbols symbols;
  std::vector<std::vector<model::SpanRecord>> batches;
};

// `open` traces at a time give their spans in turn.
Input traces(std::size_t open) {
  Input in;
  std::vector<model::TextId> ids;
  for (std::size_t t = 0; t < kSpans / kSpansATrace; ++t) {
    ids.push_back(in.symbols.texts.intern("0af7651916cd43dd8448eb21" + std::to_string(10'000'000 + t)));
    in.symbols.texts.intern("a statement of trace " + std::to_string(t));
  }
  for (std::size_t i = 0; i < kSpans; ++i) {
    if (i % kBatch == 0) in.batches.emplace_back();
    const std::size_t group = i / (open * kSpansATrace);
    model::SpanRecord& r = in.batches.back().emplace_back();
    r.trace = ids[(group * open + i % open) % ids.size()];
    r.start_us = i;
  }
  return in;
}

void correlate_group_by_trace(benchmark::State& state) {
  const auto open = static_cast<std::size_t>(state.range(0));
  const Input in = traces(open);
  const model::TraceSet once = correlate::group_by_trace(in.batches, in.symbols);
  bool right = once.size() == kSpans / kSpansATrace && once.spans.size() == kSpans;
  for (std::size_t t = 0; t < once.size() && right; ++t) {
    const model::TraceView view = once.view(t);
    right = view.spans.size() == kSpansATrace;
    for (std::size_t i = 1; i < view.spans.size(); ++i)
      right = right && view.spans[i]->trace == view.trace && view.spans[i - 1]->start_us < view.spans[i]->start_us;
  }
  if (!right) return state.SkipWithError("wrong answer");
  for (auto _ : state) benchmark::DoNotOptimize(correlate::group_by_trace(in.batches, in.symbols));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSpans));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kSpans * sizeof(model::SpanRecord)));
}
BENCHMARK(correlate_group_by_trace)->Arg(1)->Arg(100)->Arg(10'000);

}  // namespace
