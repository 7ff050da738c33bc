// The spans of one document laid out for resolving: where they are, which resource block they belong to, how they are found by
// id.
//
// Built once per document by resolve.cpp; read by several threads afterwards. References stay valid while the batches do.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/hash.h"
#include "base/zeroed_array.h"
#include "ingest/decoded.h"
#include "ingest/format.h"

namespace sentinel::ingest {

// A node by position.
struct NodeRef {
  std::uint32_t batch = kNowhere;
  std::uint32_t node = 0;

  static constexpr std::uint32_t kNowhere = 0xFFFFFFFF;
  explicit operator bool() const { return batch != kNowhere; }
  friend bool operator==(const NodeRef&, const NodeRef&) = default;
};

// Consecutive nodes of one batch.
struct NodeRange {
  std::uint32_t batch = 0;
  std::uint32_t first = 0;
  std::uint32_t last = 0;  // one past
};

// One OTLP resource with its spans.
struct Block {
  TextId service = 0;
  TextId region = 0;
  model::GroupingId captured = 0;  // grouping pairs of the resource, not sanitised
  std::vector<NodeRange> ranges;
};

struct Document {
  std::vector<NodeRange> ranges;  // in input order
  std::uint32_t first_block = 0;
  std::uint32_t last_block = 0;  // one past
};

// Caps of 01 §8.8 and §8.13.
inline constexpr std::size_t kIndexedSpans = 100'000;

// Finds the spans of a document by id. Which spans see each other: those of a service (OTLP) or of a trace (Jaeger, Zipkin).
class SpanIndex {
  struct Slot;

 public:
  using Tables = std::vector<base::ZeroedArray<Slot>>;

  // `kept`, where given, is the memory of an index before that nobody uses any more.
  SpanIndex(std::span<Decoded> batches, const std::vector<Block>& blocks, const Format& format, Tables* kept = nullptr)
      : batches_(batches), blocks_(blocks), format_(format), tables_(kept != nullptr ? *kept : own_) {}
  SpanIndex(const SpanIndex&) = delete;
  SpanIndex& operator=(const SpanIndex&) = delete;

  void build(const Document& document, unsigned threads);

  // The parent of a node, or nowhere.
  [[nodiscard]] NodeRef parent(const SpanNode& node) const {
    if (!node.has(kNodeHasParent)) return {};
    return find(node.parent_id, node.has(kNodeParentIsText), realm(node));
  }

  // Asks for the memory where the search for the parent of a node begins.
  void prefetch_parent(const SpanNode& node) const {
    const std::uint64_t hash = hash_of(node.parent_id, node.has(kNodeParentIsText), realm(node));
    const Table& table = table_of(hash);
    __builtin_prefetch(&table[hash & (table.size() - 1)]);
  }

  [[nodiscard]] const SpanNode& node(NodeRef ref) const { return batches_[ref.batch].nodes[ref.node]; }
  // Some id occurs twice where spans see each other, some id is empty, or a block is larger than its scope index.
  [[nodiscard]] bool irregular() const { return irregular_; }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t batch_and_one = 0;  // 0: a free slot
    std::uint32_t node = 0;

    [[nodiscard]] bool used() const { return batch_and_one != 0; }
    [[nodiscard]] bool hidden() const { return (node & kHidden) != 0; }
    [[nodiscard]] NodeRef ref() const { return {batch_and_one - 1, node & ~kHidden}; }
  };
  static constexpr std::uint32_t kHidden = 1U << 31;  // past the cap: known, so that repeated ids show, but not found
  using Table = base::ZeroedArray<Slot>;

  [[nodiscard]] std::uint32_t realm(const SpanNode& node) const {
    return format_.resolve == ResolveRule::kService ? blocks_[node.block].service : node.trace;
  }
  // Never 0.
  static std::uint64_t hash_of(std::uint64_t id, bool is_text, std::uint32_t realm) {
    constexpr std::uint64_t kNotZero = std::uint64_t{1} << 32;
    return base::spread(id ^ (std::uint64_t{realm} << 33) ^ (is_text ? 0x5851F42D4C957F2DULL : 0)) | kNotZero;
  }
  // Of a node's own id; 0 when that is empty.
  [[nodiscard]] std::uint64_t hash_of(const SpanNode& node, std::uint32_t realm) const {
    return node.has(kNodeEmptyId) ? 0 : hash_of(node.span_id, node.has(kNodeIdIsText), realm);
  }
  // Which of several tables has a hash: the upper half of it decides, as the lower does on the slot.
  static std::size_t table_of(std::uint64_t hash, std::size_t tables) { return ((hash >> 32) * tables) >> 32; }
  [[nodiscard]] const Table& table_of(std::uint64_t hash) const { return first_table_[table_of(hash, table_count_)]; }
  [[nodiscard]] NodeRef find(std::uint64_t id, bool is_text, std::uint32_t realm) const;
  [[nodiscard]] bool same(const SpanNode& node, std::uint64_t id, bool is_text, std::uint32_t realm) const {
    return node.span_id == id && node.has(kNodeIdIsText) == is_text && this->realm(node) == realm;
  }
  // Neighbours that are looked for in the same realm, where that is known without a look at them.
  struct Stretch {
    NodeRange range;
    std::uint32_t realm = NodeRef::kNowhere;
    std::size_t before = 0;  // nodes of earlier stretches
  };
  [[nodiscard]] std::vector<Stretch> stretches(const Document& document) const;
  static std::size_t count_nodes(std::span<const Stretch> all);
  [[nodiscard]] std::span<const SpanNode> nodes_in(const Stretch& stretch) const;
  [[nodiscard]] std::uint64_t hash_in(const Stretch& stretch, const SpanNode& node) const {
    return hash_of(node, stretch.realm != NodeRef::kNowhere ? stretch.realm : realm(node));
  }
  // `hashes`: of the nodes of all stretches; null where there is one table.
  bool fill(std::span<const Stretch> all, const std::uint64_t* hashes, std::size_t table, bool capped);
  static void grow(Table& table);
  static void prepare(Table& table, std::size_t slots);
  [[nodiscard]] bool over_cap(const Document& document) const;
  [[nodiscard]] bool large_block(const Document& document) const;

  std::span<Decoded> batches_;
  const std::vector<Block>& blocks_;
  const Format& format_;
  Tables own_;
  Tables& tables_;
  const Table* first_table_ = nullptr;  // of tables_
  std::size_t table_count_ = 0;
  bool irregular_ = false;
};

}  // namespace sentinel::ingest
