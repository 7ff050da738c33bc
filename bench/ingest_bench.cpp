// Cost of reading a span, by format: cutting, decoding, sanitising, normalising, interning and resolving on one thread, from a
// document in memory. Then the same events as texts, without any decoding, and the whole pipeline.
//
// The documents hold the synthetic events (chapter 01 §13) as each format's producers write them; every span is I/O. Before a
// document is timed its number of events is compared with what was written. Unfair: no server or internal spans, which are half
// of a real export and cost less, and only a handful of services and attributes a span.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "analysis/run.h"
#include "analysis/synthetic.h"
#include "base/hash.h"
#include "base/json_writer.h"
#include "base/time.h"
#include "ingest/byte_source.h"
#include "ingest/format.h"
#include "ingest/ingest.h"

namespace {

using namespace sentinel;
using base::JsonWriter;
using ingest::RawEvent;

constexpr std::uint64_t kEvents = 20'000;

std::span<const RawEvent> events() {
  static const analysis::SyntheticDataset dataset({.events = kEvents});
  return dataset.events();
}

bool is_sql(const RawEvent& event) { return event.type == model::EventType::kSql; }

// 16 or 32 hex digits that stand for a synthetic id.
std::string hex_id(std::string_view text, int words) {
  const base::Hash128 hash = base::hash128(text);
  char out[33];
  std::snprintf(out, sizeof out, "%016llx%016llx", static_cast<unsigned long long>(hash.low),
                static_cast<unsigned long long>(hash.high));
  return std::string(out, static_cast<std::size_t>(16 * words));
}

std::uint64_t start_us(const RawEvent& event) {
  std::uint64_t ms = 0;
  if (!base::parse_canonical_iso(event.timestamp, &ms)) std::abort();
  return ms * 1000;
}

// Calls f(name, value) for the attributes that instrumentation would set.
template <class F>
void attributes(const RawEvent& event, F f) {
  if (is_sql(event)) {
    f("db.system", "postgresql");
    f("db.statement", event.target);
  } else {
    f("http.method", event.operation);
    f("http.url", event.target);
    f("http.status_code", "200");
  }
}

// Calls f(events of one trace) for each trace in order.
template <class F>
void each_trace(F f) {
  const std::span<const RawEvent> all = events();
  for (std::size_t first = 0; first < all.size();) {
    std::size_t end = first;
    while (end < all.size() && all[end].trace_id == all[first].trace_id) ++end;
    f(all.subspan(first, end - first));
    first = end;
  }
}

std::string native_document() {
  std::string out;
  JsonWriter json(out, JsonWriter::Style::kCompact);
  json.begin_array();
  for (const RawEvent& e : events()) {
    json.begin_object().field("timestamp", e.timestamp).field("trace_id", e.trace_id).field("span_id", e.span_id);
    if (e.parent_span_id) json.field("parent_span_id", *e.parent_span_id);
    json.field("service", e.service).field("cloud_region", *e.cloud_region);
    json.field("type", is_sql(e) ? "sql" : "http_out").field("operation", e.operation).field("target", e.target);
    json.field("duration_us", e.duration_us);
    json.key("source").begin_object().field("endpoint", e.endpoint).field("method", "Handler::handle").end_object();
    json.end_object();
  }
  json.end_array();
  return out;
}

std::string zipkin_document() {
  std::string out;
  JsonWriter json(out, JsonWriter::Style::kCompact);
  json.begin_array();
  for (const RawEvent& e : events()) {
    json.begin_object().field("traceId", hex_id(e.trace_id, 2)).field("id", hex_id(e.span_id, 1));
    if (e.parent_span_id) json.field("parentId", hex_id(*e.parent_span_id, 1));
    json.field("kind", "CLIENT").field("name", e.operation).field("timestamp", start_us(e)).field("duration", e.duration_us);
    json.key("localEndpoint").begin_object().field("serviceName", e.service).end_object();
    json.key("tags").begin_object();
    attributes(e, [&](std::string_view name, std::string_view value) { json.field(name, value); });
    json.end_object().end_object();
  }
  json.end_array();
  return out;
}

std::string jaeger_document() {
  std::string out;
  JsonWriter json(out, JsonWriter::Style::kCompact);
  json.begin_object().key("data").begin_array();
  each_trace([&](std::span<const RawEvent> trace) {
    json.begin_object().field("traceID", hex_id(trace[0].trace_id, 2)).key("spans").begin_array();
    for (const RawEvent& e : trace) {
      json.begin_object().field("traceID", hex_id(e.trace_id, 2)).field("spanID", hex_id(e.span_id, 1));
      json.field("operationName", e.operation).key("references").begin_array();
      if (e.parent_span_id) {
        json.begin_object().field("refType", "CHILD_OF").field("traceID", hex_id(e.trace_id, 2));
        json.field("spanID", hex_id(*e.parent_span_id, 1)).end_object();
      }
      json.end_array().field("startTime", start_us(e)).field("duration", e.duration_us).key("tags").begin_array();
      attributes(e, [&](std::string_view name, std::string_view value) {
        json.begin_object().field("key", name).field("type", "string").field("value", value).end_object();
      });
      json.end_array().field("processID", "p1").end_object();
    }
    json.end_array().key("processes").begin_object().key("p1").begin_object().field("serviceName", trace[0].service);
    json.end_object().end_object().end_object();
  });
  json.end_array().end_object();
  return out;
}

void attribute(JsonWriter& json, std::string_view name, std::string_view value) {
  json.begin_object().field("key", name).key("value").begin_object().field("stringValue", value).end_object().end_object();
}

std::string otlp_document() {
  std::string out;
  JsonWriter json(out, JsonWriter::Style::kCompact);
  json.begin_object().key("resourceSpans").begin_array();
  each_trace([&](std::span<const RawEvent> trace) {
    json.begin_object().key("resource").begin_object().key("attributes").begin_array();
    attribute(json, "service.name", trace[0].service);
    attribute(json, "cloud.region", *trace[0].cloud_region);
    json.end_array().end_object().key("scopeSpans").begin_array().begin_object();
    json.key("scope").begin_object().field("name", "io.opentelemetry.jdbc").end_object().key("spans").begin_array();
    for (const RawEvent& e : trace) {
      json.begin_object().field("traceId", hex_id(e.trace_id, 2)).field("spanId", hex_id(e.span_id, 1));
      if (e.parent_span_id) json.field("parentSpanId", hex_id(*e.parent_span_id, 1));
      json.field("name", e.operation).field("kind", std::uint64_t{3});
      json.field("startTimeUnixNano", std::to_string(start_us(e) * 1000));
      json.field("endTimeUnixNano", std::to_string((start_us(e) + e.duration_us) * 1000)).key("attributes").begin_array();
      attributes(e, [&](std::string_view name, std::string_view value) { attribute(json, name, value); });
      json.end_array().end_object();
    }
    json.end_array().end_object().end_array().end_object();
  });
  json.end_array().end_object();
  return out;
}

ingest::Ingested read(const std::string& document, const ingest::Format& format) {
  const auto source = ingest::memory_source(document);
  auto read = ingest::ingest(*source, {.format = &format, .threads = 1, .settings = ingest::IngestSettings::from({})});
  if (!read || read->events() != kEvents) {
    std::fprintf(stderr, "%s: %s\n", std::string(format.name).c_str(),
                 read ? "events are missing" : read.error().text().c_str());
    std::abort();
  }
  return std::move(*read);
}

void decode(benchmark::State& state, std::string (*write)(), const ingest::Format& format) {
  const std::string document = write();
  for (auto _ : state) benchmark::DoNotOptimize(read(document, format).events());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(document.size()));
}
BENCHMARK_CAPTURE(decode, native, native_document, ingest::kNative)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, zipkin, zipkin_document, ingest::kZipkin)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, jaeger, jaeger_document, ingest::kJaeger)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, otlp_json, otlp_document, ingest::kOtlpJson)->Unit(benchmark::kMillisecond);

void build_records(benchmark::State& state) {
  const config::Config config;
  for (auto _ : state) benchmark::DoNotOptimize(analysis::load_events(events(), config)->events());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}
BENCHMARK(build_records)->Unit(benchmark::kMillisecond);

// Normalise, correlate, detect, score, sort, sign and gate, from event texts: what `bench` measures.
void pipeline(benchmark::State& state) {
  const config::Config config;
  for (auto _ : state) {
    const auto run = analysis::load_events(events(), config);
    analysis::analyze(*run, config, model::Confidence::kLocalBatch, 1);
    benchmark::DoNotOptimize(run->report.findings.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}
BENCHMARK(pipeline)->Unit(benchmark::kMillisecond);

}  // namespace
