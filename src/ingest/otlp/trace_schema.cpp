#include "ingest/otlp/trace_schema.h"

#include <span>

namespace sentinel::ingest::otlp {

namespace {

enum class Kind : std::uint8_t { kNone, kNumber, kFixed32, kFixed64, kBytes, kText, kMessage };

struct Field {
  const char* name = nullptr;
  Kind kind = Kind::kNone;
  Message message = Message::kRequest;  // of kMessage
};

struct Schema {
  const char* name;
  std::span<const Field> fields;  // by field number; 0 stays empty
};

constexpr Field number(const char* name) { return {name, Kind::kNumber, {}}; }
constexpr Field fixed32(const char* name) { return {name, Kind::kFixed32, {}}; }
constexpr Field fixed64(const char* name) { return {name, Kind::kFixed64, {}}; }
constexpr Field bytes(const char* name) { return {name, Kind::kBytes, {}}; }
constexpr Field text(const char* name) { return {name, Kind::kText, {}}; }
constexpr Field message(const char* name, Message of) { return {name, Kind::kMessage, of}; }
constexpr Field kNoField;

constexpr Field kRequestFields[] = {kNoField, message("resource_spans", Message::kResourceSpans)};
constexpr Field kResourceSpansFields[] = {kNoField, message("resource", Message::kResource),
                                          message("scope_spans", Message::kScopeSpans), text("schema_url")};
constexpr Field kResourceFields[] = {kNoField, message("attributes", Message::kKeyValue), number("dropped_attributes_count"),
                                     message("entity_refs", Message::kEntityRef)};
constexpr Field kEntityRefFields[] = {kNoField, text("schema_url"), text("type"), text("id_keys"), text("description_keys")};
constexpr Field kScopeSpansFields[] = {kNoField, message("scope", Message::kScope), message("spans", Message::kSpan),
                                       text("schema_url")};
constexpr Field kScopeFields[] = {kNoField, text("name"), text("version"), message("attributes", Message::kKeyValue),
                                  number("dropped_attributes_count")};
constexpr Field kSpanFields[] = {kNoField,
                                 bytes("trace_id"),
                                 bytes("span_id"),
                                 text("trace_state"),
                                 bytes("parent_span_id"),
                                 text("name"),
                                 number("kind"),
                                 fixed64("start_time_unix_nano"),
                                 fixed64("end_time_unix_nano"),
                                 message("attributes", Message::kKeyValue),
                                 number("dropped_attributes_count"),
                                 message("events", Message::kEvent),
                                 number("dropped_events_count"),
                                 message("links", Message::kLink),
                                 number("dropped_links_count"),
                                 message("status", Message::kStatus),
                                 fixed32("flags")};
constexpr Field kEventFields[] = {kNoField, fixed64("time_unix_nano"), text("name"), message("attributes", Message::kKeyValue),
                                  number("dropped_attributes_count")};
constexpr Field kLinkFields[] = {kNoField,
                                 bytes("trace_id"),
                                 bytes("span_id"),
                                 text("trace_state"),
                                 message("attributes", Message::kKeyValue),
                                 number("dropped_attributes_count"),
                                 fixed32("flags")};
constexpr Field kStatusFields[] = {kNoField, kNoField, text("message"), number("code")};
constexpr Field kKeyValueFields[] = {kNoField, text("key"), message("value", Message::kAnyValue), number("key_strindex")};
constexpr Field kAnyValueFields[] = {kNoField,
                                     text("string_value"),
                                     number("bool_value"),
                                     number("int_value"),
                                     fixed64("double_value"),
                                     message("array_value", Message::kArrayValue),
                                     message("kvlist_value", Message::kKeyValueList),
                                     bytes("bytes_value"),
                                     number("string_value_strindex")};
constexpr Field kArrayValueFields[] = {kNoField, message("values", Message::kAnyValue)};
constexpr Field kKeyValueListFields[] = {kNoField, message("values", Message::kKeyValue)};

// In the order of Message.
constexpr std::array kSchemas = {
    Schema{"ExportTraceServiceRequest", kRequestFields},
    Schema{"ResourceSpans", kResourceSpansFields},
    Schema{"Resource", kResourceFields},
    Schema{"EntityRef", kEntityRefFields},
    Schema{"ScopeSpans", kScopeSpansFields},
    Schema{"InstrumentationScope", kScopeFields},
    Schema{"Span", kSpanFields},
    Schema{"Span.Event", kEventFields},
    Schema{"Span.Link", kLinkFields},
    Schema{"Status", kStatusFields},
    Schema{"KeyValue", kKeyValueFields},
    Schema{"AnyValue", kAnyValueFields},
    Schema{"ArrayValue", kArrayValueFields},
    Schema{"KeyValueList", kKeyValueListFields},
};
static_assert(kSchemas.size() == static_cast<std::size_t>(Message::kKeyValueList) + 1);

const Schema& schema_of(Message message) { return kSchemas[static_cast<std::size_t>(message)]; }

const Field& field_of(Message message, std::uint32_t tag) {
  const std::span<const Field> fields = schema_of(message).fields;
  const std::uint32_t field = otlp::field_of(tag);
  return field < fields.size() ? fields[field] : kNoField;
}

WireType wire_type_of(Kind kind) {
  switch (kind) {
    case Kind::kNumber:
      return kVarint;
    case Kind::kFixed32:
      return kFixed32;
    case Kind::kFixed64:
      return kFixed64;
    case Kind::kNone:
    case Kind::kBytes:
    case Kind::kText:
    case Kind::kMessage:
      break;
  }
  return kDelimited;
}

}  // namespace

bool blame(Wire& wire, Message message, std::uint32_t tag) {
  if (wire.message == nullptr) {
    wire.message = schema_of(message).name;
    wire.field = field_of(message, tag).name;
  }
  return false;
}

bool check_field(WireReader& reader, Message of, std::uint32_t tag, unsigned depth) {
  const Field& field = field_of(of, tag);
  if (field.kind == Kind::kNone) return reader.skip(tag, depth);
  if (wire_type_of(tag) != wire_type_of(field.kind)) return reader.fail("a field has another wire type than its own");
  std::uint64_t value = 0;
  std::string_view content;
  switch (field.kind) {
    case Kind::kNumber:
      return reader.varint(&value);
    case Kind::kFixed32:
      return reader.fixed32();
    case Kind::kFixed64:
      return reader.fixed64(&value);
    case Kind::kText:
      return reader.text(&content);
    case Kind::kMessage:
      return reader.bytes(&content) && check_message(reader.wire(), content, field.message, depth + 1);
    case Kind::kNone:
    case Kind::kBytes:
      break;
  }
  return reader.bytes(&content);
}

bool check_message(Wire& wire, std::string_view bytes, Message message, unsigned depth) {
  if (depth > kMaxMessageDepth) return wire.fail(bytes.data(), "nested deeper than 100 messages");
  WireReader reader(wire, bytes);
  std::uint32_t tag = 0;
  while (reader.next(&tag)) {
    if (!check_field(reader, message, tag, depth)) break;
  }
  return !reader.failed() || blame(wire, message, tag);
}

}  // namespace sentinel::ingest::otlp
