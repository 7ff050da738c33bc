// Scoring of records that lie in memory: spans a second of score::score(), findings apart.
//
// The data's shape: traces of 9 spans as an order service makes them (6 statements of 40 templates, 2 calls, 1 message), 16
// services with 8 endpoints each, spread over ten days. "one region" has a default region only; "many regions" gives each span
// one of 24, which is harder than real data, where a service stays where it is. Traces lie one after another in memory: a real
// input mixes them, so that reading the records costs more than here. Before timing, the answer is compared with a plain
// version that looks everything up by text.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "score/energy.h"
#include "score/region.h"
#include "score/score.h"

namespace {

using namespace sentinel;

constexpr std::size_t kSpansPerTrace = 9;

struct Data {
  model::Symbols symbols;
  std::vector<model::SpanRecord> records;
  model::TraceSet traces;
  config::GreenConfig config;
};

Data make(std::size_t traces, bool many_regions) {
  static constexpr const char* kRegions[] = {"fr", "de", "gb", "us", "ie", "se", "no", "jp", "in", "au", "sg", "nl"};
  static constexpr const char* kVerbs[] = {"SELECT * FROM t", "SELECT a FROM t", "INSERT INTO t", "UPDATE t SET a = ?",
                                           "DELETE FROM t"};
  Data data;
  data.config.default_region = "eu-west-3";
  base::StringPool& texts = data.symbols.texts;
  std::vector<model::TextId> templates, services, endpoints, regions;
  for (int i = 0; i < 40; ++i) templates.push_back(texts.intern(std::string(kVerbs[i % 5]) + std::to_string(i)));
  for (int i = 0; i < 16; ++i) services.push_back(texts.intern("service-" + std::to_string(i)));
  for (int i = 0; i < 8; ++i) endpoints.push_back(texts.intern("GET /api/" + std::to_string(i)));
  for (const char* region : kRegions) {
    regions.push_back(texts.intern(region));
    regions.push_back(texts.intern(base::hash64(region) % 2 == 0 ? "eu-west-1" : std::string("EU-") + region));
  }
  data.records.reserve(traces * kSpansPerTrace);
  for (std::size_t trace = 0; trace < traces; ++trace) {
    const model::TextId id = texts.intern("trace-" + std::to_string(trace));
    data.traces.traces.push_back({id, trace * kSpansPerTrace, kSpansPerTrace});
    for (std::size_t i = 0; i < kSpansPerTrace; ++i) {
      const std::uint64_t chance = base::mix64(trace * kSpansPerTrace + i + 1);
      model::SpanRecord& span = data.records.emplace_back();
      span.trace = id;
      span.service = services[(trace + (i > 5 ? 3 : 0)) % services.size()];
      span.endpoint = endpoints[trace / 3 % endpoints.size()];
      span.start_us = (1'751'328'000'000 + base::mix64(trace) % 864'000'000 + i) * 1000;
      if (many_regions) span.region = regions[(chance >> 32) % regions.size()];
      if (i < 6) {
        span.template_id = templates[chance % templates.size()];
      } else if (i < 8) {
        span.set_type(model::EventType::kHttpOut);
        span.flags |= model::kHasResponseSize;
        span.response_bytes = chance >> 40;
      } else {
        span.set_type(model::EventType::kMessaging);
      }
    }
  }
  for (const model::SpanRecord& span : data.records) data.traces.spans.push_back(&span);
  return data;
}

// Carbon by region, everything looked up anew for each span.
std::map<std::string, double> plain_carbon(const Data& data) {
  std::map<std::string, double> carbon;
  for (const model::SpanRecord* span : data.traces.spans) {
    std::string key(span->region == 0 ? *data.config.default_region : data.symbols.text(span->region));
    for (char& c : key) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const score::Region region(key, data.config);
    const score::Intensity intensity = region.varies() ? region.at(score::SpanClock::hour_at(span->start_us)) : region.annual();
    const score::EnergyModel energy(data.symbols, true);
    carbon[key] += energy.of(*span) * intensity.grams_per_kwh * region.pue();
  }
  return carbon;
}

void require_right(bool many_regions) {
  const Data data = make(400, many_regions);
  const std::map<std::string, double> wanted = plain_carbon(data);
  const score::Scores got = score::score(data.traces, data.symbols, {}, data.config, 1);
  bool right = got.summary.regions.size() == wanted.size() && got.summary.total_io_ops == data.records.size();
  for (const model::RegionRow& row : got.summary.regions) {
    const auto it = wanted.find(row.region);
    right = right && it != wanted.end() && std::abs(row.co2_gco2 - it->second) <= 1e-9 * it->second;
  }
  if (right) return;
  std::fprintf(stderr, "score_bench: the answer is wrong, so it is not timed\n");
  std::exit(1);
}

void score_spans(benchmark::State& state, bool many_regions) {
  require_right(many_regions);
  const Data data = make(100'000, many_regions);
  for (auto _ : state) {
    benchmark::DoNotOptimize(score::score(data.traces, data.symbols, {}, data.config, static_cast<unsigned>(state.range(0))));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(data.records.size()));
  state.SetLabel("items are spans");
}

BENCHMARK_CAPTURE(score_spans, one_region, false)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(score_spans, many_regions, true)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
