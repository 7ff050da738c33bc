// Names of the members of an OTLP JSON span (chapter 12).
#pragma once

#include <array>
#include <string_view>

#include "ingest/member_order.h"

namespace sentinel::ingest::otlp {

enum SpanMember : int {
  kTraceId,
  kSpanId,
  kParentSpanId,
  kName,
  kKind,
  kStart,
  kEnd,
  kAttributeList,
  kStatus,
  kFlags,
  kTraceState,
  kDroppedAttributes,
  kEvents,
  kDroppedEvents,
  kLinks,
  kDroppedLinks,
  kSpanMembers,  // number of them
};

inline constexpr MemberNames<kSpanMembers> kSpanNames(std::array<std::string_view, kSpanMembers>{
    "traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "attributes", "status",
    "flags", "traceState", "droppedAttributesCount", "events", "droppedEventsCount", "links", "droppedLinksCount"});

}  // namespace sentinel::ingest::otlp
