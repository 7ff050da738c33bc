#include "ingest/document.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <memory>
#include <unordered_map>

#include "base/log.h"
#include "base/parallel.h"

namespace sentinel::ingest {

namespace {

// Nodes whose slots are asked for before the first of them is entered.
constexpr std::size_t kTogether = 16;

// Of a table that is cleared rather than made anew.
constexpr std::size_t kClearedSlots = 1024;

// Entries that a table holds before it grows.
template <class Table>
std::size_t room_of(const Table& table) {
  return table.size() * 4 / 5;
}

}  // namespace

NodeRef SpanIndex::find(std::uint64_t id, bool is_text, std::uint32_t realm) const {
  const std::uint64_t hash = hash_of(id, is_text, realm);
  const Table& table = table_of(hash);
  const std::size_t mask = table.size() - 1;
  for (std::size_t slot = hash & mask; table[slot].used(); slot = (slot + 1) & mask) {
    const Slot& s = table[slot];
    if (s.hash == hash && !s.hidden() && same(node(s.ref()), id, is_text, realm)) return s.ref();
  }
  return {};
}

void SpanIndex::build(const Document& document, unsigned threads) {
  const bool by_service = format_.resolve == ResolveRule::kService;
  const bool capped = by_service && over_cap(document);
  const std::vector<Stretch> all = stretches(document);
  const std::size_t nodes = count_nodes(all);
  tables_.resize(std::max(1U, threads));
  for (Table& table : tables_) prepare(table, std::bit_ceil(std::max<std::size_t>(16, nodes * 3 / 2 / tables_.size())));
  first_table_ = tables_.data();
  table_count_ = tables_.size();
  std::unique_ptr<std::uint64_t[]> hashes;  // of all nodes, worked out once where each table has to look at all of them
  if (tables_.size() > 1) {
    hashes = std::make_unique_for_overwrite<std::uint64_t[]>(nodes);
    base::parallel_for(threads, all.size(), [&](std::size_t s) {
      std::uint64_t* to = hashes.get() + all[s].before;
      for (const SpanNode& node : nodes_in(all[s])) *to++ = hash_in(all[s], node);
    });
  }
  std::atomic<bool> repeated{false};
  base::parallel_for(threads, tables_.size(), [&](std::size_t t) {
    if (fill(all, hashes.get(), t, capped)) repeated.store(true, std::memory_order_relaxed);
  });
  irregular_ = repeated.load() || (by_service && large_block(document));
}

std::size_t SpanIndex::count_nodes(std::span<const Stretch> all) {
  return all.empty() ? 0 : all.back().before + all.back().range.last - all.back().range.first;
}

std::span<const SpanNode> SpanIndex::nodes_in(const Stretch& stretch) const {
  const auto& [batch, first, last] = stretch.range;
  return std::span<const SpanNode>(batches_[batch].nodes).subspan(first, last - first);
}

std::vector<SpanIndex::Stretch> SpanIndex::stretches(const Document& document) const {
  std::vector<Stretch> all;
  std::size_t before = 0;
  const auto add = [&](const NodeRange& range, std::uint32_t realm) {
    all.push_back({range, realm, before});
    before += range.last - range.first;
  };
  if (format_.resolve == ResolveRule::kTrace) {
    for (const NodeRange& range : document.ranges) add(range, NodeRef::kNowhere);
  } else {
    for (std::uint32_t b = document.first_block; b < document.last_block; ++b) {
      for (const NodeRange& range : blocks_[b].ranges) add(range, blocks_[b].service);
    }
  }
  return all;
}

bool SpanIndex::large_block(const Document& document) const {
  for (std::uint32_t b = document.first_block; b < document.last_block; ++b) {
    std::size_t spans = 0;
    for (const NodeRange& range : blocks_[b].ranges) spans += range.last - range.first;
    if (spans > kIndexedSpans) return true;
  }
  return false;
}

bool SpanIndex::over_cap(const Document& document) const {
  std::size_t all = 0;
  for (const NodeRange& range : document.ranges) all += range.last - range.first;
  if (all <= kIndexedSpans) return false;
  std::unordered_map<TextId, std::size_t> spans;
  for (std::uint32_t b = document.first_block; b < document.last_block; ++b) {
    for (const NodeRange& range : blocks_[b].ranges) spans[blocks_[b].service] += range.last - range.first;
  }
  for (const auto& [service, count] : spans) {
    if (count <= kIndexedSpans) continue;
    base::log_warn("ingest", "a service has more than 100000 spans in one document: later ones are not found as parents");
    return true;
  }
  return false;
}

// Indexes the nodes whose hash belongs to table `t`; true when an id repeats or is empty.
bool SpanIndex::fill(std::span<const Stretch> all, const std::uint64_t* hashes, std::size_t t, bool capped) {
  const std::size_t tables = tables_.size();
  Table& table = tables_[t];
  table.touch();
  std::size_t mask = table.size() - 1;
  std::size_t used = 0;
  std::size_t room = room_of(table);
  bool irregular = false;
  std::unordered_map<std::uint32_t, std::size_t> indexed;  // spans by service, only when a cap is reached

  struct Entry {
    std::uint64_t hash;
    std::uint32_t node;
    bool hidden;
  };
  std::array<Entry, kTogether> waiting;
  std::size_t waits = 0;
  Slot* slots = table.begin();
  const auto enter = [&](const Entry& e, std::uint32_t batch) {
    const auto holds = [&](const Slot& s) {
      if (s.hash != e.hash) return false;
      const SpanNode& n = batches_[batch].nodes[e.node];
      return same(node(s.ref()), n.span_id, n.has(kNodeIdIsText), realm(n));
    };
    std::size_t at = e.hash & mask;
    while (slots[at].used() && !holds(slots[at])) at = (at + 1) & mask;
    Slot& slot = slots[at];
    if (!slot.used()) {
      slot = {e.hash, batch + 1, e.hidden ? e.node | kHidden : e.node};
      if (++used > room) {
        grow(table);
        slots = table.begin();
        mask = table.size() - 1;
        room = room_of(table);
      }
      return;
    }
    irregular = true;
    if (e.hidden || (format_.replaces_client_only && node(slot.ref()).kind != SpanKind::kClient)) return;
    slot.batch_and_one = batch + 1;
    slot.node = e.node;
  };
  const auto enter_waiting = [&](std::uint32_t batch) {
    for (std::size_t w = 0; w < waits; ++w) enter(waiting[w], batch);
    waits = 0;
  };

  for (const Stretch& stretch : all) {
    const std::span<const SpanNode> from = nodes_in(stretch);
    const std::uint64_t* const known = hashes != nullptr ? hashes + stretch.before : nullptr;
    std::size_t* const counted = capped ? &indexed[stretch.realm] : nullptr;
    for (std::uint32_t i = 0; i < from.size(); ++i) {
      const std::uint64_t hash = known != nullptr ? known[i] : hash_in(stretch, from[i]);
      if (hash == 0) {
        irregular = true;
        continue;
      }
      const bool hidden = capped && ++*counted > kIndexedSpans;
      if (known != nullptr && table_of(hash, tables) != t) continue;
      __builtin_prefetch(slots + (hash & mask), 1);
      waiting[waits++] = {hash, stretch.range.first + i, hidden};
      if (waits == kTogether) enter_waiting(stretch.range.batch);
    }
    enter_waiting(stretch.range.batch);
  }
  return irregular;
}

void SpanIndex::prepare(Table& table, std::size_t slots) {
  if (table.size() == slots && slots <= kClearedSlots) {
    std::fill(table.begin(), table.end(), Slot{});
  } else {
    table = Table(slots);
  }
}

void SpanIndex::grow(Table& table) {
  Table larger(table.size() * 2);
  larger.touch();
  const std::size_t mask = larger.size() - 1;
  for (const Slot& s : table) {
    if (!s.used()) continue;
    std::size_t slot = s.hash & mask;
    while (larger[slot].used()) slot = (slot + 1) & mask;
    larger[slot] = s;
  }
  table = std::move(larger);
}

}  // namespace sentinel::ingest
