// How long a trace would take if some of its spans took another time: replays the span graph (docs/impact.md).
//
// What is kept: a span begins as long after the last of the siblings that had ended before it as it did (or after its parent's
// begin), and its parent ends as long after the last of its children as it did. These gaps are its own work. Siblings that
// overlapped stay independent. A replay without changes gives the recorded times. Only what a change touches is computed again:
// the cluster of overlapping siblings around it, and the same one level up as long as something moved.
//
// The graph must outlive the object and stay as it is. One thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/impact/span_graph.h"

namespace sentinel::analysis {

class WhatIf {
 public:
  // What one trace's replays may cost together, in spans visited: some tenths of a second. Past it end_to_end_us() is not exact
  // and exhausted() true.
  static constexpr std::uint64_t kMostVisits = 50'000'000;

  explicit WhatIf(const SpanGraph& graph) : graph_(graph) {}

  // The graph has been built anew.
  void reset();

  // A span, with all below it, takes this long instead.
  struct Change {
    std::uint32_t span = 0;
    std::int64_t length = 0;
  };
  // Time from the begin of the trace to its end. `parallel`: children of one span that do not wait for each other any more; own
  // work between them still comes one after the other. Detached spans change nothing.
  [[nodiscard]] std::uint64_t end_to_end_us(std::span<const Change> changes, std::span<const std::uint32_t> parallel = {});

  [[nodiscard]] bool exhausted() const { return visits_ > kMostVisits; }
  void limit(std::uint64_t visits) { visits_ = kMostVisits - visits; }  // for tests: so many visits are left

 private:
  void mark(std::uint32_t span, std::int64_t length);
  [[nodiscard]] std::int64_t length(std::uint32_t span) const {
    return round_of_[span] == round_ ? length_[span] : graph_.length(span);
  }
  // A child whose length is another, and its parent, which is to be computed: the rank of the parent above the slot, so that
  // deepest parents are the largest.
  using Moved = std::uint64_t;
  [[nodiscard]] Moved moved(std::uint32_t span) const {
    return Moved{graph_.rank(graph_.parent(span))} << 32 | graph_.slot_of(span);
  }
  static std::uint32_t slot_of(Moved moved) { return static_cast<std::uint32_t>(moved); }
  [[nodiscard]] bool any_moved() const { return !changed_.empty() || !risen_.empty(); }
  [[nodiscard]] Moved deepest() const;
  void drop_deepest();
  [[nodiscard]] std::int64_t replay(SpanGraph::Range slots, std::int64_t origin);
  [[nodiscard]] std::int64_t recorded(SpanGraph::Range slots, std::int64_t origin) const;

  const SpanGraph& graph_;
  std::uint64_t visits_ = 0;
  std::uint32_t round_ = 0;
  std::vector<std::uint32_t> round_of_;     // by span: the round that length_ is of
  std::vector<std::int64_t> length_;        // by span
  std::vector<std::uint32_t> parallel_of_;  // by span: the round in which it is one of `parallel`
  std::vector<std::int64_t> ends_;          // by slot
  std::vector<std::int64_t> issues_;        // by slot: where the chain of parallel calls goes on
  std::vector<Moved> changed_;              // by the changes asked for, deepest parent last
  std::vector<Moved> risen_;                // by changes below them: a heap
};

}  // namespace sentinel::analysis
