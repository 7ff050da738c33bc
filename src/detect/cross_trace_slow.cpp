#include "detect/detectors.h"
#include "detect/slow_advice.h"

namespace sentinel::detect {

namespace {

struct Spread {
  std::uint32_t worst = 0;  // the longest entry, the last of equals
  bool several_traces = false;
};
using CrossTraceGroups = Groups<TemplateKey, Spread>;

void group_by_template(std::span<const SlowSpan> slow_spans, const model::Symbols& symbols, CrossTraceGroups& groups) {
  groups.reset(slow_spans.size(), slow_spans.size());
  for (std::uint32_t i = 0; i < slow_spans.size(); ++i) {
    const model::SpanRecord& s = *slow_spans[i].span;
    CrossTraceGroups::Group& group = groups.add({symbols, s}, i);
    if (slow_spans[i].trace != slow_spans[group.first].trace) group.extra.several_traces = true;
    if (group.count == 1 || s.duration_us >= slow_spans[group.extra.worst].span->duration_us) group.extra.worst = i;
  }
}

}  // namespace

void cross_trace_slow(std::span<const SlowSpan> slow_spans, const model::DetectionSettings& settings, FindingSink& out) {
  if (slow_spans.size() < settings.slow_min_occurrences) return;
  CrossTraceGroups groups;
  group_by_template(slow_spans, out.symbols(), groups);
  std::vector<std::uint64_t> durations;
  std::vector<std::uint32_t> places;
  for (const CrossTraceGroups::Group& group : groups.all()) {
    if (group.count < settings.slow_min_occurrences || !group.extra.several_traces) continue;
    durations.clear();
    Bounds bounds;
    for (const std::uint32_t i : groups.members(group)) {
      durations.push_back(slow_spans[i].span->duration_us);
      bounds.add(out.symbols(), *slow_spans[i].span);
    }
    const Timing times = timing(durations);
    const SlowSpan& worst = slow_spans[group.extra.worst];
    model::Finding& f = out.add(typed(model::FindingType::kSlowSql, worst.span->type()),
                                slow_severity(worst.span->duration_us, slow_limit_us(settings)), worst.trace, *worst.span);
    f.pattern.template_text = out.symbols().text(worst.span->template_id);
    f.pattern.occurrences = group.count;
    f.pattern.distinct_params = 0;  // tells it from the finding of one trace
    f.suggestion =
        out.keep("Across all traces: p50 {} ms, p95 {} ms, p99 {} ms over {} slow executions. {}",
                 {TextPart::Milliseconds{times.p50_us}, TextPart::Milliseconds{times.p95_us},
                  TextPart::Milliseconds{times.p99_us}, std::uint64_t{group.count}, slow_advice(worst.span->type())});
    places.clear();
    for (const std::uint32_t i : groups.members(group)) {
      if (slow_spans[i].trace == worst.trace) places.push_back(slow_spans[i].place);
    }
    out.set_spans(f, places, places.size());
    FindingSink::set_timing(f, times);
    out.set_bounds(f, bounds);
    out.set_origin(f, *worst.span);
  }
}

}  // namespace sentinel::detect
