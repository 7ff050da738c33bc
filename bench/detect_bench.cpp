// Benchmarks of the detection pass on synthetic records.
//
// The ordinary shape is 18 spans a trace, as in the demo data: a root call, four services, ten templates, nothing repeated
// often enough to fire. Times are of one thread, records in the order they were made and therefore cache-friendly: a daemon
// that meets cold records pays the misses on top. Each benchmark first checks that its input gives the findings it is meant to
// give.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "detect/detect.h"
#include "detect/detectors.h"
#include "detect/trace_index.h"

namespace {

using namespace sentinel;

constexpr std::size_t kSpansATrace = 18;

struct Workload {
  model::Symbols symbols;
  std::vector<model::SpanRecord> records;
  model::TraceSet set;
  model::DetectionSettings settings;
};

// One trace of `spans` spans; `shape(i, record)` changes what differs from a 0.8 ms query of its own template.
template <class Shape>
void add_trace(Workload& w, std::size_t trace, std::size_t spans, Shape shape) {
  const model::TextId id = w.symbols.texts.intern("trace-" + std::to_string(trace));
  for (std::size_t i = 0; i < spans; ++i) {
    model::SpanRecord& r = w.records.emplace_back();
    r.set_type(model::EventType::kSql);
    r.trace = id;
    r.template_id = w.symbols.texts.intern("SELECT * FROM t" + std::to_string(i) + " WHERE id = ?");
    r.service = w.symbols.texts.intern("svc-" + std::to_string(i % 4));
    r.endpoint = w.symbols.texts.intern("POST /api/orders");
    r.params = base::hash128(std::to_string(trace) + ":" + std::to_string(i));
    r.flags |= model::kHasParams | model::kHasParent;
    r.start_us = (1'752'157'921'000 + trace * 3 + i * 7) * 1000;
    r.duration_us = 800 + i * 13;
    r.span_id = base::mix64(trace * 1000 + i + 1);
    r.parent_id = base::mix64(trace * 1000 + i / 5);
    shape(i, r);
  }
}

template <class Shape>
Workload traces(std::size_t count, std::size_t spans, Shape shape) {
  Workload w;
  w.records.reserve(count * spans);
  for (std::size_t t = 0; t < count; ++t) {
    w.set.traces.push_back({0, t * spans, spans});
    add_trace(w, t, spans, [&](std::size_t i, model::SpanRecord& r) { shape(w, i, r); });
    w.set.traces.back().trace = w.records.back().trace;
  }
  for (const model::SpanRecord& r : w.records) w.set.spans.push_back(&r);
  return w;
}

// Nothing fires: kinds mixed, a few templates twice with other parameters, calls that overlap.
Workload ordinary(std::size_t count) {
  return traces(count, kSpansATrace, [](Workload& w, std::size_t i, model::SpanRecord& r) {
    if (i % 3 == 1) r.set_type(model::EventType::kHttpOut);
    if (i % 9 == 8) r.set_type(model::EventType::kMessaging);
    r.template_id = w.symbols.texts.intern("template " + std::to_string(i % 10));
    r.duration_us += 20'000;
  });
}

Workload n_plus_one(std::size_t count) {
  return traces(count, kSpansATrace, [](Workload& w, std::size_t i, model::SpanRecord& r) {
    if (i > 0) r.template_id = w.symbols.texts.intern("SELECT * FROM item WHERE id = ?");
  });
}

void check(const Workload& w, std::size_t wanted) {
  std::vector<base::Arena> texts;
  const std::size_t found = detect::detect(w.set, w.symbols, w.settings, 1, texts, detect::Evidence::kLeftOut).size();
  if (found == wanted) return;
  std::fprintf(stderr, "bug: %zu findings where %zu are meant\n", found, wanted);
  std::exit(1);
}

void run_pass(benchmark::State& state, const Workload& w) {
  for (auto _ : state) {
    std::vector<base::Arena> texts;
    benchmark::DoNotOptimize(detect::detect(w.set, w.symbols, w.settings, 1, texts, detect::Evidence::kLeftOut));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * w.records.size()));
}

void WholePassNothingFires(benchmark::State& state) {
  const Workload w = ordinary(static_cast<std::size_t>(state.range(0)));
  check(w, 0);
  run_pass(state, w);
}
BENCHMARK(WholePassNothingFires)->Arg(2000)->Arg(20'000);

void WholePassNPlusOneInEachTrace(benchmark::State& state) {
  const Workload w = n_plus_one(2000);
  check(w, 4000);  // each trace also holds a chain of serialized calls
  run_pass(state, w);
}
BENCHMARK(WholePassNPlusOneInEachTrace);

void WholePassOneLargeTrace(benchmark::State& state) {
  const Workload w = traces(1, 50'000, [&](Workload& t, std::size_t i, model::SpanRecord& r) {
    r.template_id = t.symbols.texts.intern("Q" + std::to_string(i % static_cast<std::size_t>(state.range(0))));
    r.parent_id = i;
  });
  run_pass(state, w);
}
BENCHMARK(WholePassOneLargeTrace)->Arg(1)->Arg(50'000);

void Index(benchmark::State& state) {
  const Workload w = ordinary(2000);
  detect::TraceIndex index;
  for (auto _ : state) {
    for (std::size_t t = 0; t < w.set.size(); ++t) {
      index.build(w.set.view(t), w.symbols, 500'000);
      benchmark::DoNotOptimize(index.templates().data());
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * w.records.size()));
}
BENCHMARK(Index);

// One detector over ordinary traces, the index included: subtract Index.
void OneDetector(benchmark::State& state) {
  const detect::Detector& detector = detect::kDetectors[static_cast<std::size_t>(state.range(0))];
  const Workload w = ordinary(2000);
  detect::TraceIndex index;
  detect::Scratch scratch;
  base::Arena texts;
  std::vector<model::Finding> findings;
  detect::FindingSink out(w.symbols, texts, findings, detect::Evidence::kLeftOut);
  const std::uint64_t limit = detect::slow_limit_us(w.settings);
  for (auto _ : state) {
    for (std::size_t t = 0; t < w.set.size(); ++t) {
      index.build(w.set.view(t), w.symbols, limit);
      detector.run({w.symbols, w.settings, limit, w.set.view(t), index, scratch}, out);
    }
  }
  state.SetLabel(std::string(detector.name));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * w.records.size()));
}
BENCHMARK(OneDetector)->DenseRange(0, static_cast<int>(detect::kDetectors.size()) - 1);

}  // namespace
