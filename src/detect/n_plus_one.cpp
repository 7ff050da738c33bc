#include <array>
#include <optional>

#include "detect/detectors.h"
#include "detect/sanitizer.h"

namespace sentinel::detect {

namespace {

constexpr std::uint32_t kCriticalFrom = 10;  // occurrences, not configurable

constexpr std::array<std::string_view, 3> kNPlusOneAdvice = {
    "{} queries of one shape ran where one would do: batch them into a single query with an `IN (...)` list of the keys.",
    "{} calls went to one endpoint in a loop: use a batch endpoint that takes several ids in one request, such as "
    "`?ids=1,2,3`.",
    "{} messages were published one at a time to one destination: send them as one batch.",
};

// What makes a group an N+1, apart from its window.
struct Verdict {
  std::uint64_t distinct_params = 0;
  model::Classification classification = model::Classification::kAbsent;  // absent stands for direct
};

std::optional<Verdict> judge(const TraceContext& in, const TemplateGroup& group) {
  if (group.key.type() == model::EventType::kMessaging) return Verdict{.distinct_params = 1};
  Groups<base::Hash128>& params = in.scratch.params;
  params.reset(in.trace.spans.size(), group.count);
  for (const std::uint32_t i : in.index.members(group)) params.add(in.span(i).params, i);
  const std::uint64_t distinct = params.all().size();
  if (distinct >= in.settings.n_plus_one_threshold) return Verdict{.distinct_params = distinct};
  if (!looks_sanitized(in, group)) return std::nullopt;
  return Verdict{group.key.type() == model::EventType::kSql ? 1 : distinct, model::Classification::kSanitizerHeuristic};
}

void report(const TraceContext& in, const TemplateGroup& group, const Verdict& verdict, const Bounds& bounds,
            FindingSink& out) {
  const model::SpanRecord& head = in.span(group.first);
  const model::Severity severity = group.count >= kCriticalFrom ? model::Severity::kCritical : model::Severity::kWarning;
  model::Finding& f = out.add(typed(model::FindingType::kNPlusOneSql, group.key.type()), severity, in.trace.trace, head);
  f.classification = verdict.classification;
  f.pattern.template_text = in.symbols.text(group.key.template_id());
  f.pattern.occurrences = group.count;
  f.pattern.distinct_params = verdict.distinct_params;
  f.suggestion = out.keep_same(kNPlusOneAdvice[static_cast<std::size_t>(group.key.type())], {std::uint64_t{group.count}});
  in.scratch.durations.clear();
  for (const std::uint32_t i : in.index.members(group)) in.scratch.durations.push_back(in.span(i).duration_us);
  FindingSink::set_timing(f, timing(in.scratch.durations));
  out.set_spans(f, in.index.members(group), group.count);
  out.set_bounds(f, bounds);
  out.set_origin(f, head);
}

}  // namespace

void n_plus_one(const TraceContext& in, FindingSink& out) {
  if (in.trace.spans.size() < in.settings.n_plus_one_threshold) return;
  for (TemplateGroup& group : in.index.templates()) {
    if (group.count < in.settings.n_plus_one_threshold) continue;
    const std::optional<Verdict> verdict = judge(in, group);
    if (!verdict) continue;
    Bounds bounds;
    for (const std::uint32_t i : in.index.members(group)) bounds.add(in.symbols, in.span(i));
    if (bounds.window_ms() > in.settings.window_ms) continue;
    group.extra.taken = true;
    report(in, group, *verdict, bounds, out);
  }
}

}  // namespace sentinel::detect
