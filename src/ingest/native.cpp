// Native JSON: an array of span events (chapter 01 §1, §5).
#include <algorithm>
#include <array>
#include <limits>

#include "ingest/decoder.h"

namespace sentinel::ingest {

using base::JsonFault;
using base::JsonReader;

namespace {

using namespace native;

constexpr std::array kMissing = {"missing field `timestamp`", "missing field `trace_id`",    "missing field `span_id`",
                                 "missing field `service`",   "missing field `type`",        "missing field `operation`",
                                 "missing field `target`",    "missing field `duration_us`", "missing field `source`"};
constexpr unsigned kRequired = (1U << (kSource + 1)) - 1;

struct EventLists {
  std::vector<model::GroupPair> grouping;
  std::vector<std::string_view> scopes;
};

// A string, or null for an absent one.
void read_optional(JsonReader& reader, std::optional<std::string_view>* out) {
  if (reader.read_null()) return;
  std::string_view text;
  if (reader.read_string(&text)) *out = text;
}

template <class Integer>
void read_optional(JsonReader& reader, std::optional<Integer>* out, const char* what) {
  if (reader.read_null()) return;
  reader.peek();
  const std::size_t where = reader.offset();
  std::uint64_t value = 0;
  if (!reader.read_u64(&value)) return;
  if (value > std::numeric_limits<Integer>::max()) {
    reader.fail_at(where, JsonFault::kType, what);
    return;
  }
  *out = static_cast<Integer>(value);
}

void missing(JsonReader& reader, const char* what) { reader.fail(JsonFault::kType, what); }

void read_grouping(JsonReader& reader, std::vector<model::GroupPair>& pairs) {
  for (bool item = reader.enter_array(); item; item = reader.next_item()) {
    model::GroupPair pair;
    bool has_key = false;
    bool has_value = false;
    for (bool more = reader.enter_object(); more; more = reader.next_member()) {
      const bool key = reader.key() == "key";
      if (!key && reader.key() != "value") {
        reader.skip();
        continue;
      }
      bool& seen = key ? has_key : has_value;
      if (seen) reader.fail(JsonFault::kType, "repeated key in a grouping pair");
      seen = true;
      reader.read_string(key ? &pair.key : &pair.value);
    }
    if (!reader.failed() && !(has_key && has_value)) missing(reader, "a grouping pair needs \"key\" and \"value\"");
    pairs.push_back(pair);
  }
}

void read_scopes(JsonReader& reader, std::vector<std::string_view>& scopes) {
  for (bool item = reader.enter_array(); item; item = reader.next_item()) {
    std::string_view text;
    reader.read_string(&text);
    scopes.push_back(text);
  }
}

void read_source(JsonReader& reader, std::string_view* endpoint) {
  bool has_endpoint = false;
  bool has_method = false;
  for (bool more = reader.enter_object(); more; more = reader.next_member()) {
    const bool is_endpoint = reader.key() == "endpoint";
    if (!is_endpoint && reader.key() != "method") {
      reader.skip();
      continue;
    }
    bool& seen = is_endpoint ? has_endpoint : has_method;
    if (seen) reader.fail(JsonFault::kType, "repeated key in \"source\"");
    seen = true;
    std::string_view method;
    reader.read_string(is_endpoint ? endpoint : &method);
  }
  if (!reader.failed() && !(has_endpoint && has_method)) missing(reader, "\"source\" needs \"endpoint\" and \"method\"");
}

void read_type(JsonReader& reader, model::EventType* type) {
  reader.peek();
  const std::size_t where = reader.offset();
  std::string_view text;
  if (!reader.read_string(&text)) return;
  constexpr std::array kTypes = {model::EventType::kSql, model::EventType::kHttpOut, model::EventType::kMessaging};
  const auto found = std::ranges::find_if(kTypes, [&](model::EventType t) { return model::slug(t) == text; });
  if (found == kTypes.end()) {
    reader.fail_at(where, JsonFault::kType, "unknown \"type\", expected `sql`, `http_out` or `messaging`");
    return;
  }
  *type = *found;
}

void read_member(JsonReader& reader, Member key, RawEvent& event, EventLists& lists) {
  switch (key) {
    case kTimestamp:
      reader.read_string(&event.timestamp);
      break;
    case kTraceId:
      reader.read_string(&event.trace_id);
      break;
    case kSpanId:
      reader.read_string(&event.span_id);
      break;
    case kService:
      reader.read_string(&event.service);
      break;
    case kType:
      read_type(reader, &event.type);
      break;
    case kOperation:
      reader.read_string(&event.operation);
      break;
    case kTarget:
      reader.read_string(&event.target);
      break;
    case kDurationUs:
      reader.read_u64(&event.duration_us);
      break;
    case kSource:
      read_source(reader, &event.endpoint);
      break;
    case kParentSpanId:
      read_optional(reader, &event.parent_span_id);
      break;
    case kLinkTraceId:
      read_optional(reader, &event.link_trace_id);
      break;
    case kGrouping:
      read_grouping(reader, lists.grouping);
      break;
    case kCloudRegion:
      read_optional(reader, &event.cloud_region);
      break;
    case kStatusCode:
      read_optional(reader, &event.status_code, "expected a status code up to 65535");
      break;
    case kResponseSizeBytes:
      read_optional(reader, &event.response_size_bytes, "");
      break;
    case kCodeFunction:
      read_optional(reader, &event.code_function);
      break;
    case kCodeFilepath:
      read_optional(reader, &event.code_filepath);
      break;
    case kCodeLineno:
      read_optional(reader, &event.code_lineno, "expected a line number up to 4294967295");
      break;
    case kCodeNamespace:
      read_optional(reader, &event.code_namespace);
      break;
    case kInstrumentationScopes:
      read_scopes(reader, lists.scopes);
      break;
    case kMembers:
      break;
  }
}

void decode_event(DecodeContext& context, JsonReader& reader, EventLists& lists) {
  RawEvent event;
  lists.grouping.clear();
  lists.scopes.clear();
  unsigned seen = 0;
  const std::size_t begin = (reader.peek(), reader.offset());
  MemberOrder<kMembers>& order = context.worker.native_order;
  for (int key = order.enter(reader); key != kNoMember; key = order.next(reader, key)) {
    if (key == kUnknownMember) {
      reader.skip();
      continue;
    }
    const unsigned bit = 1U << key;
    if ((seen & bit) != 0) reader.fail(JsonFault::kType, "repeated key");
    seen |= bit;
    read_member(reader, static_cast<Member>(key), event, lists);
  }
  if (reader.failed()) return;
  if ((seen & kRequired) != kRequired) {
    reader.fail_at(begin, JsonFault::kType, kMissing[static_cast<std::size_t>(std::countr_zero(~seen & kRequired))]);
    return;
  }
  event.grouping = lists.grouping;
  event.instrumentation_scopes = lists.scopes;
  context.worker.builder.build(event, context.out.records.emplace_back());
}

}  // namespace

void decode_native(DecodeContext& context, const Directive& directive) {
  EventLists lists;
  decode_run(context, directive, [&](JsonReader& reader) { decode_event(context, reader, lists); });
}

}  // namespace sentinel::ingest
