// One OTLP span as its decoders found it, JSON or protobuf alike: ids, times and the attributes that matter (chapter 01
// §8.3-8.4).
//
// Filled by a decoder, consumed by SpanBuilder; reused from span to span. Views end with the batch.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/key_table.h"
#include "model/symbols.h"

namespace sentinel::ingest::otlp {

// Attributes that a span's own keys decide. Order is free; names are those on the wire.
enum Attribute : std::uint8_t {
  kDbStatement,
  kDbQueryText,
  kDdResource,
  kDbSystemName,
  kDbSystem,
  kDbType,
  kHttpUrl,
  kUrlFull,
  kHttpMethod,
  kHttpRequestMethod,
  kHttpStatusCode,
  kHttpResponseStatusCode,
  kHttpResponseBodySize,
  kHttpResponseContentLength,
  kRpcSystem,
  kRpcService,
  kRpcMethod,
  kMessagingSystem,
  kMessagingDestinationName,
  kMessagingDestination,
  kMessagingBodySize,
  kCloudRegion,
  kCodeFunctionName,
  kCodeFunction,
  kCodeFilePath,
  kCodeFilepathOld,
  kCodeLineNumber,
  kCodeLineno,
  kCodeNamespace,
  kHttpRoute,
  kAttributes,  // number of them
};

inline constexpr std::array<std::string_view, kAttributes> kAttributeNames = {
    "db.statement",
    "db.query.text",
    "dd.span.Resource",
    "db.system.name",
    "db.system",
    "db.type",
    "http.url",
    "url.full",
    "http.method",
    "http.request.method",
    "http.status_code",
    "http.response.status_code",
    "http.response.body.size",
    "http.response_content_length",
    "rpc.system",
    "rpc.service",
    "rpc.method",
    "messaging.system",
    "messaging.destination.name",
    "messaging.destination",
    "messaging.message.body.size",
    "cloud.region",
    "code.function.name",
    "code.function",
    "code.file.path",
    "code.filepath",
    "code.line.number",
    "code.lineno",
    "code.namespace",
    "http.route",
};
inline constexpr KeyTable kAttributeTable(kAttributeNames);

struct AttributeValue {
  enum class Kind : std::uint8_t { kNone, kString, kInt, kOther };
  Kind kind = Kind::kNone;
  std::int64_t integer = 0;
  std::string_view text;
};

// What a key means to us.
struct AttributeKey {
  std::int8_t attribute = -1;  // an Attribute, or none
  std::int8_t grouping = -1;   // index among the configured grouping keys, or none
};

struct SpanFields {
  std::string_view trace_id;        // lower-case hex
  std::string_view span_id;         // lower-case hex
  std::string_view parent_span_id;  // lower-case hex; empty = none
  std::string_view link_trace_id;   // of the first link, lower-case hex
  bool has_links = false;
  std::string_view name;
  std::int32_t kind = 0;
  std::uint64_t start_ns = 0;
  std::uint64_t end_ns = 0;

  std::uint64_t present = 0;                     // bit a: last[a] holds a value
  std::array<AttributeValue, kAttributes> last;  // the last value of a repeated key decides …
  std::array<AttributeValue, 3> first;           // … but for entry points the first: http.url, url.full, http.route
  std::uint64_t first_present = 0;               // bits 0-2
  std::vector<model::GroupPair> grouping;        // first string value of each configured key, not sanitised
  std::uint32_t grouping_seen = 0;               // bit k: configured key k was met

  // `keys` are the configured grouping keys; they outlive this.
  explicit SpanFields(const std::vector<std::string>& keys) : grouping_keys_(keys) {
    for (const std::string& key : keys) grouping_lengths_ |= std::uint64_t{1} << (key.size() & 63);
  }

  void reset() {
    trace_id = span_id = parent_span_id = link_trace_id = name = {};
    has_links = false;
    kind = 0;
    start_ns = end_ns = 0;
    clear_attributes();
  }
  void clear_attributes() {
    present = 0;
    first_present = 0;
    grouping_seen = 0;
    grouping.clear();
  }

  [[nodiscard]] AttributeKey key_of(std::string_view key_name) const {
    AttributeKey key{static_cast<std::int8_t>(kAttributeTable.find(key_name)), -1};
    if ((grouping_lengths_ >> (key_name.size() & 63) & 1) == 0) return key;
    const auto found = std::ranges::find(grouping_keys_, key_name);
    if (found != grouping_keys_.end()) key.grouping = static_cast<std::int8_t>(found - grouping_keys_.begin());
    return key;
  }

  // Takes note of one attribute.
  void add(AttributeKey key, const AttributeValue& value) {
    if (key.grouping >= 0) add_grouping(key, value);
    if (key.attribute < 0) return;
    const auto a = static_cast<std::size_t>(key.attribute);
    present |= std::uint64_t{1} << a;
    last[a] = value;
    if ((kEntryAttributes >> a & 1) == 0) return;
    const int entry = a == kHttpUrl ? 0 : a == kUrlFull ? 1 : 2;
    if ((first_present >> entry & 1) == 0) {
      first_present |= std::uint64_t{1} << entry;
      first[static_cast<std::size_t>(entry)] = value;
    }
  }
  void add(std::string_view key_name, const AttributeValue& value) { add(key_of(key_name), value); }

  // Takes note of an attribute only as a grouping key: the first one of a key decides.
  void add_grouping(AttributeKey key, const AttributeValue& value) {
    if (key.grouping < 0) return;
    const auto bit = 1U << key.grouping;
    if ((grouping_seen & bit) != 0) return;
    grouping_seen |= bit;
    if (value.kind == AttributeValue::Kind::kString)
      grouping.push_back({grouping_keys_[static_cast<std::size_t>(key.grouping)], value.text});
  }
  void add_grouping(std::string_view key_name, const AttributeValue& value) { add_grouping(key_of(key_name), value); }

  // The text of a string attribute; null data() when absent or of another type.
  [[nodiscard]] std::string_view text(Attribute a) const {
    if ((present >> a & 1) == 0 || last[a].kind != AttributeValue::Kind::kString) return {};
    return last[a].text;
  }
  [[nodiscard]] const std::int64_t* integer(Attribute a) const {
    if ((present >> a & 1) == 0 || last[a].kind != AttributeValue::Kind::kInt) return nullptr;
    return &last[a].integer;
  }
  enum Entry : std::uint8_t { kFirstHttpUrl, kFirstUrlFull, kFirstHttpRoute };
  [[nodiscard]] std::string_view entry_text(Entry e) const {
    if ((first_present >> e & 1) == 0 || first[e].kind != AttributeValue::Kind::kString) return {};
    return first[e].text;
  }

 private:
  static constexpr std::uint64_t kEntryAttributes =
      std::uint64_t{1} << kHttpUrl | std::uint64_t{1} << kUrlFull | std::uint64_t{1} << kHttpRoute;
  const std::vector<std::string>& grouping_keys_;
  std::uint64_t grouping_lengths_ = 0;  // bit n: some key has n bytes (modulo 64)
};

// The attributes of a resource that matter; the first of a repeated key decides.
struct ResourceFields {
  AttributeValue service_name;
  AttributeValue cloud_region;
  bool has_service_name = false;
  bool has_cloud_region = false;

  void add(std::string_view key, const AttributeValue& value) {
    if (key == "service.name" && !has_service_name) {
      has_service_name = true;
      service_name = value;
    } else if (key == "cloud.region" && !has_cloud_region) {
      has_cloud_region = true;
      cloud_region = value;
    }
  }
};

}  // namespace sentinel::ingest::otlp
