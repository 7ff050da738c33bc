#include "daemon/window.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sentinel::daemon {
namespace {

// Spans of one trace, told apart by their duration.
std::vector<model::SpanRecord> spans(TextId trace, std::uint64_t first, std::size_t count) {
  std::vector<model::SpanRecord> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    out[i].trace = trace;
    out[i].duration_us = first + i;
  }
  return out;
}

std::vector<TextId> traces(const std::vector<ClosedTrace>& closed) {
  std::vector<TextId> ids;
  for (const ClosedTrace& trace : closed) ids.push_back(trace.trace);
  return ids;
}

std::vector<std::uint64_t> durations(const std::vector<model::SpanRecord>& records) {
  std::vector<std::uint64_t> out;
  for (const model::SpanRecord& record : records) out.push_back(record.duration_us);
  return out;
}

using Ids = std::vector<TextId>;
using Numbers = std::vector<std::uint64_t>;

TEST(Window, spans_of_a_trace_stay_together_in_order_of_arrival) {
  Window window({.traces = 4, .spans_per_trace = 10, .ttl_ms = 100});
  std::vector<ClosedTrace> closed;
  window.add(7, spans(7, 1, 2), 0, closed);
  window.add(8, spans(8, 50, 1), 0, closed);
  window.add(7, spans(7, 3, 2), 0, closed);
  EXPECT_TRUE(closed.empty());
  EXPECT_EQ(window.size(), 2U);
  EXPECT_EQ(window.spans(), 5U);
  EXPECT_EQ(durations(window.find(7)), (Numbers{1, 2, 3, 4}));
  EXPECT_TRUE(window.find(9).empty());
}

TEST(Window, a_trace_leaves_only_when_idle_for_longer_than_its_time) {
  Window window({.traces = 4, .spans_per_trace = 10, .ttl_ms = 100});
  std::vector<ClosedTrace> closed;
  window.add(1, spans(1, 1, 1), 1000, closed);
  window.expire(1100, closed);
  EXPECT_TRUE(closed.empty());
  window.expire(1101, closed);
  EXPECT_EQ(traces(closed), (Ids{1}));
  EXPECT_EQ(window.size(), 0U);
  EXPECT_EQ(window.spans(), 0U);
}

TEST(Window, expired_traces_come_most_recently_updated_first) {
  Window window({.traces = 8, .spans_per_trace = 10, .ttl_ms = 100});
  std::vector<ClosedTrace> closed;
  for (TextId id = 1; id <= 3; ++id) window.add(id, spans(id, id, 1), id, closed);
  window.add(1, spans(1, 9, 1), 4, closed);    // 1 is the most recent now
  window.add(5, spans(5, 5, 1), 500, closed);  // and 5 stays
  window.expire(300, closed);
  EXPECT_EQ(traces(closed), (Ids{1, 3, 2}));
  EXPECT_EQ(window.size(), 1U);
}

TEST(Window, a_clock_behind_the_last_span_expires_nothing) {
  Window window({.traces = 8, .spans_per_trace = 10, .ttl_ms = 0});
  std::vector<ClosedTrace> closed;
  window.add(1, spans(1, 1, 1), 1000, closed);
  window.expire(10, closed);
  EXPECT_TRUE(closed.empty());
}

TEST(Window, a_full_window_lets_go_of_the_least_recently_updated_trace_first) {
  Window window({.traces = 2, .spans_per_trace = 10, .ttl_ms = 100});
  std::vector<ClosedTrace> closed;
  window.add(1, spans(1, 1, 1), 0, closed);
  window.add(2, spans(2, 2, 1), 0, closed);
  window.add(1, spans(1, 3, 1), 0, closed);
  EXPECT_TRUE(closed.empty());
  window.add(3, spans(3, 4, 1), 0, closed);
  EXPECT_EQ(traces(closed), (Ids{2}));
  EXPECT_EQ(window.lru_evictions(), 1U);
  EXPECT_EQ(window.size(), 2U);
  window.add(2, spans(2, 5, 1), 0, closed);  // a new trace of the same id
  EXPECT_EQ(traces(closed), (Ids{2, 1}));
  EXPECT_EQ(durations(closed[1].spans), (Numbers{1, 3}));
}

TEST(Window, a_trace_keeps_its_newest_spans) {
  Window window({.traces = 2, .spans_per_trace = 3, .ttl_ms = 100});
  std::vector<ClosedTrace> closed;
  window.add(1, spans(1, 1, 3), 0, closed);
  EXPECT_EQ(window.ring_drops(), 0U);
  window.add(1, spans(1, 4, 1), 0, closed);
  EXPECT_EQ(window.ring_drops(), 1U);
  EXPECT_EQ(durations(window.find(1)), (Numbers{2, 3, 4}));
  window.add(1, spans(1, 5, 7), 0, closed);
  EXPECT_EQ(durations(window.find(1)), (Numbers{9, 10, 11}));
  EXPECT_EQ(window.spans(), 3U);
  EXPECT_EQ(window.ring_drops(), 8U);
  window.drain(closed);
  EXPECT_EQ(durations(closed[0].spans), (Numbers{9, 10, 11}));
}

TEST(Window, more_spans_at_once_than_a_trace_may_hold_leave_its_newest) {
  Window window({.traces = 2, .spans_per_trace = 3, .ttl_ms = 100});
  std::vector<ClosedTrace> closed;
  window.add(1, spans(1, 1, 10), 0, closed);
  EXPECT_EQ(durations(window.find(1)), (Numbers{8, 9, 10}));
  EXPECT_EQ(window.ring_drops(), 7U);
}

TEST(Window, draining_gives_the_least_recently_updated_first) {
  Window window({.traces = 8, .spans_per_trace = 10, .ttl_ms = 100});
  std::vector<ClosedTrace> closed;
  for (TextId id = 1; id <= 3; ++id) window.add(id, spans(id, id, 1), id, closed);
  window.add(1, spans(1, 9, 1), 4, closed);
  window.drain(closed);
  EXPECT_EQ(traces(closed), (Ids{2, 3, 1}));
  EXPECT_EQ(window.size(), 0U);
}

TEST(Window, renewing_gives_every_record_its_new_ids_and_finds_traces_by_them) {
  Window window({.traces = 8, .spans_per_trace = 10, .ttl_ms = 100});
  std::vector<ClosedTrace> closed;
  for (TextId id = 1; id <= 3; ++id) window.add(id, spans(id, id, 1), id, closed);
  window.renew([](model::SpanRecord& record) { record.trace += 100; });
  EXPECT_TRUE(window.find(2).empty());
  EXPECT_EQ(durations(window.find(102)), (Numbers{2}));
  window.add(101, spans(101, 7, 1), 9, closed);
  EXPECT_EQ(window.size(), 3U);
  window.drain(closed);
  EXPECT_EQ(traces(closed), (Ids{102, 103, 101}));
}

}  // namespace
}  // namespace sentinel::daemon
