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

struct Slice {
  std::size_t first = 0;
  std::size_t count = 0;
};

// Where the findings and slow spans of one range of traces stand in what its thread found.
struct Piece {
  const Found* found = nullptr;
  Slice findings;
  Slice slow_spans;
};

Piece run_range(RangePass& pass, const model::TraceSet& traces, std::size_t begin, std::size_t end) {
  const Found& found = pass.found();
  Piece piece{&found, {found.findings.size(), 0}, {found.slow_spans.size(), 0}};
  for (std::size_t i = begin; i < end; ++i) pass.run(traces.view(i));
  piece.findings.count = found.findings.size() - piece.findings.first;
  piece.slow_spans.count = found.slow_spans.size() - piece.slow_spans.first;
  return piece;
}

// The slices of all pieces, in their order, with room for `more`.
template <class T>
std::vector<T> joined(const std::vector<Piece>& pieces, std::vector<T> Found::*list, Slice Piece::*slice,
                      std::size_t more = 0) {
  std::size_t total = more;
  for (const Piece& piece : pieces) total += (piece.*slice).count;
  std::vector<T> out;
  out.reserve(total);
  for (const Piece& piece : pieces) {
    const auto part = std::span(piece.found->*list).subspan((piece.*slice).first, (piece.*slice).count);
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

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
    const std::size_t begin = r * kTracesPerRange;
    pieces[r] = run_range(*passes[thread], traces, begin, std::min(begin + kTracesPerRange, traces.size()));
  });

  // After the suggestion step: cross-trace findings carry none (chapter 03 §3.1).
  Found across;
  FindingSink out(symbols, across.texts, across.findings, evidence);
  cross_trace_slow(joined(pieces, &Found::slow_spans, &Piece::slow_spans), settings, out);

  std::vector<Finding> findings = joined(pieces, &Found::findings, &Piece::findings, across.findings.size());
  findings.insert(findings.end(), across.findings.begin(), across.findings.end());
  for (const auto& pass : passes) {
    if (pass != nullptr) keep(std::move(pass->found().texts), texts);
  }
  keep(std::move(across.texts), texts);
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
