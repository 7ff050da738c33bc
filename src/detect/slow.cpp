#include <algorithm>
#include <array>

#include "detect/detectors.h"
#include "detect/slow_advice.h"

namespace sentinel::detect {

namespace {

using SlowGroups = Groups<TemplateKey>;

void report(const TraceContext& in, const SlowGroups::Group& group, Members members, FindingSink& out) {
  const model::SpanRecord& head = in.span(group.first);
  std::vector<std::uint64_t>& durations = in.scratch.durations;
  Groups<base::Hash128>& params = in.scratch.params;
  durations.clear();
  params.reset(in.trace.spans.size(), group.count);
  Bounds bounds;
  for (const std::uint32_t i : members) {
    const model::SpanRecord& s = in.span(i);
    durations.push_back(s.duration_us);
    params.add(s.params, i);
    bounds.add(in.symbols, s);
  }
  const std::uint64_t longest = *std::ranges::max_element(durations);

  model::Finding& f =
      out.add(typed(model::FindingType::kSlowSql, head.type()), slow_severity(longest, in.slow_limit_us), in.trace.trace, head);
  f.pattern.template_text = in.symbols.text(head.template_id);
  f.pattern.occurrences = group.count;
  f.pattern.distinct_params = params.all().size();
  f.suggestion = out.keep_same("{} executions took longer than {} ms. {}",
                               {std::uint64_t{group.count}, in.settings.slow_threshold_ms, slow_advice(head.type())});
  FindingSink::set_timing(f, timing(durations));
  out.set_spans(f, members, group.count);
  out.set_bounds(f, bounds);
  out.set_origin(f, head);
}

}  // namespace

void slow(const TraceContext& in, FindingSink& out) {
  if (in.index.slow_count() < in.settings.slow_min_occurrences) return;
  SlowGroups& groups = in.scratch.slow_spans;
  groups.reset(in.trace.spans.size(), in.index.slow_count());
  for (std::uint32_t i = 0; i < in.trace.spans.size(); ++i) {
    const model::SpanRecord& s = in.span(i);
    if (s.duration_us > in.slow_limit_us) groups.add({in.symbols, s}, i);
  }
  for (const SlowGroups::Group& group : groups.all()) {
    if (group.count >= in.settings.slow_min_occurrences) report(in, group, groups.members(group), out);
  }
}

}  // namespace sentinel::detect
