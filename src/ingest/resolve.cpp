#include "ingest/resolve.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/parallel.h"
#include "base/text.h"
#include "ingest/frames.h"
#include "ingest/layout.h"
#include "ingest/producer_links.h"
#include "ingest/span_index.h"
#include "ingest/stitch.h"

namespace sentinel::ingest {

namespace {

// Caps of 01 §8.9-8.12 and §2.1.
constexpr std::size_t kEndpointHops = 9;
constexpr std::size_t kScopeHops = 8;
constexpr std::size_t kScopesKept = 8;
constexpr std::size_t kScopeBytes = 256;

// The ancestors of a span within its realm, nearest first; cycles end at the hop cap.
struct Chain {
  std::array<const SpanNode*, kEndpointHops> nodes;
  std::size_t count = 0;
};

// Code origin and scope chain of a span, before they have an id.
struct OriginKey {
  model::OriginId code = 0;
  std::array<TextId, kScopeHops + 1> scopes{};
  std::size_t count = 0;

  void add(TextId scope) {
    if (scope == base::kNoText) return;
    for (std::size_t i = 0; i < count; ++i) {
      if (scopes[i] == scope) return;
    }
    scopes[count++] = scope;
  }
  [[nodiscard]] std::uint64_t hash() const {
    std::uint64_t h = code;
    for (std::size_t i = 0; i < count; ++i) h = base::combine64(h, scopes[i]);
    return base::mix64(h);
  }
  friend bool operator==(const OriginKey&, const OriginKey&) = default;
};

// A thread's work comes in a few pieces, so that no thread waits long for another at the end.
constexpr std::size_t kPassesAThread = 8;

// Spans ahead of the one at hand whose parents are looked for in memory: a miss lasts about as long as a few spans' work.
constexpr std::uint32_t kParentsAhead = 8;

// What a thread remembers of values it has interned, so that it rarely has to lock.
struct Memo {
  static constexpr std::size_t kOrigins = 512;
  struct OriginEntry {
    OriginKey key;
    model::OriginId id = 0;
  };
  std::vector<OriginEntry> origins = std::vector<OriginEntry>(kOrigins);
  std::unordered_map<std::uint64_t, model::GroupingId> groupings;  // block's and span's captured lists -> merged

  // Siblings in a row: what is above them, and what that and their own code make of it.
  struct Sibling {
    const SpanNode* node = nullptr;  // the last span completed
    Chain chain;
    TextId endpoint = base::kNoText;
    model::OriginId origin = 0;

    // The ancestors of `other` are those of the last span.
    [[nodiscard]] bool shares_chain(const SpanNode& other) const {
      constexpr unsigned kParentFlags = kNodeHasParent | kNodeParentIsText;
      return node != nullptr && node->block == other.block && node->parent_id == other.parent_id &&
             ((node->flags ^ other.flags) & kParentFlags) == 0;
    }
    // Endpoint and origin are the same too. An id that two spans share may name either's scope: then none is taken over.
    [[nodiscard]] bool shares_code(const SpanNode& other) const {
      return node->code == other.code && node->scope == other.scope && ((node->flags ^ other.flags) & kNodeCarriesCode) == 0;
    }
  };
  Sibling last;
};

}  // namespace

// What stitching makes of a span; applied when no thread reads the batches any more.
struct Change {
  NodeRef span;
  bool merged;
  model::SpanRecord record;  // unless merged
};

struct ResolveMemory::State {
  Frames frames;
  std::vector<Memo> memos;  // by thread
  Layout layout;
  SpanIndex::Slots slots;
  std::vector<std::vector<Change>> changes;  // by document
  std::vector<char> changed;                 // by batch: stitching changed its records
  std::vector<char> suspects;                // by block: to be looked at closer for split statements; char for threads
};

ResolveMemory::ResolveMemory() : state_(std::make_unique<State>()) {}
ResolveMemory::~ResolveMemory() = default;

namespace {

class Resolver {
 public:
  Resolver(std::span<Decoded> batches, const Format& format, model::Symbols& symbols, const IngestSettings& settings,
           unsigned threads, model::IngestTally& tally, ResolveMemory::State& memory)
      : batches_(batches),
        format_(format),
        symbols_(symbols),
        settings_(settings),
        threads_(threads),
        tally_(tally),
        frames_(memory.frames),
        memory_(memory),
        layout_(memory.layout),
        blocks_(memory.layout.blocks()) {}

