// The spans of one document laid out for resolving: where they are and which resource block they belong to. Values only; made
// by Layout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ingest/decoded.h"

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

}  // namespace sentinel::ingest
