#include "ingest/span_index.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <unordered_map>

#include "base/log.h"
#include "base/parallel.h"

namespace sentinel::ingest {

namespace {

// Nodes whose slots are asked for before the first of them is entered.
constexpr std::size_t kTogether = 16;

// Of a table that is cleared rather than made anew.
constexpr std::size_t kClearedSlots = 1024;

// Stretches that a thread takes at a time.
constexpr std::size_t kStretchesAtATime = 16;

constexpr auto kRelaxed = std::memory_order_relaxed;  // a word is all there is to a slot; nodes do not change meanwhile

}  // namespace

NodeRef SpanIndex::find(std::uint64_t id, bool is_text, std::uint32_t realm) const {
  const std::uint64_t hash = hash_of(id, is_text, realm);
  for (std::size_t at = hash & mask_; first_slot_[at] != 0; at = (at + 1) & mask_) {
    const std::uint64_t word = first_slot_[at];
    if ((word & (hash_mask_ | hidden_bit())) != hash_bits(hash)) continue;
    if (const NodeRef found = ref(word); same(node(found), id, is_text, realm)) return found;
  }
  return {};
}

void SpanIndex::build(const Document& document, std::span<const unsigned> flags, unsigned threads) {
  const bool by_service = format_.resolve == ResolveRule::kService;
  const bool capped = by_service && over_cap(document);
  std::vector<Stretch> all = stretches(document);
  if (capped) count_before(all, flags);
  std::size_t spans = 0;
  for (const Stretch& stretch : all) spans += stretch.range.last - stretch.range.first;
  prepare(spans, threads);
  std::atomic<bool> repeated{false};
  base::parallel_for(threads, (all.size() + kStretchesAtATime - 1) / kStretchesAtATime, [&](std::size_t piece) {
    const auto from = std::span<const Stretch>(all).subspan(piece * kStretchesAtATime);
    for (const Stretch& stretch : from.first(std::min(from.size(), kStretchesAtATime))) {
      if (enter(stretch, capped, threads <= 1)) repeated.store(true, kRelaxed);
    }
  });
  irregular_ = repeated.load() || (by_service && large_block(document));
}

std::span<const SpanNode> SpanIndex::nodes_in(const NodeRange& range) const {
  return std::span<const SpanNode>(batches_[range.batch].nodes).subspan(range.first, range.last - range.first);
}

std::vector<SpanIndex::Stretch> SpanIndex::stretches(const Document& document) const {
  std::vector<Stretch> all;
  if (format_.resolve == ResolveRule::kTrace) {
    for (const NodeRange& range : document.ranges) all.push_back({range, NodeRef::kNowhere, 0});
  } else {
    for (std::uint32_t b = document.first_block; b < document.last_block; ++b) {
      for (const NodeRange& range : blocks_[b].ranges) all.push_back({range, blocks_[b].service, 0});
    }
  }
  return all;
}

// Tells each stretch where in its service it begins, so that any thread knows which spans are past the cap.
void SpanIndex::count_before(std::span<Stretch> all, std::span<const unsigned> flags) const {
  std::unordered_map<TextId, std::size_t> spans;
  for (Stretch& stretch : all) {
    std::size_t& seen = spans[stretch.realm];
    stretch.before = seen;
    const std::span<const SpanNode> nodes = nodes_in(stretch.range);
    seen += nodes.size();
    if ((flags[stretch.range.batch] & kNodeEmptyId) == 0) continue;
    seen -= static_cast<std::size_t>(std::ranges::count_if(nodes, [](const SpanNode& n) { return n.has(kNodeEmptyId); }));
  }
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

// Makes the table, at most two thirds full, and settles what a word is made of.
void SpanIndex::prepare(std::size_t spans, unsigned threads) {
  const std::size_t wanted = std::bit_ceil(std::max<std::size_t>(16, spans + spans / 2));
  if (slots_.size() == wanted && wanted <= kClearedSlots) {
    std::fill(slots_.begin(), slots_.end(), 0);
  } else {
    slots_ = Slots(wanted);
    base::parallel_for(threads, slots_.begin_touch(), [&](std::size_t step) { slots_.touch(step); });
  }
  first_slot_ = slots_.begin();
  mask_ = wanted - 1;
  std::size_t largest = 0;
  for (const Decoded& batch : batches_) largest = std::max(largest, batch.nodes.size());
  node_bits_ = static_cast<unsigned>(std::bit_width(largest));
  place_bits_ = node_bits_ + static_cast<unsigned>(std::bit_width(batches_.size()));
  hash_mask_ = ~std::uint64_t{0} << (place_bits_ + 1);
}

// Enters the spans of a stretch; true when an id repeats or is empty.
bool SpanIndex::enter(const Stretch& stretch, bool capped, bool alone) {
  struct Entry {
    const SpanNode* node;
    std::uint64_t hash;
    std::uint64_t word;
    std::uint32_t realm;
  };
  std::array<Entry, kTogether> waiting;
  std::size_t waits = 0;
  bool irregular = false;
  const auto enter_waiting = [&] {
    for (const Entry& e : std::span(waiting).first(waits)) irregular |= enter(*e.node, e.hash, e.word, e.realm, alone);
    waits = 0;
  };
  std::size_t counted = stretch.before;
  std::uint64_t place = (std::uint64_t{stretch.range.batch} << node_bits_ | stretch.range.first) + 1;
  for (const SpanNode& node : nodes_in(stretch.range)) {
    const std::uint64_t at = place++;
    if (node.has(kNodeEmptyId)) {
      irregular = true;
      continue;
    }
    const std::uint32_t realm = stretch.realm != NodeRef::kNowhere ? stretch.realm : this->realm(node);
    const std::uint64_t hash = hash_of(node.span_id, node.has(kNodeIdIsText), realm);
    const bool hidden = capped && ++counted > kIndexedSpans;
    __builtin_prefetch(first_slot_ + (hash & mask_), 1);
    waiting[waits++] = {&node, hash, hash_bits(hash) | at | (hidden ? hidden_bit() : 0), realm};
    if (waits == kTogether) enter_waiting();
  }
  enter_waiting();
  return irregular;
}

// Enters one span, as the only thread if `alone`; true when its id repeats.
bool SpanIndex::enter(const SpanNode& node, std::uint64_t hash, std::uint64_t word, std::uint32_t realm, bool alone) {
  for (std::size_t at = hash & mask_;; at = (at + 1) & mask_) {
    const std::atomic_ref slot(first_slot_[at]);
    std::uint64_t held = slot.load(kRelaxed);
    const auto put = [&] {
      if (!alone) return slot.compare_exchange_weak(held, word, kRelaxed);
      slot.store(word, kRelaxed);
      return true;
    };
    while (held == 0) {
      if (put()) return false;
    }
    if (hash_bits(held) != hash_bits(word) || !same(this->node(ref(held)), node.span_id, node.has(kNodeIdIsText), realm)) {
      continue;
    }
    while (replaces(word, held) && !put()) {
    }
    return true;
  }
}

// Of two spans with one id, which is found: one that is not past the cap; the last, but of Zipkin's the first that is not a
// client's.
bool SpanIndex::replaces(std::uint64_t word, std::uint64_t held) const {
  if ((word & hidden_bit()) != 0) return false;
  if ((held & hidden_bit()) != 0) return true;
  bool later = (word & (hidden_bit() - 1)) > (held & (hidden_bit() - 1));
  if (!format_.replaces_client_only) return later;
  const bool client = node(ref(word)).kind == SpanKind::kClient;
  if (client != (node(ref(held)).kind == SpanKind::kClient)) return !client;
  return client ? later : !later;
}

}  // namespace sentinel::ingest
