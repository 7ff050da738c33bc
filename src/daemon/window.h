// The sliding window: traces that spans still arrive for, least recently updated first in line to leave (chapter 05 §4.3-4.4).
//
// A trace leaves when nothing came for longer than its time to live, when the window is full and a new trace comes, or when the
// daemon stops. Each keeps its newest spans up to a cap. Times are milliseconds of a clock that never goes back, given by the
// caller. One thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "model/span_record.h"
#include "model/symbols.h"

namespace sentinel::daemon {

using base::TextId;

// A trace that has left, its spans in order of arrival.
struct ClosedTrace {
  TextId trace = 0;
  std::vector<model::SpanRecord> spans;
};

class Window {
 public:
  struct Limits {
    std::size_t traces = 10'000;
    std::size_t spans_per_trace = 1'000;
    std::uint64_t ttl_ms = 30'000;
  };
  explicit Window(Limits limits) : limits_(limits) {}

  // Takes spans of one trace that arrived together. A trace that has to leave for it goes to `closed`.
  void add(TextId trace, std::span<const model::SpanRecord> spans, std::uint64_t now_ms, std::vector<ClosedTrace>& closed);

  // Moves out every trace that nothing came for in more than the time to live, most recently updated first.
  void expire(std::uint64_t now_ms, std::vector<ClosedTrace>& closed);

  // Moves out every trace, least recently updated first.
  void drain(std::vector<ClosedTrace>& closed);

  [[nodiscard]] std::size_t size() const { return index_.size(); }
  [[nodiscard]] std::uint64_t spans() const { return spans_; }              // held now
  [[nodiscard]] std::uint64_t ring_drops() const { return ring_drops_; }    // spans dropped so far, oldest of their trace
  [[nodiscard]] std::uint64_t lru_evictions() const { return evictions_; }  // traces that left for lack of room, so far

  // The spans of a live trace in order of arrival; empty when it is not here. Does not count as an update.
  [[nodiscard]] std::vector<model::SpanRecord> find(TextId trace) const;

  // Rewrites every record by `move(record)`, which gives the ids of the next generation.
  template <class Move>
  void renew(Move move) {
    index_.clear();
    for (std::uint32_t at = newest_; at != kNone; at = slots_[at].older) {
      for (model::SpanRecord& record : slots_[at].spans) move(record);
      slots_[at].trace = slots_[at].spans.front().trace;
      index_.emplace(slots_[at].trace, at);
    }
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;
  struct Slot {
    TextId trace = 0;
    std::uint32_t newer = kNone;
    std::uint32_t older = kNone;
    std::uint32_t first = 0;  // oldest span, once the ring is full
    std::uint64_t last_seen_ms = 0;
    std::vector<model::SpanRecord> spans;
  };

  void link_newest(std::uint32_t slot);
  void unlink(std::uint32_t slot);
  void append(Slot& slot, std::span<const model::SpanRecord> spans);
  void close(std::uint32_t slot, std::vector<ClosedTrace>& closed);
  std::uint32_t free_slot();

  Limits limits_;
  boost::unordered_flat_map<TextId, std::uint32_t> index_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::uint32_t newest_ = kNone;
  std::uint32_t oldest_ = kNone;
  std::uint64_t spans_ = 0;
  std::uint64_t ring_drops_ = 0;
  std::uint64_t evictions_ = 0;
};

}  // namespace sentinel::daemon
