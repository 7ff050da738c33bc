// Which producer triggered the work of a span: the links of consumer spans (chapter 01 §8.13).
//
// Built for a document that has consumers with links; then read by any number of threads.
#pragma once

#include <map>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "ingest/span_index.h"

namespace sentinel::ingest {

class ProducerLinks {
 public:
  ProducerLinks(const SpanIndex& index, const std::vector<Block>& blocks, const model::Symbols& symbols)
      : index_(index), blocks_(blocks), symbols_(symbols) {}

  // Lists the consumers of the document.
  void build(const Document& document, std::span<const Decoded> batches);
  [[nodiscard]] bool empty() const { return consumers_.empty(); }

  // The producer's trace id, or kNoText.
  [[nodiscard]] TextId link_of(const SpanNode& span) const;

 private:
  // Consumers under one parent in one trace of one service, by (start, span id, input order).
  struct Key {
    std::uint64_t parent;
    TextId service;
    TextId trace;
    bool parent_is_text;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Consumer {
    std::uint64_t start_ns;
    NodeRef ref;
  };

  [[nodiscard]] TextId sibling(const SpanNode& of, const SpanNode& span, bool* found) const;
  [[nodiscard]] bool before(NodeRef a, NodeRef b) const;

  const SpanIndex& index_;
  const std::vector<Block>& blocks_;
  const model::Symbols& symbols_;
  std::map<Key, std::vector<Consumer>> consumers_;
};

}  // namespace sentinel::ingest
