#include "daemon/generation.h"

#include <algorithm>

namespace sentinel::daemon {

std::size_t Generation::ids() const {
  const model::Symbols& all = symbols();
  return all.texts.size() + all.span_ids.size() + all.origins() + all.groupings() + all.extras();
}

void Generation::settle() {
  limits_.ids = std::max(limits_.ids, ids() * GenerationLimits::kGrowth);
  limits_.bytes = std::max(limits_.bytes, bytes() * GenerationLimits::kGrowth);
}

base::TextId Migration::text(base::TextId id) {
  if (id <= base::kEmptyText) return id;
  base::TextId& moved = texts_[id];
  if (moved == base::kNoText) moved = to_.texts.intern(from_.text(id));
  return moved;
}

model::GroupingId Migration::grouping(model::GroupingId id) {
  if (id == 0) return 0;
  if (groupings_.empty()) groupings_.resize(from_.groupings(), 0);
  model::GroupingId& moved = groupings_[id];
  if (moved == 0) moved = to_.intern_grouping(from_.grouping(id).pairs);
  return moved;
}

model::OriginId Migration::origin(model::OriginId id) {
  if (id == 0) return 0;
  if (origins_.empty()) origins_.resize(from_.origins(), 0);
  model::OriginId& moved = origins_[id];
  if (moved != 0) return moved;
  const model::Origin& old = from_.origin(id);
  scopes_.clear();
  for (const base::TextId scope : old.scopes) scopes_.push_back(text(scope));
  moved = to_.intern_origin(
      {text(old.function), text(old.filepath), text(old.code_namespace), old.lineno, scopes_, text(old.frame)});
  return moved;
}

model::ExtraId Migration::extra(model::ExtraId id) {
  if (id == 0) return 0;
  model::SpanExtra moved = from_.extra(id);
  moved.timestamp_text = text(moved.timestamp_text);
  moved.link_trace = text(moved.link_trace);
  moved.peer_region = text(moved.peer_region);
  moved.target = text(moved.target);
  return to_.add_extra(moved);
}

// Equal texts get equal ids here, also those that were only kept in a row.
base::TextId Migration::span_id(std::uint64_t id) {
  return (id & model::Symbols::kLoggedId) != 0 ? to_.texts.intern(from_.id_text(id)) : text(static_cast<base::TextId>(id));
}

void Migration::move(model::SpanRecord& record) {
  record.trace = text(record.trace);
  record.template_id = text(record.template_id);
  record.service = text(record.service);
  record.endpoint = text(record.endpoint);
  record.operation = text(record.operation);
  record.region = text(record.region);
  if (record.has(model::kSpanIdIsText)) record.span_id = span_id(record.span_id);
  if (record.has(model::kHasParent) && record.has(model::kParentIdIsText)) record.parent_id = span_id(record.parent_id);
  record.grouping = grouping(record.grouping);
  record.origin = origin(record.origin);
  record.extra = extra(record.extra);
}

}  // namespace sentinel::daemon
