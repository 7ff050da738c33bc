// Finds the spans of a document by id. Which spans see each other: those of a service (OTLP) or of a trace (Jaeger, Zipkin).
//
// Built once per document by resolve.cpp, by several threads that enter spans into one table; read by several threads
// afterwards. What is found does not depend on the threads: of spans that share an id where they see each other it is the one
// that the order of the input makes it (replaces()). References stay valid while the batches do.
//
// A slot is one word, so that threads need no lock: from its low end the span's place and one, whether the span is hidden, and
// as many upper bits of the hash as fit. 0 is a free slot. How many bits a place takes depends on the batches.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/hash.h"
#include "base/zeroed_array.h"
#include "ingest/decoded.h"
#include "ingest/document.h"
#include "ingest/format.h"

namespace sentinel::ingest {

class SpanIndex {
 public:
  using Slots = base::ZeroedArray<std::uint64_t>;

  // `kept`, where given, is the memory of an index before that nobody uses any more.
  SpanIndex(std::span<Decoded> batches, const std::vector<Block>& blocks, const Format& format, Slots* kept = nullptr)
      : batches_(batches), blocks_(blocks), format_(format), slots_(kept != nullptr ? *kept : own_) {}
  SpanIndex(const SpanIndex&) = delete;
  SpanIndex& operator=(const SpanIndex&) = delete;

  // `flags`: those that nodes of each batch have, where spans see each other by service.
  void build(const Document& document, std::span<const unsigned> flags, unsigned threads);

  // The parent of a node, or nowhere.
  [[nodiscard]] NodeRef parent(const SpanNode& node) const {
    if (!node.has(kNodeHasParent)) return {};
    return find(node.parent_id, node.has(kNodeParentIsText), realm(node));
  }

  // Asks for the memory where the search for the parent of a node begins.
  void prefetch_parent(const SpanNode& node) const {
    __builtin_prefetch(first_slot_ + (hash_of(node.parent_id, node.has(kNodeParentIsText), realm(node)) & mask_));
  }

  [[nodiscard]] const SpanNode& node(NodeRef ref) const { return batches_[ref.batch].nodes[ref.node]; }
  // Some id occurs twice where spans see each other, some id is empty, or a block is larger than its scope index.
  [[nodiscard]] bool irregular() const { return irregular_; }

 private:
  // Neighbours that are looked for in the same realm, where that is known without a look at them.
  struct Stretch {
    NodeRange range;
    std::uint32_t realm = NodeRef::kNowhere;
    std::size_t before = 0;  // spans with ids of the realm in earlier stretches, where it is too large
  };

  [[nodiscard]] std::uint32_t realm(const SpanNode& node) const {
    return format_.resolve == ResolveRule::kService ? blocks_[node.block].service : node.trace;
  }
  static std::uint64_t hash_of(std::uint64_t id, bool is_text, std::uint32_t realm) {
    return base::spread(id ^ (std::uint64_t{realm} << 33) ^ (is_text ? 0x5851F42D4C957F2DULL : 0));
  }
  [[nodiscard]] NodeRef find(std::uint64_t id, bool is_text, std::uint32_t realm) const;
  [[nodiscard]] bool same(const SpanNode& node, std::uint64_t id, bool is_text, std::uint32_t realm) const {
    return node.span_id == id && node.has(kNodeIdIsText) == is_text && this->realm(node) == realm;
  }

  [[nodiscard]] std::vector<Stretch> stretches(const Document& document) const;
  void count_before(std::span<Stretch> all, std::span<const unsigned> flags) const;
  [[nodiscard]] std::span<const SpanNode> nodes_in(const NodeRange& range) const;
  void prepare(std::size_t spans, unsigned threads);
  bool enter(const Stretch& stretch, bool capped, bool alone);
  bool enter(const SpanNode& node, std::uint64_t hash, std::uint64_t word, std::uint32_t realm, bool alone);
  [[nodiscard]] bool replaces(std::uint64_t word, std::uint64_t held) const;
  [[nodiscard]] bool over_cap(const Document& document) const;
  [[nodiscard]] bool large_block(const Document& document) const;

  // -- words

  [[nodiscard]] std::uint64_t hidden_bit() const { return std::uint64_t{1} << place_bits_; }  // past the cap: not to be found
  [[nodiscard]] std::uint64_t hash_bits(std::uint64_t hash) const { return hash & hash_mask_; }
  [[nodiscard]] NodeRef ref(std::uint64_t word) const {
    const std::uint64_t place = (word & (hidden_bit() - 1)) - 1;
    return {static_cast<std::uint32_t>(place >> node_bits_),
            static_cast<std::uint32_t>(place & ((std::uint64_t{1} << node_bits_) - 1))};
  }

  std::span<Decoded> batches_;
  const std::vector<Block>& blocks_;
  const Format& format_;
  Slots own_;
  Slots& slots_;
  std::uint64_t* first_slot_ = nullptr;  // of slots_
  std::uint64_t mask_ = 0;               // number of slots less one
  std::uint64_t hash_mask_ = 0;
  unsigned node_bits_ = 0;
  unsigned place_bits_ = 0;
  bool irregular_ = false;
};

}  // namespace sentinel::ingest