  void run() {
    unknown_ = symbols_.texts.intern("unknown");
    sql_ = symbols_.texts.intern("sql");
    layout_.read(batches_, format_, unknown_);
    layout_.number_spans(batches_, threads_);
    tally_.retained_http -= layout_.uncounted_urls(batches_);
    frames_.complete(symbols_, settings_);
    // Many small documents are shared out whole; a few large ones are shared out inside.
    const std::vector<Document>& documents = layout_.documents();
    const bool many = documents.size() >= std::size_t{4} * threads_;
    memory_.suspects.assign(blocks_.size(), 0);
    memory_.changes.resize(documents.size());
    for (std::vector<Change>& of_document : memory_.changes) of_document.clear();  // of the last run
    memory_.memos.resize(std::max<std::size_t>(memory_.memos.size(), std::max(1U, threads_)));
    base::parallel_for(many ? threads_ : 1, documents.size(), [&](std::size_t d, std::size_t thread) {
      const std::span<Memo> memos = std::span(memory_.memos).subspan(thread);
      resolve_document(documents[d], many ? 1 : threads_, memos, memory_.changes[d]);
    });
    memory_.changed.assign(batches_.size(), 0);
    for (std::vector<Change>& of_document : memory_.changes) {
      for (const Change& change : of_document) apply(change);
    }
    base::parallel_for(threads_, batches_.size(), [&](std::size_t b) {
      if (memory_.changed[b] != 0) rebuild(batches_[b]);
    });
  }

  // Of each block; none where spans name their own.
  [[nodiscard]] std::vector<TextId> services() const {
    std::vector<TextId> out;
    if (format_.resolve != ResolveRule::kService) return out;
    for (const Block& block : blocks_) out.push_back(block.service);
    return out;
  }

 private:
  void resolve_document(const Document& document, unsigned threads, std::span<Memo> memos, std::vector<Change>& changes);
  void apply(const Change& change);
  static void rebuild(Decoded& batch);

  // -- one span

  struct Pass {
    const SpanIndex& index;
    const ProducerLinks& links;
    const Document& document;
    const std::unordered_map<std::uint64_t, TextId>* scopes;  // by block and span id, when the document is irregular
    Memo& memo;                                               // the thread's
  };
  using Scopes = std::unordered_map<std::uint64_t, TextId>;
  Pass pass_of(const SpanIndex& index, const ProducerLinks& links, const Document& document, const Scopes& scopes,
               Memo& memo) const {
    const bool by_id = format_.resolve == ResolveRule::kService && index.irregular();
    memo.last.node = nullptr;
    memo.last.chain.count = 0;
    return {index, links, document, by_id ? &scopes : nullptr, memo};
  }
  void stitch_blocks(const Document& document, Pass pass, std::vector<Change>& changes);
  model::SpanRecord adopt(const StitchOutcome& outcome, Pass& pass);
  // True when the block of the span needs a closer look for split statements.
  bool complete(const SpanNode& node, model::SpanRecord& record, Pass& pass);
  static void follow(const SpanNode& node, const SpanIndex& index, Memo::Sibling& last);
  TextId endpoint_of(const SpanNode& node, const Chain& chain) const;
  model::OriginId origin_of(const SpanNode& node, const Chain& chain, Pass& pass);
  TextId scope_of(const SpanNode& of, const SpanNode& leaf, const Pass& pass) const;
  model::GroupingId grouping_of(const Block& block, model::GroupingId own, Pass& pass);
  static std::uint64_t scope_key(std::uint32_t block, const SpanNode& node) {
    return base::combine64(base::combine64(node.span_id, block), node.has(kNodeIdIsText) ? 1 : 0);
  }
  std::unordered_map<std::uint64_t, TextId> scopes_by_id(const Document& document) const;

