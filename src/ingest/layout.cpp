#include "ingest/layout.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/parallel.h"

namespace sentinel::ingest {

namespace {

// More than this is not kept from a large input for the next.
constexpr std::size_t kKept = 4096;

template <class T>
void empty(std::vector<T>& list) {
  if (list.capacity() > kKept) list = {};
  list.clear();
}

void extend(std::vector<NodeRange>& ranges, std::uint32_t batch, std::uint32_t first, std::uint32_t last) {
  if (!ranges.empty() && ranges.back().batch == batch && ranges.back().last == first) {
    ranges.back().last = last;
  } else {
    ranges.push_back({batch, first, last});
  }
}

}  // namespace

void Layout::begin(std::size_t batches) {
  empty(documents_);
  empty(blocks_);
  empty(scope_names_);
  scope_names_.push_back(base::kNoText);
  segments_.resize(batches);
  for (std::vector<Segment>& of_batch : segments_) empty(of_batch);
  flags_.assign(batches, 0);
  scope_ = 0;
  in_block_ = false;
}

void Layout::read(std::span<const Decoded> batches, const Format& format, TextId no_service) {
  begin(batches.size());
  if (format.resolve == ResolveRule::kService) {
    for (std::uint32_t b = 0; b < batches.size(); ++b) read_batch(batches[b], b, no_service);
    if (!documents_.empty()) documents_.back().last_block = static_cast<std::uint32_t>(blocks_.size());
    return;
  }
  documents_.emplace_back();  // one of all there is
  for (std::uint32_t b = 0; b < batches.size(); ++b) {
    if (const std::size_t nodes = batches[b].nodes.size(); nodes > 0) {
      documents_[0].ranges.push_back({b, 0, static_cast<std::uint32_t>(nodes)});
    }
  }
}

void Layout::read_batch(const Decoded& batch, std::uint32_t b, TextId no_service) {
  std::uint32_t at = 0;
  const auto advance = [&](std::uint32_t to) {
    if (to == at) return;
    segments_[b].push_back({at, static_cast<std::uint32_t>(blocks_.size()) - 1, scope_, 0});
    extend(documents_.back().ranges, b, at, to);
    extend(blocks_.back().ranges, b, at, to);
    at = to;
  };
  for (const Mark& mark : batch.marks) {
    advance(mark.node);
    switch (mark.step) {
      case Step::kDocumentBegin:
        documents_.push_back({{}, static_cast<std::uint32_t>(blocks_.size()), 0});
        break;
      case Step::kDocumentEnd:
        documents_.back().last_block = static_cast<std::uint32_t>(blocks_.size());
        break;
      case Step::kBlockBegin:
        blocks_.push_back({no_service, 0, 0, {}});
        in_block_ = true;
        break;
      case Step::kResource: {
        const ResourceFacts& facts = batch.resources[mark.resource];
        if (facts.service != base::kNoText) blocks_.back().service = facts.service;
        blocks_.back().region = facts.region;
        blocks_.back().captured = facts.grouping;
        break;
      }
      case Step::kBlockEnd:
        in_block_ = false;
        break;
      case Step::kScopeBegin:
        scope_ = static_cast<std::uint32_t>(scope_names_.size());
        scope_names_.push_back(base::kNoText);
        break;
      case Step::kScope:
        scope_names_.back() = mark.scope;
        break;
      default:
        break;
    }
  }
  if (in_block_) advance(static_cast<std::uint32_t>(batch.nodes.size()));
}

// The node after a segment's last.
std::size_t Layout::end_of(std::size_t batch, std::size_t segment, const Decoded& decoded) const {
  const std::vector<Segment>& of_batch = segments_[batch];
  return segment + 1 < of_batch.size() ? of_batch[segment + 1].first : decoded.nodes.size();
}

void Layout::number_spans(std::span<Decoded> batches, unsigned threads) {
  base::parallel_for(threads, batches.size(), [&](std::size_t b) {
    std::vector<SpanNode>& nodes = batches[b].nodes;
    unsigned flags = 0;
    for (std::size_t s = 0; s < segments_[b].size(); ++s) {
      Segment& segment = segments_[b][s];
      const std::size_t last = end_of(b, s, batches[b]);
      for (std::size_t i = segment.first; i < last; ++i) {
        nodes[i].block = segment.block;
        nodes[i].scope = scope_names_[segment.scope];
        flags |= nodes[i].flags;
        segment.urls += nodes[i].has(kNodeHttpUrl) ? 1 : 0;
      }
    }
    flags_[b] = flags;
  });
}

std::uint64_t Layout::uncounted_urls(std::span<const Decoded> batches) const {
  std::uint64_t urls = 0;
  std::uint32_t block = 0;
  std::size_t seen = 0;  // of the block's spans
  for (std::size_t b = 0; b < batches.size(); ++b) {
    for (std::size_t s = 0; s < segments_[b].size(); ++s) {
      const Segment& segment = segments_[b][s];
      if (std::exchange(block, segment.block) != segment.block) seen = 0;
      const std::size_t end = end_of(b, s, batches[b]);
      const std::size_t cached = std::min(kIndexedSpans - seen, end - segment.first);
      seen += cached;
      if (cached == 0) {
        urls += segment.urls;
      } else {
        for (std::size_t i = segment.first + cached; i < end; ++i) urls += batches[b].nodes[i].has(kNodeHttpUrl) ? 1 : 0;
      }
    }
  }
  return urls;
}

bool Layout::has_links(const Document& document) const {
  return std::ranges::any_of(document.ranges,
                             [&](const NodeRange& range) { return (flags_[range.batch] & kNodeHasLink) != 0; });
}

}  // namespace sentinel::ingest
