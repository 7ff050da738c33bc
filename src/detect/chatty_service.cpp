#include <algorithm>

#include "detect/detectors.h"

namespace sentinel::detect {

namespace {

constexpr std::uint64_t kCriticalCallsFactor = 3;  // times chatty_service_min_calls

// The HTTP calls of one grouping identity; members are template groups of the index.
using Partitions = Groups<std::uint64_t, Scratch::Calls>;

void partition_by_identity(const TraceContext& in, Partitions& partitions) {
  const std::span<const TemplateGroup> templates = in.index.templates();
  partitions.reset(templates.size(), templates.size());
  for (std::uint32_t t = 0; t < templates.size(); ++t) {
    if (templates[t].key.type() != model::EventType::kHttpOut) continue;
    partitions.add(templates[t].key.identity(), t).extra.calls += templates[t].count;
  }
}

// The two most-called templates of a partition: by calls, then by text.
struct TopTwo {
  const TemplateGroup* first = nullptr;
  const TemplateGroup* second = nullptr;
};

TopTwo most_called(const TraceContext& in, Members templates) {
  const auto ahead = [&](const TemplateGroup* a, const TemplateGroup* b) {
    if (b == nullptr || a->count != b->count) return b == nullptr || a->count > b->count;
    return in.symbols.text(a->key.template_id()) < in.symbols.text(b->key.template_id());
  };
  TopTwo top;
  for (const std::uint32_t t : templates) {
    const TemplateGroup* group = &in.index.templates()[t];
    if (ahead(group, top.first)) {
      top.second = top.first;
      top.first = group;
    } else if (ahead(group, top.second)) {
      top.second = group;
    }
  }
  return top;
}

std::string_view advice(const TraceContext& in, std::uint64_t calls, Members templates, std::string_view endpoint,
                        FindingSink& out) {
  const TopTwo top = most_called(in, templates);
  const std::string_view first = in.symbols.text(top.first->key.template_id());
  if (top.second == nullptr) {
    return out.keep_same(
        "{} made {} HTTP calls in one trace, all of them to `{}`: offer a batch endpoint or an aggregating layer.",
        {endpoint, calls, first});
  }
  return out.keep_same(
      "{} made {} HTTP calls in one trace, most of them to `{}` ({}) and `{}` ({}): offer a batch endpoint or an aggregating "
      "layer.",
      {endpoint, calls, first, std::uint64_t{top.first->count}, in.symbols.text(top.second->key.template_id()),
       std::uint64_t{top.second->count}});
}

void report(const TraceContext& in, const Partitions::Group& partition, Members templates, FindingSink& out) {
  const std::uint64_t calls = partition.extra.calls;
  const model::SpanRecord& head = in.span(in.index.templates()[partition.first].first);
  const bool critical = calls > kCriticalCallsFactor * in.settings.chatty_service_min_calls;
  model::Finding& f = out.add(model::FindingType::kChattyService,
                              critical ? model::Severity::kCritical : model::Severity::kWarning, in.trace.trace, head);
  f.pattern.template_text = f.source_endpoint;
  f.pattern.occurrences = calls;
  f.pattern.distinct_params = partition.count;
  f.suggestion = advice(in, calls, templates, f.source_endpoint, out);
  std::vector<std::uint32_t>& spans = in.scratch.order;
  spans.clear();
  Bounds bounds;
  for (const std::uint32_t t : templates) {
    for (const std::uint32_t i : in.index.members(in.index.templates()[t])) {
      bounds.add(in.symbols, in.span(i));
      spans.push_back(i);
    }
  }
  if (out.keeps_spans()) std::ranges::sort(spans);
  out.set_spans(f, spans, spans.size());
  out.set_bounds(f, bounds);
}

}  // namespace

void chatty_service(const TraceContext& in, FindingSink& out) {
  if (in.index.count(model::EventType::kHttpOut) <= in.settings.chatty_service_min_calls) return;
  Partitions& partitions = in.scratch.chatty;
  partition_by_identity(in, partitions);
  const std::size_t before = out.findings().size();
  for (const Partitions::Group& partition : partitions.all()) {
    if (partition.extra.calls > in.settings.chatty_service_min_calls) report(in, partition, partitions.members(partition), out);
  }
  const auto added = std::span(out.findings()).subspan(before);
  if (added.size() < 2) return;
  std::ranges::stable_sort(added, {}, [](const model::Finding& f) { return f.pattern.template_text; });
}

}  // namespace sentinel::detect
