#include "analysis/impact/span_graph.h"

#include <algorithm>
#include <tuple>

namespace sentinel::analysis {

namespace {

constexpr std::uint64_t kFarthestUs = std::uint64_t{1} << 60;  // times saturate here, so that sums of a few cannot overflow

std::int64_t saturated(std::uint64_t us) { return static_cast<std::int64_t>(std::min(us, kFarthestUs)); }

}  // namespace

void SpanGraph::build(std::span<const GraphSpan> spans) {
  count_ = static_cast<std::uint32_t>(spans.size());
  link(spans);
  rank_spans();
  correct(spans);
  order_children();
  walk_critical_path();
}

// Parents, without those that cannot be: unplaced ones, and one of each circle, where the walk up from its first span closes
// it.
void SpanGraph::link(std::span<const GraphSpan> spans) {
  parent_.resize(count_ + 1);
  std::uint32_t* const parent = parent_.data();
  parent[count_] = kNoSpan;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const std::uint32_t above = spans[i].parent;
    parent[i] = above < count_ && spans[above].placed ? above : count_;
  }
  scratch_.assign(count_ + 1, 0);
  std::uint32_t* const walked = scratch_.data();  // by span: the walk that came by, plus one
  walked[count_] = kNoSpan;
  for (std::uint32_t i = 0; i < count_; ++i) {
    for (std::uint32_t at = i; walked[at] == 0; at = parent[at]) {
      walked[at] = i + 1;
      if (walked[parent[at]] == i + 1) parent[parent[at]] = count_;
    }
  }
}

// Numbers all spans so that those below a span follow it without a gap.
void SpanGraph::rank_spans() {
  const std::uint32_t* const parent = parent_.data();
  first_slot_.assign(count_ + 3, 0);
  std::uint32_t* const first = first_slot_.data();
  for (std::uint32_t i = 0; i < count_; ++i) ++first[parent[i] + 2];
  for (std::uint32_t i = 2; i < count_ + 3; ++i) first[i] += first[i - 1];
  links_.resize(count_);
  std::uint32_t* const links = links_.data();
  for (std::uint32_t i = 0; i < count_; ++i) links[first[parent[i] + 1]++] = i;

  rank_.resize(count_ + 1);
  order_.resize(count_ + 1);
  below_.resize(count_ + 1);
  scratch_.resize(count_ + 1);
  std::uint32_t* const rank = rank_.data();
  std::uint32_t* const order = order_.data();
  std::uint32_t* const below = below_.data();
  std::uint32_t* const stack = scratch_.data();
  std::uint32_t waiting = 1;
  stack[0] = count_;
  for (std::uint32_t next = 0; waiting > 0; ++next) {
    const std::uint32_t at = stack[--waiting];
    rank[at] = next;
    below[at] = next + 1;
    order[next] = at;
    for (std::uint32_t k = first[at + 1]; k-- > first[at];) stack[waiting++] = links[k];
  }
  for (std::uint32_t k = count_; k > 0; --k) {
    std::uint32_t& above = below[parent[order[k]]];
    above = std::max(above, below[order[k]]);
  }
}

// Times that fit into each other, from the top down.
void SpanGraph::correct(std::span<const GraphSpan> spans) {
  std::uint64_t earliest = UINT64_MAX;
  for (const GraphSpan& s : spans) {
    if (s.placed) earliest = std::min(earliest, s.start_us);
  }
  start_.assign(count_ + 1, 0);
  end_.assign(count_ + 1, 0);
  shift_.assign(count_ + 1, 0);
  detached_.assign(count_ + 1, 0);
  attached_.assign(count_ + 1, 1);
  std::int64_t low = INT64_MAX;
  std::int64_t high = 0;
  for (const std::uint32_t i : std::span(order_).subspan(1)) {
    const GraphSpan& s = spans[i];
    const std::uint32_t above = parent_[i];
    if (!s.placed) {
      detached_[i] = 1;
      attached_[i] = 0;
      continue;
    }
    const std::int64_t shift = shift_[above];
    const std::int64_t start = saturated(s.start_us - earliest) + shift;
    const std::int64_t end = start + saturated(s.duration_us);
    shift_[i] = shift;
    start_[i] = start;
    end_[i] = end;
    attached_[i] = attached_[above];
    if (above == count_) {
      low = std::min(low, start);
      high = std::max(high, end);
    } else if (start < start_[above] || end > end_[above]) {
      place_in_parent(s, spans[above], i, above);
    }
  }
  start_[count_] = low == INT64_MAX ? 0 : low;
  end_[count_] = high;
}

