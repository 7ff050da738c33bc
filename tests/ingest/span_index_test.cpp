// Which span an id finds, however many threads entered the spans: held to the rule applied one span after another.
#include "ingest/span_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <tuple>
#include <vector>

namespace sentinel::ingest::test {
namespace {

constexpr std::uint64_t kFewIds = 700;  // so that most ids repeat, often at places that several threads enter at once

// Spans of a few realms in many batches, more in some than in others.
std::vector<Decoded> random_batches(unsigned seed, std::size_t batches) {
  std::mt19937 random(seed);
  std::vector<Decoded> out(batches);
  for (Decoded& batch : out) {
    batch.nodes.resize(random() % 400);
    for (SpanNode& n : batch.nodes) {
      n.span_id = random() % kFewIds;
      n.trace = static_cast<TextId>(random() % 3);
      n.block = static_cast<std::uint32_t>(random() % 3);
      n.kind = random() % 2 == 0 ? SpanKind::kClient : SpanKind::kServer;
      if (random() % 4 == 0) n.flags |= kNodeIdIsText;
    }
  }
  return out;
}

Document document_of(const std::vector<Decoded>& batches) {
  Document document;
  for (std::uint32_t b = 0; b < batches.size(); ++b) {
    document.ranges.push_back({b, 0, static_cast<std::uint32_t>(batches[b].nodes.size())});
  }
  return document;
}

NodeRef found_for(const SpanIndex& index, const SpanNode& wanted) {
  SpanNode child;
  child.parent_id = wanted.span_id;
  child.trace = wanted.trace;
  child.block = wanted.block;
  child.flags = static_cast<std::uint16_t>(kNodeHasParent | (wanted.has(kNodeIdIsText) ? kNodeParentIsText : 0));
  return index.parent(child);
}

using Key = std::tuple<std::uint64_t, bool, TextId>;

Key key_of(const SpanNode& n) { return {n.span_id, n.has(kNodeIdIsText), n.trace}; }

TEST(SpanIndex, OfRepeatedIdsTheLastOrTheFirstThatIsNoClientsIsFoundAtAnyThreadCount) {
  for (const Format* format : {&kJaeger, &kZipkin}) {
    for (unsigned seed = 0; seed < 5; ++seed) {
      std::vector<Decoded> batches = random_batches(seed, 400);
      std::map<Key, NodeRef> expected;
      for (std::uint32_t b = 0; b < batches.size(); ++b) {
        for (std::uint32_t i = 0; i < batches[b].nodes.size(); ++i) {
          const auto [at, is_new] = expected.try_emplace(key_of(batches[b].nodes[i]), NodeRef{b, i});
          const NodeRef held = at->second;
          const bool client = batches[held.batch].nodes[held.node].kind == SpanKind::kClient;
          if (!is_new && (client || !format->replaces_client_only)) at->second = {b, i};
        }
      }
      const Document document = document_of(batches);
      const std::vector<Block> none;
      for (const unsigned threads : {1U, 2U, 5U}) {
        SpanIndex index(batches, none, *format);
        index.build(document, {}, threads);
        EXPECT_TRUE(index.irregular());
        for (const Decoded& batch : batches) {
          for (const SpanNode& n : batch.nodes) {
            ASSERT_EQ(found_for(index, n), expected.at(key_of(n)))
                << format->name << ", " << threads << " threads, seed " << seed;
          }
        }
      }
    }
  }
}

// Blocks 0 and 2 are of one service, block 1 of another.
TEST(SpanIndex, PastTheCapOfAServiceNothingIsFoundAtAnyThreadCount) {
  constexpr std::uint32_t kSpansABatch = 3'000;
  constexpr std::uint32_t kBatches = 60;
  std::vector<Decoded> batches(kBatches);
  std::vector<Block> blocks(3);
  blocks[0].service = blocks[2].service = 7;
  blocks[1].service = 8;
  Document document;
  document.last_block = 3;
  std::uint64_t id = 0;
  for (std::uint32_t b = 0; b < kBatches; ++b) {
    const std::uint32_t block = b / 20;
    batches[b].nodes.resize(kSpansABatch);
    for (SpanNode& n : batches[b].nodes) {
      n.span_id = ++id;
      n.block = block;
    }
    blocks[block].ranges.push_back({b, 0, kSpansABatch});
    document.ranges.push_back({b, 0, kSpansABatch});
  }
  SpanNode& without_id = batches[3].nodes[5];
  without_id.flags |= kNodeEmptyId;
  std::vector<unsigned> flags(kBatches);
  flags[3] = kNodeEmptyId;

  const NodeRef last_found{53, 1'000};  // of 119 999 with an id, 20 batches after the first 20 of its service
  for (const unsigned threads : {1U, 2U, 5U}) {
    SpanIndex index(batches, blocks, kOtlpJson);
    index.build(document, flags, threads);
    EXPECT_TRUE(index.irregular());
    for (std::uint32_t b = 0; b < kBatches; ++b) {
      for (std::uint32_t i = 0; i < kSpansABatch; ++i) {
        const bool past = b > last_found.batch || (b == last_found.batch && i > last_found.node);
        const bool none = past || (b == 3 && i == 5);
        const NodeRef expected = none ? NodeRef{} : NodeRef{b, i};
        ASSERT_EQ(found_for(index, batches[b].nodes[i]), expected) << b << ":" << i << ", " << threads << " threads";
      }
    }
  }
}

TEST(SpanIndex, UniqueIdsAreRegularAndAnEmptyDocumentFindsNothing) {
  std::vector<Decoded> batches(2);
  const std::vector<Block> none;
  SpanIndex empty(batches, none, kJaeger);
  empty.build({}, {}, 2);
  EXPECT_FALSE(empty.irregular());
  SpanNode wanted;
  wanted.span_id = 1;
  EXPECT_FALSE(found_for(empty, wanted));

  batches[0].nodes.resize(1);
  batches[1].nodes.resize(1);
  batches[1].nodes[0].span_id = 1;
  SpanIndex two(batches, none, kJaeger);
  two.build(document_of(batches), {}, 2);
  EXPECT_FALSE(two.irregular());
  EXPECT_EQ(found_for(two, wanted), (NodeRef{1, 0}));
}

}  // namespace
}  // namespace sentinel::ingest::test
