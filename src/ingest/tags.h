// Tags of Jaeger and Zipkin spans as events (chapter 01 §6.2-6.3, §7): both formats say the same with the same keys.
//
// A TagSet holds the first value of each tag that matters; finish() turns it into a node and, when it is I/O, a record. One
// worker.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "ingest/decoded.h"
#include "ingest/key_table.h"
#include "ingest/record_builder.h"

namespace sentinel::ingest {

enum Tag : std::uint8_t {
  kTagDbSystemName,
  kTagDbSystem,
  kTagDbStatement,
  kTagDbQueryText,
  kTagHttpUrl,
  kTagUrlFull,
  kTagHttpMethod,
  kTagHttpRequestMethod,
  kTagHttpStatusCode,
  kTagHttpResponseStatusCode,
  kTagCodeFunctionName,
  kTagCodeFunction,
  kTagCodeFilePath,
  kTagCodeFilepath,
  kTagCodeLineNumber,
  kTagCodeLineno,
  kTagCodeNamespace,
  kTagHttpRoute,
  kTagHttpTarget,
  kTagSpanKind,
  kTags,  // number of them
};
inline constexpr std::array<std::string_view, kTags> kTagNames = {
    "db.system.name",     "db.system",      "db.statement",        "db.query.text",    "http.url",
    "url.full",           "http.method",    "http.request.method", "http.status_code", "http.response.status_code",
    "code.function.name", "code.function",  "code.file.path",      "code.filepath",    "code.line.number",
    "code.lineno",        "code.namespace", "http.route",          "http.target",      "span.kind"};
inline constexpr KeyTable kTagTable(kTagNames);

// What a format brings beside the tags.
struct TaggedSpan {
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view parent_id;  // null data(): none
  std::string_view service;
  std::uint64_t start_us = 0;
  std::uint64_t duration_us = 0;
  bool is_client = false;
  bool skips_blank_urls = false;  // Zipkin: a blank URL tag is passed over; Jaeger gives up on it

  std::array<std::string_view, kTags> tags{};  // null data(): absent
  std::vector<model::GroupPair> grouping;      // captured, not sanitised

  void reset();
};

// Adds the span's node, and a record when it is I/O; a record without an endpoint of its own gets one when it is resolved.
void add_tagged_span(const TaggedSpan& span, RecordBuilder& builder, Decoded& out);

}  // namespace sentinel::ingest
