// The spans of one trace as a tree in time: who waits for whom, how long the whole took, and the path that decided it
// (docs/impact.md).
//
// Times are made consistent first: a child is moved or cut into its parent's time, or found to be detached, which nobody waits
// for. The critical path is walked from the end of the trace back: of a span's children the one that finished last, then the
// one that finished last before that one began, and so on down. Spans are named by their place in the input; `root()` is the
// trace itself, which spans hang from that have no parent in it. Linear but for sorting. Memory is kept from trace to trace;
// one thread at a time, any number of readers between two builds.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sentinel::analysis {

inline constexpr std::uint32_t kNoSpan = 0xFFFF'FFFF;

// A span as it was recorded.
struct GraphSpan {
  std::uint64_t start_us = 0;
  std::uint64_t duration_us = 0;
  std::uint32_t parent = kNoSpan;
  std::uint32_t service = 0;
  bool placed = true;     // false: its start is not known, it takes no part
  bool consumer = false;  // handles a message: its clock is not corrected by its parent's
};

class SpanGraph {
 public:
  // How far a child may reach over its parent before that means anything: the rounding of starts and durations to microseconds,
  // and of starts to milliseconds in formats that have no finer ones.
  static constexpr std::int64_t kRoundingUs = 1;
  static constexpr std::int64_t kClockGrainUs = 1000;

  void build(std::span<const GraphSpan> spans);

  [[nodiscard]] std::uint32_t root() const { return count_; }
  [[nodiscard]] std::uint64_t end_to_end_us() const { return static_cast<std::uint64_t>(length(root())); }

  // Corrected times, in microseconds since the earliest start of the trace.
  [[nodiscard]] std::int64_t start(std::uint32_t span) const { return start_[span]; }
  [[nodiscard]] std::int64_t end(std::uint32_t span) const { return end_[span]; }
  [[nodiscard]] std::int64_t length(std::uint32_t span) const { return end_[span] - start_[span]; }

  // root() for spans without a parent in the trace.
  [[nodiscard]] std::uint32_t parent(std::uint32_t span) const { return parent_[span]; }
  // False for detached spans, those below them, and those without a known start: what they do, the trace does not wait for.
  [[nodiscard]] bool attached(std::uint32_t span) const { return attached_[span] != 0; }
  [[nodiscard]] bool on_critical_path(std::uint32_t span) const { return critical_[span] != 0; }

  // A number that is larger for a span than for all above it.
  [[nodiscard]] std::uint32_t rank(std::uint32_t span) const { return rank_[span]; }

  // Time on the critical path inside these spans or below them, each moment once. Reorders `spans`.
  [[nodiscard]] std::uint64_t critical_us(std::span<std::uint32_t> spans) const;

  // The children that a span waits for stand in one range of slots, by start, end and place. Slots of a range can also be asked
  // for in order of end.
  struct Range {
    std::uint32_t first = 0;
    std::uint32_t last = 0;  // one past
  };
  [[nodiscard]] Range children(std::uint32_t span) const { return {first_slot_[span], first_slot_[span + 1]}; }
  [[nodiscard]] std::uint32_t in_slot(std::uint32_t slot) const { return by_start_[slot]; }
  [[nodiscard]] std::uint32_t slot_by_end(std::uint32_t i) const { return by_end_[i]; }
  [[nodiscard]] std::uint32_t slot_of(std::uint32_t span) const { return slot_of_[span]; }  // kNoSpan: nobody waits for it
  // Siblings of a cluster overlap one another, directly or through others; all before it have ended when it begins.
  [[nodiscard]] Range cluster(std::uint32_t slot) const;

 private:
  void link(std::span<const GraphSpan> spans);
  void rank_spans();
  void correct(std::span<const GraphSpan> spans);
  void place_in_parent(const GraphSpan& span, const GraphSpan& parent, std::uint32_t i, std::uint32_t above);
  void share_out_slots();
  void order_children();
  void order_siblings(Range range);
  void walk_critical_path();

  std::uint32_t count_ = 0;
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> order_;  // parents before children
  std::vector<std::uint32_t> rank_;
  std::vector<std::uint32_t> below_;  // one past the largest rank below a span
  std::vector<std::int64_t> start_, end_, shift_;
  std::vector<char> detached_, attached_, critical_;
  std::vector<std::uint32_t> first_slot_, by_start_, by_end_, slot_of_, cluster_first_;
  std::vector<std::uint32_t> scratch_, links_;
};

}  // namespace sentinel::analysis
