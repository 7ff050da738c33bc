#include "model/symbols.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"

namespace sentinel::model {

namespace {

constexpr std::size_t kFirstSlots = 64;

std::uint64_t hash_of(std::span<const GroupPair> pairs) {
  std::uint64_t h = pairs.size();
  for (const GroupPair& p : pairs) h = base::combine64(base::combine64(h, base::hash64(p.key)), base::hash64(p.value));
  return h;
}

std::uint64_t hash_of(const Origin& o) {
  std::uint64_t h = base::combine64(o.function, o.filepath);
  h = base::combine64(h, o.code_namespace);
  h = base::combine64(h, o.lineno ? *o.lineno + 1ULL : 0);
  h = base::combine64(h, o.frame);
  for (const TextId scope : o.scopes) h = base::combine64(h, scope);
  return h;
}

bool same(const Origin& a, const Origin& b) {
  return a.function == b.function && a.filepath == b.filepath && a.code_namespace == b.code_namespace && a.lineno == b.lineno &&
         a.frame == b.frame && std::ranges::equal(a.scopes, b.scopes);
}

void reinsert(std::vector<std::uint32_t>& slots, const std::vector<std::uint64_t>& hashes) {
  std::vector<std::uint32_t> next(slots.size() * 2, 0);
  const std::size_t mask = next.size() - 1;
  for (std::uint32_t id = 1; id < hashes.size(); ++id) {
    std::size_t slot = hashes[id] & mask;
    while (next[slot] != 0) slot = (slot + 1) & mask;
    next[slot] = id;
  }
  slots = std::move(next);
}

// The slot that holds an equal value, or the free one where it belongs.
template <class Equal>
std::size_t find_slot(const std::vector<std::uint32_t>& slots, const std::vector<std::uint64_t>& hashes, std::uint64_t hash,
                      Equal equal) {
  const std::size_t mask = slots.size() - 1;
  std::size_t slot = hash & mask;
  while (slots[slot] != 0 && !(hashes[slots[slot]] == hash && equal(slots[slot]))) slot = (slot + 1) & mask;
  return slot;
}

}  // namespace

Symbols::Symbols()
    : groupings_(1),
      grouping_hashes_(1),
      grouping_slots_(kFirstSlots, 0),
      origins_(1),
      origin_hashes_(1),
      origin_slots_(kFirstSlots, 0),
      extras_(1) {}

GroupingId Symbols::intern_grouping(std::span<const GroupPair> pairs) {
  if (pairs.empty()) return 0;
  const std::uint64_t hash = hash_of(pairs);
  const std::size_t slot = find_slot(grouping_slots_, grouping_hashes_, hash,
                                     [&](std::uint32_t id) { return std::ranges::equal(groupings_[id].pairs, pairs); });
  if (grouping_slots_[slot] != 0) return grouping_slots_[slot];

  const auto id = static_cast<GroupingId>(groupings_.size());
  // The identity of a list is the id of the one-pair list that holds its first pair.
  const std::uint32_t identity = pairs.size() == 1 ? id : 0;
  const std::span<GroupPair> kept = arena_.array<GroupPair>(pairs.size());
  std::ranges::transform(pairs, kept.begin(), [&](const GroupPair& p) {
    return GroupPair{texts.text(texts.intern(p.key)), texts.text(texts.intern(p.value))};
  });
  groupings_.push_back({kept, identity});
  grouping_hashes_.push_back(hash);
  grouping_slots_[slot] = id;
  if (groupings_.size() * 2 > grouping_slots_.size()) reinsert(grouping_slots_, grouping_hashes_);
  if (pairs.size() > 1) {
    const GroupingId first = intern_grouping(kept.first(1));
    groupings_[id].identity = first;
  }
  return id;
}

OriginId Symbols::intern_origin(const Origin& origin) {
  if (!origin.has_code() && origin.scopes.empty() && origin.frame == base::kNoText) return 0;
  const std::uint64_t hash = hash_of(origin);
  const std::size_t slot =
      find_slot(origin_slots_, origin_hashes_, hash, [&](std::uint32_t id) { return same(origins_[id], origin); });
  if (origin_slots_[slot] != 0) return origin_slots_[slot];

  const auto id = static_cast<OriginId>(origins_.size());
  Origin kept = origin;
  const std::span<TextId> scopes = arena_.array<TextId>(origin.scopes.size());
  std::ranges::copy(origin.scopes, scopes.begin());
  kept.scopes = scopes;
  origins_.push_back(kept);
  origin_hashes_.push_back(hash);
  origin_slots_[slot] = id;
  if (origins_.size() * 2 > origin_slots_.size()) reinsert(origin_slots_, origin_hashes_);
  return id;
}

ExtraId Symbols::add_extra(const SpanExtra& extra) {
  extras_.push_back(extra);
  return static_cast<ExtraId>(extras_.size() - 1);
}

Symbols::Remap Symbols::absorb(Symbols&& other) {
  Remap map;
  map.texts = texts.absorb(std::move(other.texts));
  map.span_id_offset = span_ids.absorb(std::move(other.span_ids));
  map.groupings.push_back(0);
  for (std::size_t i = 1; i < other.groupings_.size(); ++i) map.groupings.push_back(intern_grouping(other.groupings_[i].pairs));
  map.origins.push_back(0);
  std::vector<TextId> scopes;
  for (std::size_t i = 1; i < other.origins_.size(); ++i) {
    const Origin& o = other.origins_[i];
    scopes.clear();
    for (const TextId scope : o.scopes) scopes.push_back(map.texts[scope]);
    map.origins.push_back(intern_origin(
        {map.texts[o.function], map.texts[o.filepath], map.texts[o.code_namespace], o.lineno, scopes, map.texts[o.frame]}));
  }
  map.extra_offset = static_cast<ExtraId>(extras_.size() - 1);
  for (std::size_t i = 1; i < other.extras_.size(); ++i) {
    SpanExtra e = other.extras_[i];
    e.timestamp_text = map.texts[e.timestamp_text];
    e.link_trace = map.texts[e.link_trace];
    e.peer_region = map.texts[e.peer_region];
    e.target = map.texts[e.target];
    extras_.push_back(e);
  }
  for (base::Arena& a : other.absorbed_) absorbed_.push_back(std::move(a));
  absorbed_.push_back(std::move(other.arena_));
  other = Symbols();
  return map;
}

void Symbols::Remap::apply(SpanRecord& r) const {
  r.trace = texts[r.trace];
  r.template_id = texts[r.template_id];
  r.service = texts[r.service];
  r.endpoint = texts[r.endpoint];
  r.operation = texts[r.operation];
  r.region = texts[r.region];
  r.grouping = groupings[r.grouping];
  r.origin = origins[r.origin];
  if (r.extra != 0) r.extra += extra_offset;
  if (r.has(kSpanIdIsText)) r.span_id = of_id_text(r.span_id);
  if (r.has(kParentIdIsText)) r.parent_id = of_id_text(r.parent_id);
}

std::optional<std::uint64_t> start_ms(const Symbols& symbols, const SpanRecord& span) {
  if (has_odd_timestamp(symbols, span)) return symbols.extra(span.extra).start_ms;
  return span.start_us / 1000;
}

bool has_odd_timestamp(const Symbols& symbols, const SpanRecord& span) {
  return span.extra != 0 && symbols.extra(span.extra).timestamp_text != base::kNoText;
}

std::string_view timestamp_text(const Symbols& symbols, const SpanRecord& span, std::span<char> buffer) {
  if (has_odd_timestamp(symbols, span)) return symbols.text(symbols.extra(span.extra).timestamp_text);
  const base::IsoText text = base::format_iso_ms(span.start_us / 1000);
  std::ranges::copy(text.chars, buffer.begin());
  return {buffer.data(), text.chars.size()};
}

namespace {
std::string_view id_text(const Symbols& symbols, std::uint64_t id, bool is_text, std::span<char> buffer) {
  if (is_text) return symbols.id_text(id);
  for (int i = 15; i >= 0; --i, id >>= 4) buffer[static_cast<std::size_t>(i)] = "0123456789abcdef"[id & 15];
  return {buffer.data(), 16};
}
}  // namespace

std::string_view span_id_text(const Symbols& symbols, const SpanRecord& span, std::span<char> buffer) {
  return id_text(symbols, span.span_id, span.has(kSpanIdIsText), buffer);
}

std::string_view parent_id_text(const Symbols& symbols, const SpanRecord& span, std::span<char> buffer) {
  if (!span.has(kHasParent)) return {};
  return id_text(symbols, span.parent_id, span.has(kParentIdIsText), buffer);
}

SqlVerb sql_verb(std::string_view statement) {
  std::size_t begin = 0;
  while (begin < statement.size() && base::is_ascii_space(statement[begin])) ++begin;
  std::size_t end = begin;
  while (end < statement.size() && !base::is_ascii_space(statement[end])) ++end;
  const std::string_view token = statement.substr(begin, end - begin);
  if (token.size() != 6) return SqlVerb::kOther;
  if (base::equals_ignoring_case(token, "select")) return SqlVerb::kSelect;
  if (base::equals_ignoring_case(token, "insert")) return SqlVerb::kInsert;
  if (base::equals_ignoring_case(token, "update")) return SqlVerb::kUpdate;
  if (base::equals_ignoring_case(token, "delete")) return SqlVerb::kDelete;
  return SqlVerb::kOther;
}

}  // namespace sentinel::model
