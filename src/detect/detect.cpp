#include "detect/detect.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <span>

#include "base/parallel.h"
#include "detect/detectors.h"
#include "detect/fixes/fixes.h"

namespace sentinel::detect {

namespace {

using model::Finding;

// Traces handed to a thread at a time.
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

// What one thread finds, range after range.
struct Found {
  std::vector<Finding> findings;
  std::vector<SlowSpan> slow_spans;
  base::Arena texts;
};

// One thread's work and memory, which lasts from range to range: allocating anew would have the threads wait for each other.
class RangePass {
 public:
  RangePass(const model::Symbols& symbols, const model::DetectionSettings& settings, Evidence evidence)
      : out_(symbols, found_.texts, found_.findings, evidence), pass_(symbols, settings) {}
  RangePass(const RangePass&) = delete;
  RangePass& operator=(const RangePass&) = delete;

  void run(const model::TraceView& trace) {
    pass_.run(trace, out_);
    pass_.collect_slow(trace, found_.slow_spans);
  }
  [[nodiscard]] Found& found() { return found_; }

 private:
  Found found_;
  FindingSink out_;
  TracePass pass_;
};

// Where the findings and slow spans of one range of traces stand in what its thread found.
struct Piece {
  std::size_t thread = 0;
  std::size_t finding = 0;
  std::size_t findings = 0;
  std::size_t slow_span = 0;
  std::size_t slow_spans = 0;
};

void keep(base::Arena&& arena, std::vector<base::Arena>& texts) {
  if (arena.reserved() > 0) texts.push_back(std::move(arena));
}

}  // namespace

std::vector<Finding> detect(const model::TraceSet& traces, const model::Symbols& symbols,
                            const model::DetectionSettings& settings, unsigned threads, std::vector<base::Arena>& texts,
                            Evidence evidence) {
  std::vector<Piece> pieces((traces.size() + kTracesPerRange - 1) / kTracesPerRange);
  std::vector<std::unique_ptr<RangePass>> passes(std::max(1U, threads));
  base::parallel_for(threads, pieces.size(), [&](std::size_t r, std::size_t thread) {
    if (passes[thread] == nullptr) passes[thread] = std::make_unique<RangePass>(symbols, settings, evidence);
    RangePass& pass = *passes[thread];
    const Found& found = pass.found();
    Piece& piece = pieces[r] = {thread, found.findings.size(), 0, found.slow_spans.size(), 0};
    const std::size_t begin = r * kTracesPerRange;
    for (std::size_t i = begin; i < std::min(begin + kTracesPerRange, traces.size()); ++i) pass.run(traces.view(i));
    piece.findings = found.findings.size() - piece.finding;
    piece.slow_spans = found.slow_spans.size() - piece.slow_span;
  });

  std::vector<SlowSpan> slow_spans;
  for (const Piece& piece : pieces) {
    const std::span all = passes[piece.thread]->found().slow_spans;
    const auto part = all.subspan(piece.slow_span, piece.slow_spans);
    slow_spans.insert(slow_spans.end(), part.begin(), part.end());
  }
  std::vector<Finding> across;
  // After the suggestion step: cross-trace findings carry none (chapter 03 §3.1).
  base::Arena cross_trace_texts;
  FindingSink out(symbols, cross_trace_texts, across, evidence);
  cross_trace_slow(slow_spans, settings, out);

  std::size_t total = across.size();
  for (const Piece& piece : pieces) total += piece.findings;
  std::vector<Finding> findings;
  findings.reserve(total);
  for (const Piece& piece : pieces) {
    const std::span all = passes[piece.thread]->found().findings;
    const auto part = all.subspan(piece.finding, piece.findings);
    findings.insert(findings.end(), part.begin(), part.end());
  }
  findings.insert(findings.end(), across.begin(), across.end());
  for (const auto& pass : passes) {
    if (pass != nullptr) keep(std::move(pass->found().texts), texts);
  }
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