// A span that sticks out of its parent.
void SpanGraph::place_in_parent(const GraphSpan& span, const GraphSpan& parent, std::uint32_t i, std::uint32_t above) {
  const std::int64_t early = start_[above] - start_[i];
  const std::int64_t late = end_[i] - end_[above];
  const bool by_rounding = early <= kRoundingUs && late <= kRoundingUs;
  const bool fits = length(i) <= length(above);
  if (!by_rounding && fits && !span.consumer && span.service != parent.service) {  // another machine's clock
    const std::int64_t move = early > 0 ? early : -late;
    shift_[i] += move;
    start_[i] += move;
    end_[i] += move;
    return;
  }
  if (late > kClockGrainUs) {
    detached_[i] = 1;
    attached_[i] = 0;
    return;
  }
  start_[i] = std::clamp(start_[i], start_[above], end_[above]);
  end_[i] = std::clamp(end_[i], start_[i], end_[above]);
}

// Gives each span its range of slots: its children that are waited for. These are the links of rank_spans(), but for what is
// detached.
void SpanGraph::share_out_slots() {
  by_start_.swap(links_);
  if (std::ranges::find(detached_, 1) == detached_.end()) return;
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i <= count_; ++i) {
    const Range range = children(i);
    first_slot_[i] = kept;
    for (std::uint32_t k = range.first; k < range.last; ++k) {
      if (detached_[by_start_[k]] == 0) by_start_[kept++] = by_start_[k];
    }
  }
  first_slot_[count_ + 1] = kept;
  by_start_.resize(kept);
}

void SpanGraph::order_children() {
  share_out_slots();
  slot_of_.assign(count_ + 1, kNoSpan);
  by_end_.resize(by_start_.size());
  cluster_first_.resize(by_start_.size());
  for (std::uint32_t i = 0; i <= count_; ++i) {
    const Range range = children(i);
    if (range.first != range.last) order_siblings(range);
  }
}

// By start, and slots by end; a cluster begins where all before it have ended.
void SpanGraph::order_siblings(Range range) {
  const auto starts_earlier = [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(start_[a], end_[a], a) < std::tie(start_[b], end_[b], b);
  };
  const std::span siblings = std::span(by_start_).subspan(range.first, range.last - range.first);
  if (!std::ranges::is_sorted(siblings, starts_earlier)) std::ranges::sort(siblings, starts_earlier);
  std::int64_t open_until = end_[siblings.front()];
  bool end_in_order = true;
  for (std::uint32_t k = range.first; k < range.last; ++k) {
    const std::uint32_t span = by_start_[k];
    slot_of_[span] = k;
    by_end_[k] = k;
    const bool opens = k == range.first || open_until <= start_[span];
    cluster_first_[k] = opens ? k : cluster_first_[k - 1];
    end_in_order = end_in_order && open_until <= end_[span];
    open_until = std::max(open_until, end_[span]);
  }
  if (end_in_order) return;
  const auto ends_earlier = [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(end_[by_start_[a]], a) < std::tie(end_[by_start_[b]], b);
  };
  std::ranges::sort(std::span(by_end_).subspan(range.first, siblings.size()), ends_earlier);
}

SpanGraph::Range SpanGraph::cluster(std::uint32_t slot) const {
  const std::uint32_t last = children(parent_[by_start_[slot]]).last;
  Range range{cluster_first_[slot], slot + 1};
  while (range.last < last && cluster_first_[range.last] == range.first) ++range.last;
  return range;
}

void SpanGraph::walk_critical_path() {
  critical_.assign(count_ + 1, 0);
  std::uint32_t* const stack = scratch_.data();  // room for all spans
  std::uint32_t waiting = 1;
  stack[0] = count_;
  while (waiting > 0) {
    const std::uint32_t at = stack[--waiting];
    critical_[at] = 1;
    const Range range = children(at);
    std::int64_t cursor = end_[at];
    // From the last end back; of equal ends the longest, which stands first among them.
    for (std::uint32_t k = range.last; k > range.first;) {
      const std::uint32_t last = k;
      const std::int64_t end = end_[by_start_[by_end_[--k]]];
      while (k > range.first && end_[by_start_[by_end_[k - 1]]] == end) --k;
      for (std::uint32_t same = k; same < last && end <= cursor; ++same) {
        const std::uint32_t child = by_start_[by_end_[same]];
        cursor = start_[child];
        stack[waiting++] = child;
      }
    }
  }
}

std::uint64_t SpanGraph::critical_us(std::span<std::uint32_t> spans) const {
  const auto rank = [&](std::uint32_t i) { return rank_[i]; };
  if (!std::ranges::is_sorted(spans, {}, rank)) std::ranges::sort(spans, {}, rank);
  std::int64_t sum = 0;
  std::uint32_t counted_to = 0;  // ranks below this are inside a span that has been counted
  for (const std::uint32_t i : spans) {
    if (critical_[i] == 0 || rank_[i] < counted_to) continue;
    sum += length(i);
    counted_to = below_[i];
  }
  return static_cast<std::uint64_t>(sum);
}

}  // namespace sentinel::analysis
