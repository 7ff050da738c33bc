#include "ingest/stitch.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"

namespace sentinel::ingest {

namespace {

constexpr std::size_t kHops = 8;
constexpr std::size_t kLookBack = 8;

// A span by trace and id, or a parent by trace and id.
struct Key {
  TextId trace;
  std::uint64_t id;
  bool is_text;
  friend bool operator==(const Key&, const Key&) = default;
};
struct KeyHash {
  std::size_t operator()(const Key& k) const {
    return base::combine64(k.id, (std::uint64_t{k.trace} << 1) | (k.is_text ? 1 : 0));
  }
};

Key key_of(const SpanNode& n) { return {n.trace, n.span_id, n.has(kNodeIdIsText)}; }
Key parent_key(const SpanNode& n) { return {n.trace, n.parent_id, n.has(kNodeParentIsText)}; }

// The same-trace ancestors of a span, nearest first (01 §8.13).
struct Ancestors {
  std::array<NodeRef, kHops> refs;
  std::size_t count = 0;
};

Ancestors same_trace_ancestors(const SpanNode& span, const SpanIndex& index) {
  Ancestors found;
  const SpanNode* at = &span;
  while (found.count < kHops) {
    const NodeRef parent = index.parent(*at);
    if (!parent) break;
    const SpanNode& node = index.node(parent);
    if (node.trace != span.trace || node.same_id(span)) break;
    found.refs[found.count++] = parent;
    at = &node;
  }
  return found;
}

struct Donor {
  NodeRef ref;
  const SpanNode* node = nullptr;
  bool suppressed = false;
  bool consumed = false;
};

// The three rules over one block.
class BlockStitcher {
 public:
  BlockStitcher(const Block& block, const SpanIndex& index) : block_(block), index_(index) {}

  std::vector<StitchOutcome> run() {
    collect();
    if (donors_.empty()) return {};
    suppress_duplicates();
    split_layers();
    adopt();
    return outcomes();
  }

 private:
  using DonorList = std::vector<std::uint32_t>;

  void collect();
  void suppress_duplicates();
  void split_layers();
  void adopt();
  void list_candidates(const SpanNode& carrier);
  void list_siblings(const SpanNode& carrier);
  std::optional<std::uint32_t> pick(const SpanNode& carrier) const;
  std::vector<StitchOutcome> outcomes() const;

