#include "analysis/impact/what_if.h"

#include <algorithm>

namespace sentinel::analysis {

void WhatIf::reset() {
  const std::size_t spans = graph_.root() + 1;
  visits_ = 0;
  round_ = 0;
  round_of_.assign(spans, 0);
  parallel_of_.assign(spans, 0);
  length_.resize(spans);
  ends_.resize(spans);
  issues_.resize(spans);
}

void WhatIf::mark(std::uint32_t span, std::int64_t length) {
  round_of_[span] = round_;
  length_[span] = length;
}

WhatIf::Moved WhatIf::deepest() const {
  if (changed_.empty()) return risen_.front();
  return risen_.empty() ? changed_.back() : std::max(changed_.back(), risen_.front());
}

void WhatIf::drop_deepest() {
  ++visits_;
  if (risen_.empty() || (!changed_.empty() && changed_.back() >= risen_.front())) return changed_.pop_back();
  std::pop_heap(risen_.begin(), risen_.end());
  risen_.pop_back();
}

std::uint64_t WhatIf::end_to_end_us(std::span<const Change> changes, std::span<const std::uint32_t> parallel) {
  ++round_;
  changed_.clear();
  risen_.clear();
  for (const Change& change : changes) {
    mark(change.span, change.length);
    if (graph_.slot_of(change.span) != kNoSpan) changed_.push_back(moved(change.span));
  }
  const std::uint32_t chain_parent = parallel.empty() ? kNoSpan : graph_.parent(parallel.front());
  for (const std::uint32_t span : parallel) parallel_of_[span] = round_;
  if (!parallel.empty()) changed_.push_back(moved(parallel.front()));
  if (!std::ranges::is_sorted(changed_)) std::ranges::sort(changed_);

  while (any_moved() && !exhausted()) {
    Moved next = deepest();
    const Moved parent_rank = next >> 32;
    const std::uint32_t parent = graph_.parent(graph_.in_slot(slot_of(next)));
    std::int64_t difference = 0;
    SpanGraph::Range done;
    do {
      const std::uint32_t slot = slot_of(next);
      if (slot < done.first || slot >= done.last) {
        done = parent == chain_parent ? graph_.children(parent) : graph_.cluster(slot);
        const std::int64_t origin = parent == chain_parent ? graph_.start(parent) : graph_.start(graph_.in_slot(done.first));
        difference += replay(done, origin) - recorded(done, origin);
      }
      drop_deepest();
      next = any_moved() ? deepest() : 0;
    } while (next >> 32 == parent_rank && any_moved());
    if (difference == 0 || round_of_[parent] == round_) continue;  // a changed span has the length it was given
    mark(parent, graph_.length(parent) + difference);
    if (graph_.slot_of(parent) == kNoSpan) continue;
    risen_.push_back(moved(parent));
    std::push_heap(risen_.begin(), risen_.end());
  }
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, length(graph_.root())));
}

// From `origin` to the last end of these siblings, as recorded.
std::int64_t WhatIf::recorded(SpanGraph::Range slots, std::int64_t origin) const {
  return graph_.end(graph_.in_slot(graph_.slot_by_end(slots.last - 1))) - origin;
}

// The same with the lengths of this round.
std::int64_t WhatIf::replay(SpanGraph::Range slots, std::int64_t origin) {
  visits_ += slots.last - slots.first;
  std::uint32_t ended = slots.first;  // in order of end
  std::int64_t barrier = origin;      // the last recorded end before the current span
  std::int64_t barrier_now = 0;       // when all that ended before it have ended, from the origin
  std::int64_t issue_now = 0;         // the same for a call of the chain, which does not wait for those before it
  std::int64_t latest = 0;
  for (std::uint32_t slot = slots.first; slot < slots.last; ++slot) {
    const std::uint32_t span = graph_.in_slot(slot);
    const std::int64_t start = graph_.start(span);
    for (; ended < slots.last; ++ended) {
      const std::uint32_t other = graph_.slot_by_end(ended);
      const std::int64_t end = graph_.end(graph_.in_slot(other));
      if (end > start || other >= slot) break;
      barrier = end;
      barrier_now = std::max(barrier_now, ends_[other]);
      issue_now = std::max(issue_now, issues_[other]);
    }
    const bool in_chain = parallel_of_[span] == round_;
    const std::int64_t begin = (in_chain ? issue_now : barrier_now) + (start - barrier);
    ends_[slot] = begin + length(span);
    issues_[slot] = in_chain ? begin : ends_[slot];
    latest = std::max(latest, ends_[slot]);
  }
  return latest;
}

}  // namespace sentinel::analysis
