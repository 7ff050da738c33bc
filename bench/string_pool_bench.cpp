// Cost of interning: a text that is known, one that is new, and taking over another pool. Before it is timed, what it gives is
// looked at.
//
// Known texts are 200 of 20 bytes, as many as a system has services and endpoints; new ones are a million trace ids of 32
// hex digits, the only texts of an ordinary input whose number grows with it. Unfair: the known ones are met in turn, so that
// the processor learns the way to each.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <vector>

#include "base/string_pool.h"

namespace {

using sentinel::base::StringPool;
using sentinel::base::TextId;

constexpr std::size_t kKnown = 200;
constexpr std::size_t kTraces = 1'000'000;

std::vector<std::string> known_texts() {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kKnown; ++i) {
    char text[32];
    std::snprintf(text, sizeof text, "orders-service-%05zu", i * 37);
    texts.emplace_back(text);
  }
  return texts;
}

const std::vector<std::string>& trace_ids() {
  static const std::vector<std::string> kIds = [] {
    std::vector<std::string> ids;
    for (std::uint64_t i = 0; i < kTraces; ++i) {
      char text[40];
      std::snprintf(text, sizeof text, "%016lx%016lx", sentinel::base::mix64(i + 1), sentinel::base::mix64(i * 3 + 7));
      ids.emplace_back(text);
    }
    return ids;
  }();
  return kIds;
}

bool holds(const StringPool& pool, const std::vector<std::string>& texts) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (pool.text(static_cast<TextId>(i + 2)) != texts[i]) return false;
  }
  return pool.size() == texts.size() + 2;
}

void string_pool_known(benchmark::State& state) {
  const std::vector<std::string> texts = known_texts();
  StringPool pool;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& text : texts) pool.intern(text);
  }
  if (!holds(pool, texts)) return state.SkipWithError("wrong ids");
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(pool.intern(texts[i]));
    i = i + 1 == texts.size() ? 0 : i + 1;
  }
  state.SetItemsProcessed(state.iterations());
}

void string_pool_million_new(benchmark::State& state) {
  const std::vector<std::string>& ids = trace_ids();
  for (auto _ : state) {
    StringPool pool;
    for (const std::string& id : ids) pool.intern(id);
    state.PauseTiming();
    if (!holds(pool, ids)) state.SkipWithError("wrong ids");
    pool = StringPool();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(ids.size()));
}

void string_pool_million_known(benchmark::State& state) {
  const std::vector<std::string>& ids = trace_ids();
  StringPool pool;
  for (const std::string& id : ids) pool.intern(id);
  if (!holds(pool, ids)) return state.SkipWithError("wrong ids");
  for (auto _ : state) {
    for (const std::string& id : ids) benchmark::DoNotOptimize(pool.intern(id));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(ids.size()));
}

// The second half of the texts joins the first.
void string_pool_absorb_half_a_million(benchmark::State& state) {
  const std::vector<std::string>& ids = trace_ids();
  for (auto _ : state) {
    state.PauseTiming();
    StringPool pool;
    StringPool other;
    for (std::size_t i = 0; i < ids.size(); ++i) (i < ids.size() / 2 ? pool : other).intern(ids[i]);
    state.ResumeTiming();
    benchmark::DoNotOptimize(pool.absorb(std::move(other)));
    state.PauseTiming();
    if (!holds(pool, ids)) state.SkipWithError("wrong ids");
    pool = StringPool();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(ids.size() / 2));
}

BENCHMARK(string_pool_known);
BENCHMARK(string_pool_million_new)->Unit(benchmark::kMillisecond);
BENCHMARK(string_pool_million_known)->Unit(benchmark::kMillisecond);
BENCHMARK(string_pool_absorb_half_a_million)->Unit(benchmark::kMillisecond);

}  // namespace
