// What a decoder makes of one batch: span records, and for formats whose spans need each other, the nodes to resolve them by.
//
// Ids are those of the worker's own Symbols until the results are joined (ingest.cpp). Written by one worker, then read by the
// resolve stage.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/json_reader.h"
#include "ingest/batch.h"
#include "model/report.h"
#include "model/symbols.h"

namespace sentinel::ingest {

using base::TextId;

enum class SpanKind : std::uint8_t { kUnspecified, kInternal, kServer, kClient, kProducer, kConsumer, kOther };

// Why a span is not analysed (01 §8.15).
enum class DropReason : std::uint8_t { kNone, kNotIo, kMissingDbStatement, kMissingHttpUrl, kNonSqlDatastore, kMergedDbSpan };

enum NodeFlag : std::uint16_t {
  kNodeIdIsText = 1 << 0,
  kNodeParentIsText = 1 << 1,
  kNodeHasParent = 1 << 2,
  kNodeEmptyId = 1 << 3,     // not indexed
  kNodeZeroParent = 1 << 4,  // a parent of all zero bytes
  kNodeHasLink = 1 << 5,     // carries at least one link
  kNodeDonor = 1 << 6,       // a statement of its own (stitching)
  kNodeOrphan = 1 << 7,      // looks like the execution of somebody else's statement
  kNodeKnownSql = 1 << 8,    // orphan whose engine is in the known-SQL list
  kNodeHttpUrl = 1 << 9,     // http_out made from a URL: counts in the usable ratio
  kNodeEmptyTrace = 1 << 10,
  kNodeCarriesCode = 1 << 11,  // has code attributes, be they usable or not: no ancestor is asked
};

// One received span, I/O or not, as its descendants see it. 64 bytes: a million of them are held while a document is read.
struct SpanNode {
  std::uint64_t span_id = 0;
  std::uint64_t parent_id = 0;
  std::uint64_t start_ns = 0;
  std::uint64_t statement_hash = 0;  // of a donor's statement text
  TextId trace = 0;
  std::uint32_t record = 0;  // index into the batch's records; into its dropped when drop != kNone
  TextId scope = 0;          // name of the span's instrumentation scope; kNoText when empty
  TextId inbound = 0;        // endpoint that this span is an entry point of; kNoText when it is none
  model::OriginId code = 0;  // its own code attributes (no scopes)
  TextId link = 0;           // trace id of its first link when usable
  std::uint32_t block = 0;   // resource block within the batch; 0 continues the last one of the batch before
  std::uint16_t flags = 0;
  SpanKind kind = SpanKind::kUnspecified;
  DropReason drop = DropReason::kNone;

  [[nodiscard]] bool has(NodeFlag flag) const { return (flags & flag) != 0; }
  [[nodiscard]] bool same_id(const SpanNode& other) const {
    return span_id == other.span_id && has(kNodeIdIsText) == other.has(kNodeIdIsText);
  }
};
static_assert(sizeof(SpanNode) == 64, "a million nodes are budgeted at 64 MB");

// What a span without a record needs to become one after all (an adopted statement), or to be kept as context.
struct DroppedSpan {
  std::uint64_t duration_us = 0;
  TextId service = 0;  // formats without resource blocks
  TextId operation = 0;
  TextId region = 0;
  model::GroupingId grouping = 0;  // captured on the span, not sanitised
};

// Facts of an OTLP resource block.
struct ResourceFacts {
  TextId service = 0;              // kNoText: no service.name text
  TextId region = 0;               // valid region or kNoText
  model::GroupingId grouping = 0;  // captured pairs, not sanitised, in configured order
};

// Something between the spans of a batch: `node` spans came before it.
struct Mark {
  Step step = Step::kBlockBegin;
  std::uint32_t node = 0;
  std::uint32_t resource = 0;  // kResource: index into resources
  TextId scope = 0;            // kScope: its name
  std::uint64_t offset = 0;    // in the input
};

// A place in a document that is wrong in strict reading but may be repaired (01 §8.2).
struct Irregularity {
  bool repeated_key = false;  // else a repairable shape
  std::uint64_t offset = 0;   // in the input
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  const char* what = "";
};

struct DecodeFault {
  base::JsonFault fault = base::JsonFault::kNone;
  std::uint64_t offset = 0;  // in the input
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  const char* what = "";
};

struct Decoded {
  std::uint64_t sequence = 0;
  unsigned worker = 0;
  std::vector<model::SpanRecord> records;
  std::vector<SpanNode> nodes;
  std::vector<DroppedSpan> dropped;
  std::vector<Mark> marks;
  std::vector<ResourceFacts> resources;
  std::vector<Irregularity> irregularities;
  model::IngestTally tally;
  std::optional<DecodeFault> fault;
};

// The counter of a drop reason (not kNone).
std::uint64_t& counter(model::IngestTally& tally, DropReason reason);
inline void count(DropReason reason, model::IngestTally& tally) { ++counter(tally, reason); }

// Takes back what the decoder counted for a node of `batch`.
void uncount(const SpanNode& node, const Decoded& batch, model::IngestTally& tally);

}  // namespace sentinel::ingest