  std::span<Decoded> batches_;
  const Format& format_;
  model::Symbols& symbols_;
  const IngestSettings& settings_;
  unsigned threads_;
  model::IngestTally& tally_;
  std::mutex mutex_;  // guards symbols_ and tally_ while several threads resolve
  Frames& frames_;
  ResolveMemory::State& memory_;
  Layout& layout_;
  const std::vector<Block>& blocks_;
  TextId unknown_ = 0;
  TextId sql_ = 0;
};

void Resolver::resolve_document(const Document& document, unsigned threads, std::span<Memo> memos,
                                std::vector<Change>& changes) {
  SpanIndex index(batches_, blocks_, format_, threads_ == 1 ? &memory_.slots : nullptr);
  index.build(document, layout_.flags(), threads);
  ProducerLinks links(index, blocks_, symbols_);
  const bool otlp = format_.resolve == ResolveRule::kService;
  if (otlp && layout_.has_links(document)) links.build(document, batches_);
  Scopes scopes;
  if (otlp && index.irregular()) scopes = scopes_by_id(document);

  const std::size_t ranges_a_pass = document.ranges.size() / (std::size_t{threads} * kPassesAThread) + 1;
  base::parallel_for(threads, (document.ranges.size() + ranges_a_pass - 1) / ranges_a_pass,
                     [&](std::size_t p, std::size_t thread) {
                       Pass pass = pass_of(index, links, document, scopes, memos[thread]);
                       const std::size_t end = std::min((p + 1) * ranges_a_pass, document.ranges.size());
                       for (std::size_t r = p * ranges_a_pass; r < end; ++r) {
                         const NodeRange& range = document.ranges[r];
                         Decoded& batch = batches_[range.batch];
                         for (std::uint32_t i = range.first; i < range.last; ++i) {
                           const SpanNode& node = batch.nodes[i];
                           if (i + kParentsAhead < range.last) {
                             const SpanNode* const ahead = &node + kParentsAhead;
                             if (ahead->parent_id != ahead[-1].parent_id) index.prefetch_parent(*ahead);
                           }
                           bool suspect = node.has(kNodeOrphan);
                           if (node.drop == DropReason::kNone && complete(node, batch.records[node.record], pass))
                             suspect = true;
                           if (otlp && suspect)
                             std::atomic_ref(memory_.suspects[node.block]).store(1, std::memory_order_relaxed);
                         }
                       }
                     });
  if (otlp) stitch_blocks(document, pass_of(index, links, document, scopes, memos.front()), changes);
}

// -- one span

// Turns the ancestors of the span completed last into those of `node`. Mostly its parent is that span or one of them: then what
// is above need not be looked up again.
void Resolver::follow(const SpanNode& node, const SpanIndex& index, Memo::Sibling& last) {
  Chain& chain = last.chain;
  const NodeRef above = index.parent(node);
  if (!above) {
    chain.count = 0;
    return;
  }
  const SpanNode* const parent = &index.node(above);
  const auto begin = chain.nodes.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(chain.count);
  if (parent == last.node) {
    chain.count = std::min(chain.count + 1, kEndpointHops);
    const auto moved_end = begin + static_cast<std::ptrdiff_t>(chain.count);
    std::copy_backward(begin, moved_end - 1, moved_end);
    chain.nodes[0] = parent;
    return;
  }
  const bool whole = chain.count < kEndpointHops;  // up to a span without a parent
  const auto known = std::find(begin, end, parent);
  if (known == end) {
    chain.nodes[0] = parent;
    chain.count = 1;
  } else {
    chain.count = static_cast<std::size_t>(std::copy(known, end, begin) - begin);
    if (whole) return;
  }
  while (chain.count < kEndpointHops) {
    const NodeRef next = index.parent(*chain.nodes[chain.count - 1]);
    if (!next) break;
    chain.nodes[chain.count++] = &index.node(next);
  }
}

TextId Resolver::endpoint_of(const SpanNode& node, const Chain& chain) const {
  TextId candidate = frames_.endpoint(node.code);
  for (std::size_t i = 0; i < chain.count; ++i) {
    const SpanNode& ancestor = *chain.nodes[i];
    if (ancestor.inbound != base::kNoText) return ancestor.inbound;
    if (const TextId frame = frames_.endpoint(ancestor.code); frame != base::kNoText) candidate = frame;
  }
  return candidate != base::kNoText ? candidate : unknown_;
}

// The scope name that the leaf's own block knows for a span's id.
TextId Resolver::scope_of(const SpanNode& of, const SpanNode& leaf, const Pass& pass) const {
  if (pass.scopes == nullptr) return of.block == leaf.block ? of.scope : base::kNoText;
  const auto found = pass.scopes->find(scope_key(leaf.block, of));
  return found == pass.scopes->end() ? base::kNoText : found->second;
}

std::unordered_map<std::uint64_t, TextId> Resolver::scopes_by_id(const Document& document) const {
  std::unordered_map<std::uint64_t, TextId> scopes;
  for (std::uint32_t b = document.first_block; b < document.last_block; ++b) {
    std::size_t seen = 0;
    for (const NodeRange& range : blocks_[b].ranges) {
      for (std::uint32_t i = range.first; i < range.last && seen < kIndexedSpans; ++i, ++seen) {
        const SpanNode& n = batches_[range.batch].nodes[i];
        if (n.scope != base::kNoText) scopes[scope_key(b, n)] = n.scope;
      }
    }
  }
  return scopes;
}

model::OriginId Resolver::origin_of(const SpanNode& node, const Chain& chain, Pass& pass) {
  OriginKey key;
  const SpanNode* carrier = &node;
  for (std::size_t i = 0; i < chain.count && !carrier->has(kNodeCarriesCode); ++i) carrier = chain.nodes[i];
  key.code = carrier->code;
  key.add(scope_of(node, node, pass));
  for (std::size_t i = 0; i < std::min(chain.count, kScopeHops); ++i) key.add(scope_of(*chain.nodes[i], node, pass));
  if (key.count == 0 && !frames_.own(key.code)) return key.code;

  Memo::OriginEntry& entry = pass.memo.origins[key.hash() % Memo::kOrigins];
  if (entry.id != 0 && entry.key == key) return entry.id;
  const std::lock_guard lock(mutex_);
  std::array<TextId, kScopesKept> kept{};
  std::size_t count = 0;
  for (std::size_t i = 0; i < key.count && count < kScopesKept; ++i) {
    const std::string_view name = symbols_.text(key.scopes[i]);
    if (base::has_control(name)) continue;
    kept[count++] = name.size() <= kScopeBytes ? key.scopes[i] : symbols_.texts.intern(base::truncate_utf8(name, kScopeBytes));
  }
  model::Origin origin = symbols_.origin(key.code);
  origin.frame = base::kNoText;
  origin.scopes = {kept.data(), count};
  entry = {key, symbols_.intern_origin(origin)};
  return entry.id;
}

// Per configured key the resource's value, else the span's (01 §8.4), sanitised.
model::GroupingId Resolver::grouping_of(const Block& block, model::GroupingId own, Pass& pass) {
  if (block.captured == 0 && own == 0) return 0;
  const std::uint64_t key = (std::uint64_t{block.captured} << 32) | own;
  if (const auto found = pass.memo.groupings.find(key); found != pass.memo.groupings.end()) return found->second;
  const std::lock_guard lock(mutex_);
  std::vector<model::GroupPair> merged;
  std::vector<model::GroupPair> kept;
  for (const std::string& name : settings_.grouping_keys) {
    for (const model::GroupingId list : {block.captured, own}) {
      const auto& pairs = symbols_.grouping(list).pairs;
      const auto found = std::ranges::find(pairs, name, &model::GroupPair::key);
      if (found == pairs.end()) continue;
      merged.push_back(*found);
      break;
    }
  }
  sanitise_grouping(merged, kept);
  return pass.memo.groupings[key] = symbols_.intern_grouping(kept);
}

bool Resolver::complete(const SpanNode& node, model::SpanRecord& record, Pass& pass) {
  Memo::Sibling& last = pass.memo.last;
  if (format_.resolve == ResolveRule::kTrace) {
    if (record.endpoint != base::kNoText) return false;
    follow(node, pass.index, last);
    last.node = &node;
    record.endpoint = endpoint_of(node, last.chain);
    return false;
  }
  const bool same_chain = last.shares_chain(node);
  if (!same_chain) follow(node, pass.index, last);
  const Chain& chain = last.chain;
  if (!same_chain || !last.shares_code(node) || pass.scopes != nullptr) {
    last.endpoint = endpoint_of(node, chain);
    last.origin = origin_of(node, chain, pass);
  }
  last.node = &node;
  const Block& block = blocks_[node.block];
  record.endpoint = last.endpoint;
  record.origin = last.origin;
  record.service = block.service;
  if (block.region != base::kNoText) record.region = block.region;
  record.grouping = grouping_of(block, record.grouping, pass);
  if (!pass.links.empty()) {
    if (const TextId link = pass.links.link_of(node); link != base::kNoText) {
      const std::lock_guard lock(mutex_);
      if (record.extra == 0) record.extra = symbols_.add_extra({});
      symbols_.mutable_extra(record.extra).link_trace = link;
    }
  }
  if (!node.has(kNodeDonor)) return false;
  if (pass.scopes != nullptr) return true;
  return std::any_of(chain.nodes.begin(), chain.nodes.begin() + static_cast<std::ptrdiff_t>(chain.count),
                     [&](const SpanNode* above) {
                       return above->has(kNodeDonor) && above->statement_hash == node.statement_hash &&
                              above->trace == node.trace && above->block == node.block;
                     });
}

// -- split statements

void Resolver::stitch_blocks(const Document& document, Pass pass, std::vector<Change>& changes) {
  for (std::uint32_t b = document.first_block; b < document.last_block; ++b) {
    if (memory_.suspects[b] == 0) continue;
    for (const StitchOutcome& outcome : stitch(blocks_[b], pass.index)) {
      changes.push_back({outcome.span, outcome.merged, {}});
      Change& change = changes.back();
      if (!outcome.merged) change.record = adopt(outcome, pass);
    }
  }
}

// The record of a span that takes over a donor's statement.
model::SpanRecord Resolver::adopt(const StitchOutcome& outcome, Pass& pass) {
  const Decoded& batch = batches_[outcome.span.batch];
  const SpanNode& node = pass.index.node(outcome.span);
  const model::SpanRecord& donor = batches_[outcome.donor.batch].records[pass.index.node(outcome.donor).record];
  model::SpanRecord record;
  if (node.drop == DropReason::kNone) {
    record = batch.records[node.record];
  } else {
    const DroppedSpan& facts = batch.dropped[node.record];
    RecordBuilder::set_ids(record, node);
    record.start_us = node.start_ns / 1000;
    record.duration_us = facts.duration_us;
    record.operation = facts.operation;
    record.region = facts.region;
    record.grouping = facts.grouping;
    complete(node, record, pass);
  }
  if (record.type() != model::EventType::kSql || record.operation == base::kNoText) record.operation = sql_;
  constexpr unsigned kNotSql = model::kHasResponseSize | model::kHasStatus | model::kHasParams;
  record.flags = static_cast<std::uint16_t>((record.flags & ~kNotSql) | (donor.flags & model::kHasParams));
  record.set_type(model::EventType::kSql);
  record.template_id = donor.template_id;
  record.params = donor.params;
  return record;
}

void Resolver::apply(const Change& change) {
  Decoded& batch = batches_[change.span.batch];
  SpanNode& node = batch.nodes[change.span.node];
  memory_.changed[change.span.batch] = 1;
  uncount(node, batch, tally_);
  ++tally_.received;
  if (change.merged) {
    if (node.drop == DropReason::kNone) {  // from now on it is found among the dropped
      const model::SpanRecord& record = batch.records[node.record];
      node.record = static_cast<std::uint32_t>(batch.dropped.size());
      batch.dropped.push_back({.duration_us = record.duration_us});
    }
    node.drop = DropReason::kMergedDbSpan;
    ++tally_.merged_db_span;
    return;
  }
  ++tally_.retained_sql;
  if (node.drop == DropReason::kNone) {
    batch.records[node.record] = change.record;
    return;
  }
  node.drop = DropReason::kNone;
  node.record = static_cast<std::uint32_t>(batch.records.size());
  batch.records.push_back(change.record);
}

// Puts the records of a batch into the order of its spans again, without those that were merged.
void Resolver::rebuild(Decoded& batch) {
  std::vector<model::SpanRecord> records;
  records.reserve(batch.records.size());
  for (const SpanNode& n : batch.nodes) {
    if (n.drop == DropReason::kNone) records.push_back(batch.records[n.record]);
  }
  batch.records = std::move(records);
}

}  // namespace

void resolve(std::span<Decoded> batches, const Format& format, model::Symbols& symbols, const IngestSettings& settings,
             unsigned threads, model::IngestTally& tally, ResolveMemory* memory, Context* context) {
  std::optional<ResolveMemory> own;
  if (memory == nullptr) memory = &own.emplace();
  Resolver resolver(batches, format, symbols, settings, threads, tally, memory->state());
  resolver.run();
  if (settings.keep_context && context != nullptr) context->take(batches, resolver.services());
  for (Decoded& batch : batches) batch.nodes = {};
}

}  // namespace sentinel::ingest
