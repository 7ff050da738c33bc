// The one record every later stage works on: a normalised I/O span as numbers (chapter 01 §1.4, chapter 03 §1.1).
//
// Texts are ids of the run's Symbols (symbols.h). Records are plain values written once by the ingest and read by any thread
// afterwards. 96 bytes, so that two of them share three cache lines and a million cost 96 MB: keep it so.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "base/string_pool.h"

namespace sentinel::model {

using base::TextId;

enum class EventType : std::uint8_t { kSql, kHttpOut, kMessaging };

// Flags of a record.
enum SpanFlag : std::uint16_t {
  kHasParent = 1 << 0,
  kSpanIdIsText = 1 << 1,    // span_id names a text (Symbols::id_text); else the value of 16 lower-case hex digits
  kParentIdIsText = 1 << 2,  // the same for parent_id
  kHasStatus = 1 << 3,
  kHasResponseSize = 1 << 4,
  kHasParams = 1 << 5,  // the normaliser found at least one literal
};
inline constexpr unsigned kTypeShift = 14;  // the two highest flag bits hold the EventType

using GroupingId = std::uint32_t;  // list of captured dimensions in Symbols; 0 = none
using OriginId = std::uint32_t;    // code location and scope chain in Symbols; 0 = none
using ExtraId = std::uint32_t;     // rarely present facts in Symbols; 0 = none

struct SpanRecord {
  base::Hash128 params;        // hash of the parameter list (count, lengths and bytes)
  std::uint64_t start_us = 0;  // since 1970; 0 where the timestamp text is odd (SpanExtra). Reports and detectors use whole ms
  std::uint64_t duration_us = 0;
  std::uint64_t response_bytes = 0;  // with kHasResponseSize
  std::uint64_t span_id = 0;
  std::uint64_t parent_id = 0;  // with kHasParent
  TextId trace = 0;             // trace id text
  TextId template_id = 0;
  TextId service = 0;
  TextId endpoint = 0;
  TextId operation = 0;
  TextId region = 0;  // valid region id as received, kNoText when absent
  GroupingId grouping = 0;
  OriginId origin = 0;
  ExtraId extra = 0;
  std::uint16_t flags = 0;
  std::uint16_t status = 0;  // with kHasStatus

  [[nodiscard]] bool has(SpanFlag flag) const { return (flags & flag) != 0; }
  [[nodiscard]] EventType type() const { return static_cast<EventType>(flags >> kTypeShift); }
  void set_type(EventType type) {
    flags = static_cast<std::uint16_t>((flags & ((1U << kTypeShift) - 1)) | (static_cast<unsigned>(type) << kTypeShift));
  }
};

static_assert(sizeof(SpanRecord) == 96, "a million live spans are budgeted at 96 MB");

// The spans of one trace in input order. Views into a TraceSet.
struct TraceView {
  TextId trace = 0;
  std::span<const SpanRecord* const> spans;
};

}  // namespace sentinel::model
