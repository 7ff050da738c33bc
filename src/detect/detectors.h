// The seven per-trace detectors and the cross-trace one (chapter 03 §4), and the table that runs them.
//
// A detector reads the records and the shared index of one trace and appends findings to a sink, in the order of chapter 03
// §1.3. It keeps nothing between traces but scratch memory, reads no clock and touches text only once a group has fired.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/finding_sink.h"
#include "detect/intervals.h"
#include "detect/trace_index.h"
#include "model/report.h"
#include "model/span_record.h"

namespace sentinel::detect {

// Memory that detectors reuse from trace to trace; meaningless between calls.
struct Scratch {
  struct Calls {
    std::uint64_t calls = 0;
  };

  Groups<base::Hash128> params;         // spans by parameters
  Groups<std::uint64_t> numbers;        // spans by service, by template
  Groups<TemplateKey> slow_spans;       // slow spans by template
  Groups<std::uint64_t, Calls> chatty;  // template groups by identity
  std::vector<std::uint32_t> order;
  std::vector<std::uint64_t> durations;
  std::vector<Interval> intervals;
  PeakConcurrency concurrency;
  LongestChain chain;
  std::string text;
};

// One trace and all that a detector may use.
struct TraceContext {
  const model::Symbols& symbols;
  const model::DetectionSettings& settings;
  std::uint64_t slow_limit_us;  // a span is slow above it
  model::TraceView trace;
  TraceIndex& index;
  Scratch& scratch;

  [[nodiscard]] const model::SpanRecord& span(std::uint32_t i) const { return *trace.spans[i]; }
};

[[nodiscard]] inline std::uint64_t slow_limit_us(const model::DetectionSettings& settings) {
  return saturating_mul(settings.slow_threshold_ms, 1000);
}

// §4.1: one template at least n_plus_one_threshold times within window_ms, with as many parameter lists, or recognised by
// sanitizer.h where instrumentation removed them. Silent when the whole group is spread over a longer window. Claims its
// groups.
void n_plus_one(const TraceContext& in, FindingSink& out);

// §4.2: one operation with the same parameters twice or more, at any distance. Silent on messaging and on claimed groups.
void redundant(const TraceContext& in, FindingSink& out);

// §4.3: one template slower than the limit at least slow_min_occurrences times.
void slow(const TraceContext& in, FindingSink& out);

// §4.5: more than max_fanout children of one span. Silent without parent ids.
void excessive_fanout(const TraceContext& in, FindingSink& out);

// §4.6: more than chatty_service_min_calls HTTP calls in one trace, whatever they call; a finding each grouping identity.
void chatty_service(const TraceContext& in, FindingSink& out);

// §4.7: at least pool_saturation_concurrent_threshold SQL spans of one service open at once.
void pool_saturation(const TraceContext& in, FindingSink& out);

// §4.8: at least serialized_min_sequential children of one span, of two templates or more, one after the other. The longest
// such chain of each parent, by the exact steps of intervals.h.
void serialized_calls(const TraceContext& in, FindingSink& out);

struct Detector {
  std::string_view name;
  void (*run)(const TraceContext&, FindingSink&);
};

// In the order of chapter 03 §3.1; redundant relies on the claims of n_plus_one.
inline constexpr std::array<Detector, 7> kDetectors = {{
    {"n_plus_one", n_plus_one},
    {"redundant", redundant},
    {"slow", slow},
    {"excessive_fanout", excessive_fanout},
    {"chatty_service", chatty_service},
    {"pool_saturation", pool_saturation},
    {"serialized_calls", serialized_calls},
}};

// A slow span, the trace it belongs to and its place there.
struct SlowSpan {
  model::TextId trace;
  std::uint32_t place;
  const model::SpanRecord* span;
};

// §4.4: the same as slow, over the slow spans of a whole set, in trace order. Silent when they are all of one trace.
void cross_trace_slow(std::span<const SlowSpan> slow_spans, const model::DetectionSettings& settings, FindingSink& out);

// The finding type of a kind of I/O, given the one for SQL.
[[nodiscard]] inline model::FindingType typed(model::FindingType sql_variant, model::EventType type) {
  return static_cast<model::FindingType>(static_cast<unsigned>(sql_variant) + static_cast<unsigned>(type));
}

}  // namespace sentinel::detect
