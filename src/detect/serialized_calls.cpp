#include <algorithm>

#include "detect/detectors.h"

namespace sentinel::detect {

namespace {

constexpr std::size_t kListedSteps = 20;  // in the advice; the rest is counted

// The children that have a start time. Empty when all children are of one template: no chain of theirs could count.
void collect(const TraceContext& in, const ParentGroup& group, std::vector<Interval>& intervals) {
  intervals.resize(group.count);
  std::size_t kept = 0;
  const model::TextId first = in.span(group.first).template_id;
  bool several_templates = false;
  for (const std::uint32_t i : in.index.children(group)) {
    const model::SpanRecord& s = in.span(i);
    if (s.template_id != first) several_templates = true;
    const std::optional<std::uint64_t> start = start_us(in.symbols, s);
    if (start) intervals[kept++] = {*start, saturating_add(*start, s.duration_us), i};
  }
  intervals.resize(several_templates ? kept : 0);
}

std::uint64_t distinct_templates(const TraceContext& in, std::span<const Interval> chain) {
  Groups<std::uint64_t>& templates = in.scratch.numbers;
  templates.reset(in.trace.spans.size(), chain.size());
  for (const Interval& step : chain) templates.add(in.span(step.span).template_id, step.span);
  return templates.all().size();
}

std::string_view advice(const TraceContext& in, std::span<const Interval> chain, FindingSink& out) {
  std::uint64_t total_us = 0;
  std::uint64_t longest_us = 0;
  for (const Interval& step : chain) {
    const std::uint64_t duration = in.span(step.span).duration_us;
    total_us = saturating_add(total_us, duration);
    longest_us = std::max(longest_us, duration);
  }
  std::string& steps = in.scratch.text;
  steps.clear();
  for (const Interval& step : chain.first(std::min(chain.size(), kListedSteps))) {
    const model::SpanRecord& s = in.span(step.span);
    append_wording(steps, steps.empty() ? "`{}` ({} ms)" : ", then `{}` ({} ms)",
                   {in.symbols.text(s.template_id), s.duration_us / 1000});
  }
  if (chain.size() > kListedSteps) append_wording(steps, " and {} more", {std::uint64_t{chain.size() - kListedSteps}});
  return out.keep(
      "These calls ran one after the other: {}. Together they took {} ms; in parallel the best is {} ms, provided that none "
      "needs the "
      "result of another. Start independent calls together, for example with `CompletableFuture.allOf` (Java), `Task.WhenAll` "
      "(C#), "
      "`asyncio.gather` (Python), `Promise.all` (JavaScript), `errgroup` (Go) or `tokio::join!` (Rust).",
      {std::string_view(steps), total_us / 1000, longest_us / 1000});
}

void report(const TraceContext& in, const ParentGroup& group, std::span<const Interval> chain, FindingSink& out) {
  const std::uint64_t distinct = distinct_templates(in, chain);
  if (distinct < 2) return;
  const std::uint32_t parent = in.index.find_span(group.key);
  const model::SpanRecord& place = in.span(parent == kNone ? chain.front().span : parent);
  model::Finding& f = out.add(model::FindingType::kSerializedCalls, model::Severity::kInfo, in.trace.trace, place);
  f.pattern.template_text = f.source_endpoint;
  f.pattern.occurrences = chain.size();
  f.pattern.distinct_params = distinct;
  f.suggestion = advice(in, chain, out);
  Bounds bounds;
  for (const Interval& step : chain) bounds.add(in.symbols, in.span(step.span));
  out.set_spans(f, chain, chain.size(), &Interval::span);
  out.set_bounds(f, bounds);
}

}  // namespace

void serialized_calls(const TraceContext& in, FindingSink& out) {
  const std::uint32_t least = in.settings.serialized_min_sequential;
  if (in.trace.spans.size() < least) return;
  std::vector<Interval>& intervals = in.scratch.intervals;
  for (const ParentGroup& group : in.index.parents()) {
    if (group.count < least) continue;
    collect(in, group, intervals);
    if (intervals.size() < least) continue;
    const std::span<const Interval> chain = in.scratch.chain.select(intervals, least);
    if (!chain.empty()) report(in, group, chain, out);
  }
}

}  // namespace sentinel::detect
