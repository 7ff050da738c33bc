#include "daemon/window.h"

#include <algorithm>
#include <utility>

namespace sentinel::daemon {

void Window::link_newest(std::uint32_t slot) {
  slots_[slot].newer = kNone;
  slots_[slot].older = newest_;
  if (newest_ != kNone) slots_[newest_].newer = slot;
  newest_ = slot;
  if (oldest_ == kNone) oldest_ = slot;
}

void Window::unlink(std::uint32_t slot) {
  const Slot& s = slots_[slot];
  (s.newer == kNone ? newest_ : slots_[s.newer].older) = s.older;
  (s.older == kNone ? oldest_ : slots_[s.older].newer) = s.newer;
}

void Window::append(Slot& slot, std::span<const model::SpanRecord> spans) {
  const std::size_t cap = limits_.spans_per_trace;
  if (slot.spans.size() + spans.size() <= cap) {
    slot.spans.insert(slot.spans.end(), spans.begin(), spans.end());
    spans_ += spans.size();
    return;
  }
  for (const model::SpanRecord& span : spans) {
    if (slot.spans.size() < cap) {
      slot.spans.push_back(span);
      ++spans_;
      continue;
    }
    slot.spans[slot.first] = span;
    slot.first = static_cast<std::uint32_t>((slot.first + 1) % cap);
    ++ring_drops_;
  }
}

void Window::close(std::uint32_t slot, std::vector<ClosedTrace>& closed) {
  unlink(slot);
  Slot& s = slots_[slot];
  index_.erase(s.trace);
  std::rotate(s.spans.begin(), s.spans.begin() + s.first, s.spans.end());
  spans_ -= s.spans.size();
  closed.push_back({s.trace, std::exchange(s.spans, {})});
  s.first = 0;
  free_.push_back(slot);
}

std::uint32_t Window::free_slot() {
  if (free_.empty()) {
    slots_.emplace_back();
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  return slot;
}

void Window::add(TextId trace, std::span<const model::SpanRecord> spans, std::uint64_t now_ms,
                 std::vector<ClosedTrace>& closed) {
  if (spans.empty()) return;
  std::uint32_t slot = 0;
  if (const auto known = index_.find(trace); known != index_.end()) {
    slot = known->second;
    if (slot != newest_) {
      unlink(slot);
      link_newest(slot);
    }
  } else {
    if (index_.size() >= limits_.traces) {
      ++evictions_;
      close(oldest_, closed);
    }
    slot = free_slot();
    slots_[slot].trace = trace;
    slots_[slot].spans.reserve(std::min(spans.size(), limits_.spans_per_trace));
    index_.emplace(trace, slot);
    link_newest(slot);
  }
  slots_[slot].last_seen_ms = now_ms;
  append(slots_[slot], spans);
}

void Window::expire(std::uint64_t now_ms, std::vector<ClosedTrace>& closed) {
  const std::size_t before = closed.size();
  while (oldest_ != kNone) {
    const std::uint64_t seen = slots_[oldest_].last_seen_ms;
    if (now_ms < seen || now_ms - seen <= limits_.ttl_ms) break;
    close(oldest_, closed);
  }
  std::reverse(closed.begin() + static_cast<std::ptrdiff_t>(before), closed.end());
}

void Window::drain(std::vector<ClosedTrace>& closed) {
  while (oldest_ != kNone) close(oldest_, closed);
}

std::vector<model::SpanRecord> Window::find(TextId trace) const {
  const auto known = index_.find(trace);
  if (known == index_.end()) return {};
  const Slot& slot = slots_[known->second];
  std::vector<model::SpanRecord> spans = slot.spans;
  std::rotate(spans.begin(), spans.begin() + slot.first, spans.end());
  return spans;
}

}  // namespace sentinel::daemon
