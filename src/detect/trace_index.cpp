#include "detect/trace_index.h"

namespace sentinel::detect {

using model::SpanRecord;

void TraceIndex::build(const model::TraceView& trace, const model::Symbols& symbols, std::uint64_t slow_limit_us) {
  spans_ = trace.spans;
  symbols_ = &symbols;
  parents_built_ = false;
  ids_built_ = false;
  type_counts_ = {};
  slow_count_ = 0;
  templates_.reset(spans_.size(), spans_.size());
  TemplateGroups::Adder templates(templates_);
  unsigned flags = 0;
  for (std::uint32_t i = 0; i < spans_.size(); ++i) {
    const SpanRecord& s = *spans_[i];
    const model::EventType type = s.type();
    templates.add_next({symbols, s}, i);
    ++type_counts_[static_cast<std::size_t>(type)];
    if (s.duration_us > slow_limit_us) ++slow_count_;
    flags |= s.flags;
  }
  any_parent_ = (flags & model::kHasParent) != 0;
}

void TraceIndex::build_parents() {
  parents_built_ = true;
  parents_.reset(spans_.size(), any_parent_ ? spans_.size() : 0);
  if (!any_parent_) return;
  ParentGroups::Adder parents(parents_);
  for (std::uint32_t i = 0; i < spans_.size(); ++i) {
    if (spans_[i]->has(model::kHasParent)) parents.add(SpanKey::of_parent(*symbols_, *spans_[i]), i);
  }
}

void TraceIndex::build_ids() {
  ids_built_ = true;
  ids_.reset(spans_.size());
  span_keys_.resize(spans_.size());
  const IndexTable::Handle ids = ids_.handle();
  for (std::uint32_t i = 0; i < spans_.size(); ++i) {
    const SpanKey key = span_keys_[i] = SpanKey::of(*symbols_, *spans_[i]);
    // A repeated id means its last span.
    ids.find_or_add(hash_of(key), i, [&](std::uint32_t other) { return span_keys_[other] == key; }) = i;
  }
}

std::uint32_t TraceIndex::find_span(SpanKey id) {
  if (!ids_built_) build_ids();
  return ids_.handle().find(hash_of(id), [&](std::uint32_t other) { return span_keys_[other] == id; });
}

}  // namespace sentinel::detect
