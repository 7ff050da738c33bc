#include "analysis/impact/trace_spans.h"

#include <algorithm>
#include <optional>

namespace sentinel::analysis {

using detect::SpanKey;
using model::ContextSpan;
using model::SpanRecord;

namespace {

// Turns counts, kept one place ahead, into where the items of each number begin; one past the last at the end.
void begin_of_each(std::vector<std::size_t>& first) {
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
}

}  // namespace

TraceSpans::TraceSpans(const model::TraceSet& traces, const ingest::Context& context,
                       std::span<const model::Finding* const> findings, std::size_t texts, unsigned threads) {
  constexpr std::uint32_t kWanted = kNoSpan - 1;
  std::vector<std::uint32_t> number(texts, kNoSpan);  // by text of a trace id: its place in traces_
  for (const model::Finding* f : findings) {
    if (!f->spans.empty()) number[f->trace] = kWanted;
  }
  for (std::size_t i = 0; i < traces.size(); ++i) {
    std::uint32_t& place = number[traces.traces[i].trace];
    if (place != kWanted) continue;
    place = static_cast<std::uint32_t>(traces_.size());
    traces_.push_back(traces.view(i));
  }

  first_finding_.assign(traces_.size() + 2, 0);
  for (const model::Finding* f : findings) {
    if (!f->spans.empty()) ++first_finding_[number[f->trace] + 2];
  }
  begin_of_each(first_finding_);
  findings_.resize(first_finding_.back());
  for (std::uint32_t i = 0; i < findings.size(); ++i) {
    if (!findings[i]->spans.empty()) findings_[first_finding_[number[findings[i]->trace] + 1]++] = i;
  }

  std::vector<char> wanted(texts, 0);
  for (const model::TraceView& trace : traces_) wanted[trace.trace] = 1;
  const std::vector<std::vector<ContextSpan>> pieces = context.of(wanted, threads);
  first_context_.assign(traces_.size() + 2, 0);
  for (const std::vector<ContextSpan>& piece : pieces) {
    for (const ContextSpan& span : piece) ++first_context_[number[span.trace] + 2];
  }
  begin_of_each(first_context_);
  context_.resize(first_context_.back());
  for (const std::vector<ContextSpan>& piece : pieces) {
    for (const ContextSpan& span : piece) context_[first_context_[number[span.trace] + 1]++] = span;
  }
}

namespace {

GraphSpan graph_span(const SpanRecord& s, const model::Symbols& symbols) {
  GraphSpan span{.start_us = s.start_us, .duration_us = s.duration_us, .service = s.service};
  if (s.extra != 0 && model::has_odd_timestamp(symbols, s)) {
    const std::optional<std::uint64_t> ms = symbols.extra(s.extra).start_ms;
    span.placed = ms.has_value();
    span.start_us = ms && *ms <= UINT64_MAX / 1000 ? *ms * 1000 : UINT64_MAX;
  }
  return span;
}

}  // namespace

void SpanLinker::link(const model::TraceView& trace, std::span<const ContextSpan> context, const model::Symbols& symbols,
                      std::vector<GraphSpan>& spans) {
  spans.clear();
  spans.reserve(trace.spans.size() + context.size());
  keys_.clear();
  ids_.reset(trace.spans.size() + context.size());
  const base::IndexTable::Handle ids = ids_.handle();
  const auto add = [&](const GraphSpan& span, const SpanKey& id) {
    const auto i = static_cast<std::uint32_t>(spans.size());
    spans.push_back(span);
    keys_.push_back(id);
    std::uint32_t& known = ids.find_or_add(hash_of(id), i, [&](std::uint32_t other) { return keys_[other] == id; });
    if (known != i && spans[known].service != span.service) spans[i].parent = known;
    known = i;
  };
  for (const SpanRecord* s : trace.spans) add(graph_span(*s, symbols), SpanKey::of(symbols, *s));
  for (const ContextSpan& s : context) {
    add({.start_us = s.start_us, .duration_us = s.duration_us, .service = s.service, .consumer = s.has(ContextSpan::kConsumer)},
        SpanKey::of_id(symbols, s.span_id, s.has(ContextSpan::kTextId)));
  }

  SpanKey last;  // siblings follow each other
  std::uint32_t last_found = base::kNone;
  bool found_any = false;
  const auto hang = [&](GraphSpan& span, const SpanKey& parent) {
    if (span.parent != kNoSpan) return;
    if (!found_any || !(parent == last)) {
      last = parent;
      last_found = ids.find(hash_of(parent), [&](std::uint32_t other) { return keys_[other] == parent; });
      found_any = true;
    }
    span.parent = last_found == base::kNone ? kNoSpan : last_found;
  };
  std::size_t i = 0;
  for (const SpanRecord* s : trace.spans) {
    if (s->has(model::kHasParent)) hang(spans[i], SpanKey::of_parent(symbols, *s));
    ++i;
  }
  for (const ContextSpan& s : context) {
    if (s.has(ContextSpan::kWithParent))
      hang(spans[i], SpanKey::of_id(symbols, s.parent_id, s.has(ContextSpan::kTextParentId)));
    ++i;
  }
}

}  // namespace sentinel::analysis
