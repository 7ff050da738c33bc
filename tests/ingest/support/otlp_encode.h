// OTLP JSON as OTLP protobuf, so that one document can be put to both decoders. Understands what the vectors use: hex ids,
// integers as numbers or decimal strings, every member of an any-value.
#pragma once

#include <string>

#include "ingest/support/proto_writer.h"
#include "support/json.h"

namespace sentinel::ingest::test {

namespace encode {

using nlohmann::json;

inline std::string bytes_of_hex(std::string hex) {
  if (hex.starts_with("0x")) hex.erase(0, 2);
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

inline std::uint64_t integer(const json& value) {
  if (!value.is_string())
    return value.is_number_unsigned() ? value.get<std::uint64_t>() : static_cast<std::uint64_t>(value.get<std::int64_t>());
  const auto text = value.get<std::string>();
  return text.starts_with('-') ? static_cast<std::uint64_t>(std::stoll(text)) : std::stoull(text);
}

// Calls `write(value)` when the object has the key and its value is not null.
template <class Write>
void with(const json& object, const char* key, Write write) {
  if (const auto found = object.find(key); found != object.end() && !found->is_null()) write(*found);
}
inline void text(ProtoWriter& to, unsigned field, const json& object, const char* key) {
  with(object, key, [&](const json& v) { to.bytes(field, v.get<std::string>()); });
}
inline void id(ProtoWriter& to, unsigned field, const json& object, const char* key) {
  with(object, key, [&](const json& v) { to.bytes(field, bytes_of_hex(v.get<std::string>())); });
}
inline void number(ProtoWriter& to, unsigned field, const json& object, const char* key) {
  with(object, key, [&](const json& v) { to.number(field, integer(v)); });
}
inline void time(ProtoWriter& to, unsigned field, const json& object, const char* key) {
  with(object, key, [&](const json& v) { to.fixed64(field, integer(v)); });
}
template <class Encode>
void list(ProtoWriter& to, unsigned field, const json& object, const char* key, Encode item) {
  with(object, key, [&](const json& v) {
    for (const json& element : v) to.message(field, item(element));
  });
}

inline ProtoWriter key_value(const json& pair);

inline ProtoWriter any_value(const json& value) {
  ProtoWriter out;
  for (const auto& [key, v] : value.items()) {
    if (key == "stringValue") out.bytes(1, v.get<std::string>());
    if (key == "boolValue") out.number(2, v.get<bool>() ? 1 : 0);
    if (key == "intValue") out.number(3, integer(v));
    if (key == "doubleValue") out.fixed64(4, __builtin_bit_cast(std::uint64_t, v.get<double>()));
    if (key == "bytesValue") out.bytes(7, v.get<std::string>());
    ProtoWriter values;
    if (key == "arrayValue") list(values, 1, v, "values", any_value);
    if (key == "kvlistValue") list(values, 1, v, "values", key_value);
    if (key == "arrayValue") out.message(5, values);
    if (key == "kvlistValue") out.message(6, values);
  }
  return out;
}

inline ProtoWriter key_value(const json& pair) {
  ProtoWriter out;
  text(out, 1, pair, "key");
  with(pair, "value", [&](const json& v) { out.message(2, any_value(v)); });
  return out;
}

inline ProtoWriter link(const json& link) {
  ProtoWriter out;
  id(out, 1, link, "traceId");
  id(out, 2, link, "spanId");
  text(out, 3, link, "traceState");
  list(out, 4, link, "attributes", key_value);
  return out;
}

inline ProtoWriter span(const json& span) {
  ProtoWriter out;
  id(out, 1, span, "traceId");
  id(out, 2, span, "spanId");
  text(out, 3, span, "traceState");
  id(out, 4, span, "parentSpanId");
  text(out, 5, span, "name");
  number(out, 6, span, "kind");
  time(out, 7, span, "startTimeUnixNano");
  time(out, 8, span, "endTimeUnixNano");
  list(out, 9, span, "attributes", key_value);
  list(out, 13, span, "links", link);
  return out;
}

inline ProtoWriter scope_spans(const json& scope) {
  ProtoWriter out;
  with(scope, "scope", [&](const json& v) {
    ProtoWriter inner;
    text(inner, 1, v, "name");
    text(inner, 2, v, "version");
    out.message(1, inner);
  });
  list(out, 2, scope, "spans", span);
  text(out, 3, scope, "schemaUrl");
  return out;
}

inline ProtoWriter resource_spans(const json& block) {
  ProtoWriter out;
  with(block, "resource", [&](const json& v) {
    ProtoWriter inner;
    list(inner, 1, v, "attributes", key_value);
    out.message(1, inner);
  });
  list(out, 2, block, "scopeSpans", scope_spans);
  text(out, 3, block, "schemaUrl");
  return out;
}

}  // namespace encode

inline std::string otlp_protobuf(const nlohmann::json& request) {
  ProtoWriter out;
  encode::list(out, 1, request, "resourceSpans", encode::resource_spans);
  return out.str();
}

}  // namespace sentinel::ingest::test
