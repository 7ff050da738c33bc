// Names of the members that the native, Jaeger and Zipkin decoders read, in the order of their enums.
#pragma once

#include <array>
#include <string_view>

#include "ingest/member_order.h"

namespace sentinel::ingest {

namespace native {
enum Member : int {
  kTimestamp,
  kTraceId,
  kSpanId,
  kService,
  kType,
  kOperation,
  kTarget,
  kDurationUs,
  kSource,  // the members so far are required
  kParentSpanId,
  kLinkTraceId,
  kGrouping,
  kCloudRegion,
  kStatusCode,
  kResponseSizeBytes,
  kCodeFunction,
  kCodeFilepath,
  kCodeLineno,
  kCodeNamespace,
  kInstrumentationScopes,
  kMembers,  // number of them
};
inline constexpr MemberNames<kMembers> kNames(std::array<std::string_view, kMembers>{
    "timestamp",     "trace_id",      "span_id",      "service",        "type",
    "operation",     "target",        "duration_us",  "source",         "parent_span_id",
    "link_trace_id", "grouping",      "cloud_region", "status_code",    "response_size_bytes",
    "code_function", "code_filepath", "code_lineno",  "code_namespace", "instrumentation_scopes"});
}  // namespace native

namespace jaeger {
enum Member : int {
  kSpanId,
  kOperationName,
  kStartTime,
  kDuration,
  kProcessId,  // the members so far are required
  kReferences,
  kTagList,
  kMembers,  // number of them
};
inline constexpr MemberNames<kMembers> kNames(std::array<std::string_view, kMembers>{
    "spanID", "operationName", "startTime", "duration", "processID", "references", "tags"});
}  // namespace jaeger

namespace zipkin {
enum Member : int { kTraceId, kId, kParentId, kName, kTimestamp, kDuration, kKind, kLocalEndpoint, kTagMap, kMembers };
inline constexpr MemberNames<kMembers> kNames(std::array<std::string_view, kMembers>{
    "traceId", "id", "parentId", "name", "timestamp", "duration", "kind", "localEndpoint", "tags"});
}  // namespace zipkin

}  // namespace sentinel::ingest
