#include "detect/detectors.h"

namespace sentinel::detect {

namespace {

constexpr std::uint64_t kCriticalFanoutFactor = 3;  // times max_fanout

void report(const TraceContext& in, const ParentGroup& group, FindingSink& out) {
  const std::uint32_t at = in.index.find_span(group.key);
  const model::SpanRecord& place = in.span(at == kNone ? group.first : at);
  const std::uint64_t count = group.count;
  const bool critical = count > kCriticalFanoutFactor * in.settings.max_fanout;

  model::Finding& f = out.add(model::FindingType::kExcessiveFanout,
                              critical ? model::Severity::kCritical : model::Severity::kWarning, in.trace.trace, place);
  if (at == kNone) {
    std::array<char, 16> buffer;
    f.pattern.template_text = out.keep("parent:{}", {model::parent_id_text(in.symbols, place, buffer)});
  } else {
    f.pattern.template_text = in.symbols.text(place.template_id);
  }
  f.pattern.occurrences = count;
  f.pattern.distinct_params = count;
  f.suggestion =
      out.keep_same("One span started {} child calls, more than the {} allowed: batch the children into fewer calls.",
                    {count, std::uint64_t{in.settings.max_fanout}});
  Bounds bounds;
  for (const std::uint32_t i : in.index.children(group)) bounds.add(in.symbols, in.span(i));
  out.set_spans(f, in.index.children(group), count);
  out.set_bounds(f, bounds);
}

}  // namespace

void excessive_fanout(const TraceContext& in, FindingSink& out) {
  if (in.trace.spans.size() <= in.settings.max_fanout) return;
  for (const ParentGroup& group : in.index.parents()) {
    if (group.count > in.settings.max_fanout) report(in, group, out);
  }
}

}  // namespace sentinel::detect
