// Requests of OTLP protobuf around one span, and what reading them gives.
#pragma once

#include <string>
#include <string_view>

#include "ingest/otlp/protobuf.h"
#include "ingest/support/events.h"
#include "ingest/support/proto_writer.h"

namespace sentinel::ingest::test {

inline const std::string kTraceId("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\xF0", 16);
inline const std::string kSpanId("\x00\x00\x00\x00\x00\x00\x00\xA3", 8);

inline ProtoWriter text_value(std::string_view text) { return ProtoWriter().bytes(1, text); }
inline ProtoWriter pair(std::string_view key, const ProtoWriter& value) {
  return ProtoWriter().bytes(1, key).message(2, value);
}
inline ProtoWriter pair(std::string_view key, std::string_view text) { return pair(key, text_value(text)); }

// A span that is an event: a statement of 2 ms.
inline ProtoWriter sql_span() {
  return ProtoWriter()
      .bytes(1, kTraceId)
      .bytes(2, kSpanId)
      .bytes(5, "SELECT shop")
      .number(6, 3)
      .fixed64(7, 1'772'439'300'250'000'000)
      .fixed64(8, 1'772'439'300'252'000'000)
      .message(9, pair("db.system", "postgresql"))
      .message(9, pair("db.statement", "SELECT * FROM lines WHERE cart_id = 77"));
}
inline ProtoWriter resource(std::string_view service) { return ProtoWriter().message(1, pair("service.name", service)); }
inline ProtoWriter scope(std::string_view name) { return ProtoWriter().bytes(1, name); }

inline std::string request_of(const ProtoWriter& span) {
  return ProtoWriter()
      .message(1, ProtoWriter()
                      .message(1, resource("cart-svc"))
                      .message(2, ProtoWriter().message(1, scope("io.opentelemetry.jdbc")).message(2, span)))
      .str();
}
inline std::string request_with(const ProtoWriter& more) { return request_of(sql_span().raw(more.str())); }

inline json outcome(const std::string& request) {
  IngestOptions options = default_options();
  options.format = &kOtlpProtobuf;
  return outcome_of(request, options);
}
inline const json& usual() {
  static const json value = outcome(request_of(sql_span()));
  return value;
}
inline json event(const std::string& request) {
  const json all = outcome(request);
  if (!all.contains("events") || all["events"].size() != 1) return all;
  return all["events"][0];
}

// "" when accepted, else what is wrong.
inline std::string refusal(const std::string& request) {
  const json all = outcome(request);
  return all.contains("error") ? all["error"].get<std::string>() : "";
}
constexpr const char* kAccepted = "";

// Fields that no version knows, of every wire type.
inline ProtoWriter unknown_fields() {
  return ProtoWriter()
      .number(1000, 300)
      .fixed64(1001, 1)
      .bytes(1002, "\xFF\xFE")
      .fixed32(1003, 1)
      .group(1004, ProtoWriter().number(1, 1).group(7, ProtoWriter().bytes(2, "x")).fixed32(3, 1));
}

}  // namespace sentinel::ingest::test
