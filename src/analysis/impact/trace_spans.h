// The traces of a run that have findings, each with its context spans and its findings, and how their spans hang together.
//
// Built once for a run; read by any number of threads afterwards. `texts` is the number of
// texts in the run's Symbols. What it was built from must outlive it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/impact/span_graph.h"
#include "base/index_table.h"
#include "detect/trace_index.h"
#include "ingest/context.h"
#include "model/context_span.h"
#include "model/finding.h"
#include "model/symbols.h"
#include "model/trace_set.h"

namespace sentinel::analysis {

class TraceSpans {
 public:
  TraceSpans(const model::TraceSet& traces, const ingest::Context& context, std::span<const model::Finding* const> findings,
             std::size_t texts, unsigned threads);

  // Traces with findings that know their spans, in trace order.
  [[nodiscard]] std::size_t size() const { return traces_.size(); }
  [[nodiscard]] const model::TraceView& trace(std::size_t t) const { return traces_[t]; }
  [[nodiscard]] std::span<const std::uint32_t> findings(std::size_t t) const {
    return {findings_.data() + first_finding_[t], findings_.data() + first_finding_[t + 1]};
  }
  [[nodiscard]] std::span<const model::ContextSpan> context(std::size_t t) const {
    return {context_.data() + first_context_[t], context_.data() + first_context_[t + 1]};
  }

 private:
  std::vector<model::TraceView> traces_;
  std::vector<std::size_t> first_finding_, first_context_;
  std::vector<std::uint32_t> findings_;
  std::vector<model::ContextSpan> context_;
};

// Turns the spans of a trace into input of SpanGraph: those of the trace by their places in it, then its context spans. A span
// hangs from the span that its parent id names; of several with that id, the last. A server's span that shares its id with the
// caller's (Zipkin) hangs from that one. Memory is kept; one thread at a time.
class SpanLinker {
 public:
  void link(const model::TraceView& trace, std::span<const model::ContextSpan> context, const model::Symbols& symbols,
            std::vector<GraphSpan>& spans);

 private:
  base::IndexTable ids_;
  std::vector<detect::SpanKey> keys_;  // by span
};

}  // namespace sentinel::analysis
