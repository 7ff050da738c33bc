#include "detect/detect.h"

#include <algorithm>
#include <cassert>
#include <span>

#include "base/parallel.h"
#include "detect/detectors.h"
#include "detect/fixes/fixes.h"

namespace sentinel::detect {

namespace {

using model::Finding;

// Traces handed to a thread at a time. Fixed, so that the pieces and with them the arenas do not depend on the threads.
constexpr std::size_t kTracesPerRange = 256;

// What every finding of a trace must hold, checked in debug builds.
[[maybe_unused]] bool is_sound(const Finding& f, const model::TraceView& trace) {
  const bool counted = f.pattern.occurrences > 0 && f.pattern.occurrences <= trace.spans.size();
  const bool bounded = f.first_timestamp <= f.last_timestamp;
  return counted && bounded && !f.suggestion.empty();
}

// Runs the registry over traces, one after another, with memory reused between them.
class TracePass {
 public:
  TracePass(const model::Symbols& symbols, const model::DetectionSettings& settings) : symbols_(symbols), settings_(settings) {}

  void run(const model::TraceView& trace, FindingSink& out) {
    index_.build(trace, symbols_, limit_us_);
    const std::size_t before = out.findings().size();
    const TraceContext context{symbols_, settings_, limit_us_, trace, index_, scratch_};
    for (const Detector& detector : kDetectors) detector.run(context, out);
    for (Finding& f : std::span(out.findings()).subspan(before)) {
      assert(is_sound(f, trace));
      f.suggested_fix = fixes_.fix_for(f);
    }
  }

  // The slow spans of the trace run last, appended in span order.
  void collect_slow(const model::TraceView& trace, std::vector<SlowSpan>& slow_spans) const {
    if (index_.slow_count() == 0) return;
    for (std::uint32_t i = 0; i < trace.spans.size(); ++i) {
      if (trace.spans[i]->duration_us > limit_us_) slow_spans.push_back({trace.trace, i, trace.spans[i]});
    }
  }

 private:
  const model::Symbols& symbols_;
  const model::DetectionSettings& settings_;
  const std::uint64_t limit_us_ = slow_limit_us(settings_);
  TraceIndex index_;
  Scratch scratch_;
  FixFinder fixes_;
};

// Findings and slow spans of one range of traces.
struct RangeResult {
  std::vector<Finding> findings;
  std::vector<SlowSpan> slow_spans;
  base::Arena texts;
};

RangeResult run_range(const model::TraceSet& traces, std::size_t begin, std::size_t end, const model::Symbols& symbols,
                      const model::DetectionSettings& settings, Evidence evidence) {
  RangeResult result;
  FindingSink out(symbols, result.texts, result.findings, evidence);
  TracePass pass(symbols, settings);
  for (std::size_t i = begin; i < end; ++i) {
    pass.run(traces.view(i), out);
    pass.collect_slow(traces.view(i), result.slow_spans);
  }
  return result;
}

void keep(base::Arena&& arena, std::vector<base::Arena>& texts) {
  if (arena.reserved() > 0) texts.push_back(std::move(arena));
}

}  // namespace

std::vector<Finding> detect(const model::TraceSet& traces, const model::Symbols& symbols,
                            const model::DetectionSettings& settings, unsigned threads, std::vector<base::Arena>& texts,
                            Evidence evidence) {
  std::vector<RangeResult> ranges((traces.size() + kTracesPerRange - 1) / kTracesPerRange);
  base::parallel_for(threads, ranges.size(), [&](std::size_t r) {
    const std::size_t begin = r * kTracesPerRange;
    ranges[r] = run_range(traces, begin, std::min(begin + kTracesPerRange, traces.size()), symbols, settings, evidence);
  });

  std::vector<Finding> findings;
  std::vector<SlowSpan> slow_spans;
  std::size_t total = 0;
  for (const RangeResult& range : ranges) total += range.findings.size();
  findings.reserve(total);
  for (RangeResult& range : ranges) {
    findings.insert(findings.end(), range.findings.begin(), range.findings.end());
    slow_spans.insert(slow_spans.end(), range.slow_spans.begin(), range.slow_spans.end());
    keep(std::move(range.texts), texts);
  }

  // After the suggestion step: cross-trace findings carry none (chapter 03 §3.1).
  base::Arena cross_trace_texts;
  FindingSink out(symbols, cross_trace_texts, findings, evidence);
  cross_trace_slow(slow_spans, settings, out);
  keep(std::move(cross_trace_texts), texts);
  return findings;
}

std::vector<Finding> detect_trace(const model::TraceView& trace, const model::Symbols& symbols,
                                  const model::DetectionSettings& settings, base::Arena& texts, Evidence evidence) {
  std::vector<Finding> findings;
  FindingSink out(symbols, texts, findings, evidence);
  TracePass(symbols, settings).run(trace, out);
  return findings;
}

}  // namespace sentinel::detect