  const Block& block_;
  const SpanIndex& index_;
  std::vector<Donor> donors_;
  std::vector<NodeRef> orphans_;
  std::unordered_map<Key, std::uint32_t, KeyHash> donor_of_;
  std::unordered_set<Key, KeyHash> orphan_keys_;
  std::vector<NodeRef> carriers_;
  std::unordered_map<Key, Key, KeyHash> deferred_;                // orphan -> its carrier
  std::unordered_map<Key, DonorList, KeyHash> donors_by_parent_;  // by start, then donor order
  std::unordered_map<Key, DonorList, KeyHash> donors_below_;      // carrier -> donors that descend from it
  std::unordered_map<Key, std::uint32_t, KeyHash> adopted_;       // carrier -> donor
  DonorList candidates_;
};

void BlockStitcher::collect() {
  std::unordered_set<Key, KeyHash> donor_parents;
  std::size_t seen = 0;
  std::vector<std::pair<NodeRef, bool>> orphans;
  for (const NodeRange& range : block_.ranges) {
    for (std::uint32_t i = range.first; i < range.last && seen < kIndexedSpans; ++i, ++seen) {
      const NodeRef ref{range.batch, i};
      const SpanNode& n = index_.node(ref);
      if (n.has(kNodeEmptyId) || n.has(kNodeEmptyTrace)) continue;
      if (n.has(kNodeDonor)) {
        donor_of_[key_of(n)] = static_cast<std::uint32_t>(donors_.size());
        donors_.push_back({ref, &n});
        if (n.has(kNodeHasParent)) donor_parents.insert(parent_key(n));
      } else if (n.has(kNodeOrphan)) {
        orphans.emplace_back(ref, n.has(kNodeKnownSql));
      }
    }
  }
  for (const auto& [ref, known] : orphans) {
    const SpanNode& n = index_.node(ref);
    if (!known && !(n.has(kNodeHasParent) && donor_parents.contains(parent_key(n)))) continue;
    orphans_.push_back(ref);
    orphan_keys_.insert(key_of(n));
  }
}

// Rule 1: a donor below one with the same statement.
void BlockStitcher::suppress_duplicates() {
  for (Donor& donor : donors_) {
    const Ancestors above = same_trace_ancestors(*donor.node, index_);
    for (std::size_t i = 0; i < above.count; ++i) {
      const auto found = donor_of_.find(key_of(index_.node(above.refs[i])));
      if (found == donor_of_.end()) continue;
      const SpanNode& outer = *donors_[found->second].node;
      if (outer.statement_hash != donor.node->statement_hash) continue;
      const Ancestors back = same_trace_ancestors(outer, index_);
      const bool mutual = std::any_of(back.refs.begin(), back.refs.begin() + static_cast<std::ptrdiff_t>(back.count),
                                      [&](NodeRef r) { return index_.node(r).same_id(*donor.node); });
      donor.suppressed = !mutual;
      break;
    }
  }
}

// Rule 2: of orphans on top of each other the outermost carries.
void BlockStitcher::split_layers() {
  for (const NodeRef ref : orphans_) {
    const SpanNode& n = index_.node(ref);
    const Ancestors above = same_trace_ancestors(n, index_);
    std::optional<Key> farthest;
    for (std::size_t i = 0; i < above.count; ++i) {
      const Key key = key_of(index_.node(above.refs[i]));
      if (orphan_keys_.contains(key)) farthest = key;
    }
    if (farthest) {
      deferred_.insert_or_assign(key_of(n), *farthest);
    } else {
      carriers_.push_back(ref);
    }
  }
}

// Rule 3.
void BlockStitcher::adopt() {
  if (carriers_.empty()) return;
  std::unordered_set<Key, KeyHash> carrier_keys;
  for (const NodeRef ref : carriers_) carrier_keys.insert(key_of(index_.node(ref)));
  for (std::uint32_t d = 0; d < donors_.size(); ++d) {
    if (donors_[d].suppressed) continue;
    const SpanNode& n = *donors_[d].node;
    if (n.has(kNodeHasParent)) donors_by_parent_[parent_key(n)].push_back(d);
    const Ancestors above = same_trace_ancestors(n, index_);
    for (std::size_t i = 0; i < above.count; ++i) {
      const Key key = key_of(index_.node(above.refs[i]));
      if (carrier_keys.contains(key)) donors_below_[key].push_back(d);
    }
  }
  for (auto& [parent, list] : donors_by_parent_) {
    std::ranges::stable_sort(list, {}, [&](std::uint32_t d) { return donors_[d].node->start_ns; });
  }
  for (const NodeRef ref : carriers_) {
    const SpanNode& carrier = index_.node(ref);
    list_candidates(carrier);
    const std::optional<std::uint32_t> picked = pick(carrier);
    if (!picked) continue;
    donors_[*picked].consumed = true;
    adopted_.insert_or_assign(key_of(carrier), *picked);
  }
}

void BlockStitcher::list_siblings(const SpanNode& carrier) {
  if (!carrier.has(kNodeHasParent)) return;
  const auto found = donors_by_parent_.find(parent_key(carrier));
  if (found == donors_by_parent_.end()) return;
  const DonorList& list = found->second;
  const auto start = [&](std::uint32_t d) { return donors_[d].node->start_ns; };
  const auto end = std::ranges::upper_bound(list, carrier.start_ns, {}, start);
  if (end == list.begin()) return;
  candidates_.push_back(*std::ranges::lower_bound(list.begin(), end, start(*(end - 1)), {}, start));
  std::size_t looked = 0;
  for (auto at = end; at != list.begin() && looked < kLookBack; ++looked) {
    --at;
    if (donors_[*at].consumed) continue;
    candidates_.push_back(*at);
    break;
  }
}

void BlockStitcher::list_candidates(const SpanNode& carrier) {
  candidates_.clear();
  list_siblings(carrier);
  const Ancestors above = same_trace_ancestors(carrier, index_);
  for (std::size_t i = 0; i < above.count; ++i) {
    const auto found = donor_of_.find(key_of(index_.node(above.refs[i])));
    if (found != donor_of_.end() && !donors_[found->second].suppressed) candidates_.push_back(found->second);
  }
  if (const auto below = donors_below_.find(key_of(carrier)); below != donors_below_.end()) {
    candidates_.insert(candidates_.end(), below->second.begin(), below->second.end());
  }
}

std::optional<std::uint32_t> BlockStitcher::pick(const SpanNode& carrier) const {
  std::optional<std::uint32_t> best;
  bool best_before = false;
  const auto distance = [&](std::uint32_t d) {
    const std::uint64_t start = donors_[d].node->start_ns;
    return start > carrier.start_ns ? start - carrier.start_ns : carrier.start_ns - start;
  };
  for (const std::uint32_t d : candidates_) {
    const bool before = donors_[d].node->start_ns <= carrier.start_ns;
    bool better = !best.has_value();
    if (best && before != best_before) {
      better = before;
    } else if (best && before) {
      const Donor& held = donors_[*best];
      better = held.consumed != donors_[d].consumed ? held.consumed : donors_[d].node->start_ns > held.node->start_ns;
    } else if (best) {
      better = distance(d) < distance(*best);
    }
    if (better) {
      best = d;
      best_before = before;
    }
  }
  return best;
}

std::vector<StitchOutcome> BlockStitcher::outcomes() const {
  std::unordered_set<Key, KeyHash> merged;
  for (const Donor& d : donors_) {
    if (d.suppressed || d.consumed) merged.insert(key_of(*d.node));
  }
  for (const auto& [orphan, carrier] : deferred_) {
    if (adopted_.contains(carrier)) merged.insert(orphan);
  }
  std::vector<StitchOutcome> out;
  if (merged.empty() && adopted_.empty()) return out;
  for (const NodeRange& range : block_.ranges) {
    for (std::uint32_t i = range.first; i < range.last; ++i) {
      const SpanNode& n = index_.node({range.batch, i});
      const Key key = key_of(n);
      if (merged.contains(key)) {
        out.push_back({{range.batch, i}, true, {}});
      } else if (n.drop == DropReason::kNonSqlDatastore) {
        continue;  // only under a repeated id; what is no SQL store stays out (01 §8.7)
      } else if (const auto adopted = adopted_.find(key); adopted != adopted_.end()) {
        out.push_back({{range.batch, i}, false, donors_[adopted->second].ref});
      }
    }
  }
  return out;
}

}  // namespace

std::vector<StitchOutcome> stitch(const Block& block, const SpanIndex& index) { return BlockStitcher(block, index).run(); }

}  // namespace sentinel::ingest
