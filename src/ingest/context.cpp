#include "ingest/context.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/parallel.h"
#include "ingest/decoded.h"

namespace sentinel::ingest {

using model::ContextSpan;

struct Context::Batch {
  std::vector<SpanNode> nodes;
  std::vector<DroppedSpan> dropped;
};

namespace {

ContextSpan context_span(const SpanNode& node, const DroppedSpan& facts, std::span<const TextId> services) {
  constexpr std::uint16_t kKeptFlags = kNodeIdIsText | kNodeParentIsText | kNodeHasParent;  // of the same values in both
  static_assert(kKeptFlags == (ContextSpan::kTextId | ContextSpan::kTextParentId | ContextSpan::kWithParent));
  const int consumer = node.kind == SpanKind::kConsumer ? +ContextSpan::kConsumer : 0;
  return {.span_id = node.span_id,
          .parent_id = node.parent_id,
          .start_us = node.start_ns / 1000,
          .duration_us = facts.duration_us,
          .trace = node.trace,
          .service = services.empty() ? facts.service : services[node.block],
          .flags = static_cast<std::uint8_t>((node.flags & kKeptFlags) | consumer)};
}

}  // namespace

Context::Context() = default;
Context::Context(Context&& other) noexcept = default;
Context& Context::operator=(Context&& other) noexcept = default;
Context::~Context() = default;

void Context::take(std::span<Decoded> batches, std::vector<TextId> services) {
  services_ = std::move(services);
  for (Decoded& batch : batches) batches_.push_back({std::move(batch.nodes), std::move(batch.dropped)});
}

std::vector<std::vector<ContextSpan>> Context::of(std::span<const char> wanted, unsigned threads) const {
  constexpr std::size_t kBatchesPerPiece = 32;
  std::vector<std::vector<ContextSpan>> out((batches_.size() + kBatchesPerPiece - 1) / kBatchesPerPiece);
  base::parallel_for(threads, out.size(), [&](std::size_t piece) {
    std::vector<ContextSpan> spans;
    const auto from = std::span(batches_).subspan(piece * kBatchesPerPiece);
    for (const Batch& batch : from.first(std::min(from.size(), kBatchesPerPiece))) {
      for (const SpanNode& node : batch.nodes) {
        if (node.drop == DropReason::kNone || wanted[node.trace] == 0) continue;
        spans.push_back(context_span(node, batch.dropped[node.record], services_));
      }
    }
    out[piece] = std::move(spans);
  });
  return out;
}

}  // namespace sentinel::ingest
