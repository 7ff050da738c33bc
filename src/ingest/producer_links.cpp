#include "ingest/producer_links.h"

#include <algorithm>

#include "base/log.h"

namespace sentinel::ingest {

namespace {

constexpr int kLinkHops = 8;

std::string_view id_text(const model::Symbols& symbols, const SpanNode& node, std::span<char> buffer) {
  model::SpanRecord record;
  record.span_id = node.span_id;
  if (node.has(kNodeIdIsText)) record.flags |= model::kSpanIdIsText;
  return model::span_id_text(symbols, record, buffer);
}

}  // namespace

// Order among consumers of one start: by the bytes of their ids.
bool ProducerLinks::before(NodeRef a, NodeRef b) const {
  char left[16];
  char right[16];
  return id_text(symbols_, index_.node(a), left) < id_text(symbols_, index_.node(b), right);
}

void ProducerLinks::build(const Document& document, std::span<const Decoded> batches) {
  consumers_.clear();
  std::unordered_map<TextId, std::size_t> listed;
  bool warned = false;
  for (const NodeRange& range : document.ranges) {
    for (std::uint32_t i = range.first; i < range.last; ++i) {
      const SpanNode& n = batches[range.batch].nodes[i];
      if (n.kind != SpanKind::kConsumer || !n.has(kNodeHasLink) || !n.has(kNodeHasParent)) {
        // A consumer without a parent can only be an ancestor: the key keeps the service's list from being empty.
        if (n.kind == SpanKind::kConsumer && n.has(kNodeHasLink))
          consumers_[{0, blocks_[n.block].service, base::kNoText, true}];
        continue;
      }
      const TextId service = blocks_[n.block].service;
      if (++listed[service] > kIndexedSpans) {
        if (!warned)
          base::log_warn("ingest", "a service has more than 100000 linked consumer spans in one document: the rest is ignored");
        warned = true;
        continue;
      }
      consumers_[{n.parent_id, service, n.trace, n.has(kNodeParentIsText)}].push_back({n.start_ns, {range.batch, i}});
    }
  }
  for (auto& [key, list] : consumers_) {
    std::ranges::stable_sort(list, [&](const Consumer& a, const Consumer& b) {
      return a.start_ns != b.start_ns ? a.start_ns < b.start_ns : before(a.ref, b.ref);
    });
  }
}

// The latest consumer beside `of` that began no later than it, other than `span` itself: *found tells whether there is one.
TextId ProducerLinks::sibling(const SpanNode& of, const SpanNode& span, bool* found) const {
  *found = false;
  if (!of.has(kNodeHasParent) || of.has(kNodeZeroParent)) return base::kNoText;
  const auto list = consumers_.find({of.parent_id, blocks_[span.block].service, span.trace, of.has(kNodeParentIsText)});
  if (list == consumers_.end()) return base::kNoText;
  auto at = std::ranges::upper_bound(list->second, of.start_ns, {}, &Consumer::start_ns);
  while (at != list->second.begin()) {
    --at;
    const SpanNode& consumer = index_.node(at->ref);
    if (consumer.same_id(span)) continue;
    *found = consumer.link != base::kNoText;
    return consumer.link;
  }
  return base::kNoText;
}

TextId ProducerLinks::link_of(const SpanNode& span) const {
  bool found = false;
  TextId link = sibling(span, span, &found);
  if (found) return link;
  const SpanNode* at = &span;
  for (int hop = 0; hop < kLinkHops; ++hop) {
    const NodeRef parent = index_.parent(*at);
    if (!parent) break;
    const SpanNode& ancestor = index_.node(parent);
    if (ancestor.trace != span.trace || ancestor.same_id(span)) break;
    if (ancestor.kind == SpanKind::kConsumer && ancestor.link != base::kNoText) return ancestor.link;
    link = sibling(ancestor, span, &found);
    if (found) return link;
    at = &ancestor;
  }
  return base::kNoText;
}

}  // namespace sentinel::ingest
