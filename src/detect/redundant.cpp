#include <algorithm>
#include <array>

#include "detect/detectors.h"

namespace sentinel::detect {

namespace {

constexpr std::uint32_t kWarningFrom = 5;  // occurrences

constexpr std::array<std::string_view, 2> kRedundantAdvice = {
    "The same query with the same parameters ran {} times in one trace: cache its result for the request or deduplicate the "
    "calls.",
    "The same request was sent {} times in one trace: cache the response for the request or deduplicate the calls.",
};

using ParamGroups = Groups<base::Hash128>;

void report(const TraceContext& in, const ParamGroups::Group& group, Members members, FindingSink& out) {
  const model::SpanRecord& head = in.span(group.first);
  const model::Severity severity = group.count >= kWarningFrom ? model::Severity::kWarning : model::Severity::kInfo;
  model::Finding& f = out.add(typed(model::FindingType::kRedundantSql, head.type()), severity, in.trace.trace, head);
  f.pattern.template_text = in.symbols.text(head.template_id);
  f.pattern.occurrences = group.count;
  f.pattern.distinct_params = 1;
  f.suggestion = out.keep_same(kRedundantAdvice[static_cast<std::size_t>(head.type())], {std::uint64_t{group.count}});
  Bounds bounds;
  for (const std::uint32_t i : members) bounds.add(in.symbols, in.span(i));
  out.set_spans(f, members, group.count);
  out.set_bounds(f, bounds);
  out.set_origin(f, head);
}

}  // namespace

void redundant(const TraceContext& in, FindingSink& out) {
  if (in.index.templates().size() == in.trace.spans.size()) return;  // no template occurs twice
  ParamGroups& params = in.scratch.params;
  params.reset(in.trace.spans.size(), 0);
  for (const TemplateGroup& group : in.index.templates()) {
    if (group.count < 2 || group.extra.taken || group.key.type() == model::EventType::kMessaging) continue;
    if (group.count == 2 && in.span(group.first).params != in.span(group.last).params) continue;  // the common case, made cheap
    params.new_scope(group.count);
    for (const std::uint32_t i : in.index.members(group)) params.add(in.span(i).params, i);
  }

  // Found template by template, reported in order of the first span.
  std::vector<std::uint32_t>& order = in.scratch.order;
  order.clear();
  for (std::uint32_t g = 0; g < params.all().size(); ++g) {
    if (params.all()[g].count >= 2) order.push_back(g);
  }
  std::ranges::sort(order, {}, [&](std::uint32_t g) { return params.all()[g].first; });
  for (const std::uint32_t g : order) report(in, params.all()[g], params.members(params.all()[g]), out);
}

}  // namespace sentinel::detect
