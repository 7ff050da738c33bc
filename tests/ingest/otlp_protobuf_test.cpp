// What OTLP protobuf is accepted, what is refused and why, and that the order on the wire means nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "ingest/otlp/protobuf.h"
#include "ingest/support/events.h"
#include "ingest/support/proto_writer.h"

namespace sentinel::ingest::test {
namespace {

const std::string kTraceId("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\xF0", 16);
const std::string kSpanId("\x00\x00\x00\x00\x00\x00\x00\xA3", 8);

ProtoWriter text_value(std::string_view text) { return ProtoWriter().bytes(1, text); }
ProtoWriter pair(std::string_view key, const ProtoWriter& value) { return ProtoWriter().bytes(1, key).message(2, value); }
ProtoWriter pair(std::string_view key, std::string_view text) { return pair(key, text_value(text)); }

// A span that is an event: a statement of 2 ms.
ProtoWriter sql_span() {
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
ProtoWriter resource(std::string_view service) { return ProtoWriter().message(1, pair("service.name", service)); }
ProtoWriter scope(std::string_view name) { return ProtoWriter().bytes(1, name); }

std::string request_of(const ProtoWriter& span) {
  return ProtoWriter()
      .message(1, ProtoWriter()
                      .message(1, resource("cart-svc"))
                      .message(2, ProtoWriter().message(1, scope("io.opentelemetry.jdbc")).message(2, span)))
      .str();
}
std::string request_with(const ProtoWriter& more) { return request_of(sql_span().raw(more.str())); }

json outcome(const std::string& request) {
  IngestOptions options = default_options();
  options.format = &kOtlpProtobuf;
  return outcome_of(request, options);
}
const json& usual() {
  static const json value = outcome(request_of(sql_span()));
  return value;
}
json event(const std::string& request) {
  const json all = outcome(request);
  if (!all.contains("events") || all["events"].size() != 1) return all;
  return all["events"][0];
}

// "" when accepted, else what is wrong.
std::string refusal(const std::string& request) {
  const json all = outcome(request);
  return all.contains("error") ? all["error"].get<std::string>() : "";
}
constexpr const char* kAccepted = "";

TEST(OtlpProtobuf, ASpanBecomesAnEvent) {
  const json got = usual();
  ASSERT_TRUE(got.contains("events")) << got;
  ASSERT_EQ(got["events"].size(), 1U);
  const json& e = got["events"][0];
  EXPECT_EQ(e["timestamp"], "2026-03-02T08:15:00.250Z");
  EXPECT_EQ(e["trace_id"], "0102030405060708090a0b0c0d0e0ff0");
  EXPECT_EQ(e["span_id"], "00000000000000a3");
  EXPECT_FALSE(e.contains("parent_span_id"));
  EXPECT_EQ(e["service"], "cart-svc");
  EXPECT_EQ(e["operation"], "postgresql");
  EXPECT_EQ(e["template"], "SELECT * FROM lines WHERE cart_id = ?");
  EXPECT_EQ(e["duration_us"], 2000);
  EXPECT_EQ(e["instrumentation_scopes"], json({"io.opentelemetry.jdbc"}));
  EXPECT_EQ(got["tally"]["received"], 1);
  EXPECT_EQ(got["tally"]["retained_sql"], 1);
}

// -- ids

TEST(OtlpProtobuf, IdsOfAnyLengthAreTheHexOfTheirBytes) {
  for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 15U, 16U, 17U, 31U, 32U, 33U, 64U}) {
    std::string id;
    std::string hex;
    for (std::size_t i = 0; i < size; ++i) {
      const auto byte = static_cast<unsigned char>(i * 37 + 11);
      id += static_cast<char>(byte);
      char digits[3];
      std::snprintf(digits, sizeof digits, "%02x", byte);
      hex += digits;
    }
    const json e = event(request_with(ProtoWriter().bytes(1, id).bytes(2, id).bytes(4, id)));
    EXPECT_EQ(e["trace_id"], hex);
    EXPECT_EQ(e["span_id"], hex);
    EXPECT_EQ(e.value("parent_span_id", "none"), size == 0 ? "none" : hex);
  }
}

TEST(OtlpProtobuf, ASpanWithoutFieldsIsASpanThatIsNoIo) {
  const json got = outcome(request_of({}));
  EXPECT_EQ(got["events"].size(), 0U);
  EXPECT_EQ(got["tally"]["received"], 1);
  EXPECT_EQ(got["tally"]["not_io"], 1);
}

// -- values

TEST(OtlpProtobuf, TheLastMemberOfAValueCounts) {
  const auto service = [](const ProtoWriter& value) {
    return event(ProtoWriter()
                     .message(1, ProtoWriter()
                                     .message(1, ProtoWriter().message(1, pair("service.name", value)))
                                     .message(2, ProtoWriter().message(2, sql_span())))
                     .str())["service"];
  };
  EXPECT_EQ(service(text_value("a").bytes(1, "b")), "b");
  EXPECT_EQ(service(ProtoWriter().number(3, 5).bytes(1, "b")), "b");
  EXPECT_EQ(service(text_value("a").number(3, 5)), "unknown");
  EXPECT_EQ(service(text_value("a").number(2, 1)), "unknown");
  EXPECT_EQ(service(text_value("a").fixed64(4, 0)), "unknown");
  EXPECT_EQ(service(text_value("a").message(5, {})), "unknown");
  EXPECT_EQ(service(text_value("a").message(6, {})), "unknown");
  EXPECT_EQ(service(text_value("a").bytes(7, "x")), "unknown");
  EXPECT_EQ(service(text_value("a").number(9, 1)), "a");
  EXPECT_EQ(service({}), "unknown");
  EXPECT_EQ(service(text_value("")), "");
}

TEST(OtlpProtobuf, AValueThatComesInPiecesIsMerged) {
  const auto statement = [](const ProtoWriter& pair) {
    return event(request_with(ProtoWriter().message(9, pair)))["template"];
  };
  EXPECT_EQ(statement(pair("db.statement", "A").message(2, text_value("B"))), "B");
  EXPECT_EQ(statement(pair("db.statement", "A").message(2, {})), "A");
  EXPECT_EQ(statement(ProtoWriter().message(2, text_value("B")).bytes(1, "x").bytes(1, "db.statement")), "B");
}

TEST(OtlpProtobuf, IntegersAreSignedAndTakeUpToTenBytes) {
  const auto size = [](const ProtoWriter& value) {
    return event(
               request_of(
                   ProtoWriter().message(9, pair("http.url", "http://a/x")).message(9, pair("http.response.body.size", value))))
        .value("response_size_bytes", json("none"));
  };
  EXPECT_EQ(size(ProtoWriter().number(3, 127)), 127);
  EXPECT_EQ(size(ProtoWriter().number(3, 128)), 128);
  EXPECT_EQ(size(ProtoWriter().number(3, 0x7FFFFFFFFFFFFFFF)), 0x7FFFFFFFFFFFFFFF);
  EXPECT_EQ(size(ProtoWriter().number(3, static_cast<std::uint64_t>(-1))), "none");
  EXPECT_EQ(size(ProtoWriter().tag(3, 0).raw_varint(5, 10)), 5);
  EXPECT_EQ(size(text_value("5")), "none");
}

TEST(OtlpProtobuf, KindKeepsTheLow32Bits) {
  const auto is_call = [](std::uint64_t kind) {
    return outcome(request_of(ProtoWriter()
                                  .number(6, kind)
                                  .message(9, pair("rpc.system", "grpc"))
                                  .message(9, pair("rpc.service", "Cart"))
                                  .message(9, pair("rpc.method", "Get"))))["events"]
               .size() == 1;
  };
  EXPECT_TRUE(is_call(3));
  EXPECT_TRUE(is_call((std::uint64_t{7} << 32) + 3));
  EXPECT_FALSE(is_call(2));
  EXPECT_FALSE(is_call(static_cast<std::uint64_t>(-3)));
}

TEST(OtlpProtobuf, LongKeysAndValuesAreReadLikeShortOnes) {
  for (const std::size_t size : {1U, 15U, 16U, 31U, 32U, 33U, 60U, 113U, 114U, 127U, 128U, 129U, 16'383U, 16'384U}) {
    const std::string name = "x" + std::string(size - 1, 'y');
    EXPECT_EQ(event(request_with(ProtoWriter().message(9, pair("db.statement", name))))["template"], name) << size;
    EXPECT_EQ(outcome(request_with(ProtoWriter().message(9, pair(name, "v")))), usual()) << size;
    const std::string accent = name + "\xC3\xA9";
    EXPECT_EQ(event(request_with(ProtoWriter().message(9, pair("db.statement", accent))))["template"], accent) << size;
    EXPECT_NE(refusal(request_with(ProtoWriter().message(9, pair("db.statement", name + "\xC3")))), kAccepted) << size;
    EXPECT_NE(refusal(request_with(ProtoWriter().message(9, pair(name + "\xC3", "v")))), kAccepted) << size;
  }
}

// -- links

TEST(OtlpProtobuf, OnlyTheFirstLinkCounts) {
  const auto link_to = [](char byte) { return ProtoWriter().bytes(1, std::string(16, byte)); };
  const auto consumer = [&](const ProtoWriter& links) {
    const std::string span_id(8, '\x01');
    const ProtoWriter above = ProtoWriter().bytes(1, kTraceId).bytes(2, span_id).number(6, 5).raw(links.str());
    return event(ProtoWriter()
                     .message(
                         1, ProtoWriter().message(2, ProtoWriter().message(2, above).message(2, sql_span().bytes(4, span_id))))
                     .str())
        .value("link_trace_id", "none");
  };
  EXPECT_EQ(consumer(ProtoWriter().message(13, link_to('\x22')).message(13, link_to('\x33'))), std::string(32, '2'));
  EXPECT_EQ(consumer(ProtoWriter().message(13, {}).message(13, link_to('\x33'))), "none");
  EXPECT_EQ(consumer(ProtoWriter().message(13, link_to('\x22').bytes(1, std::string(16, '\x44')))), std::string(32, '4'));
  EXPECT_EQ(consumer({}), "none");
}

// -- order and merging

TEST(OtlpProtobuf, TheOrderOfFieldsMeansNothing) {
  const ProtoWriter r = ProtoWriter().message(1, resource("cart-svc"));
  const ProtoWriter s =
      ProtoWriter().message(2, ProtoWriter().message(2, sql_span()).message(1, scope("io.opentelemetry.jdbc")));
  const ProtoWriter u = ProtoWriter().bytes(3, "https://schema");
  std::vector<std::string> fields = {r.str(), s.str(), u.str()};
  std::ranges::sort(fields);
  do {
    ProtoWriter block;
    for (const std::string& field : fields) block.raw(field);
    EXPECT_EQ(outcome(ProtoWriter().message(1, block).str()), usual());
  } while (std::ranges::next_permutation(fields).found);
}

TEST(OtlpProtobuf, FieldsOfASpanMayStandInAnyOrder) {
  std::vector<std::string> fields = {
      ProtoWriter().bytes(1, kTraceId).str(),
      ProtoWriter().bytes(2, kSpanId).str(),
      ProtoWriter().number(6, 3).str(),
      ProtoWriter().fixed64(7, 1'772'439'300'250'000'000).str(),
      ProtoWriter().fixed64(8, 1'772'439'300'252'000'000).str(),
      ProtoWriter().message(9, pair("db.system", "postgresql")).str(),
      ProtoWriter().message(9, pair("db.statement", "SELECT * FROM lines WHERE cart_id = 77")).str()};
  std::ranges::sort(fields);
  std::size_t n = 0;
  do {
    if (n++ % 50 != 0) continue;
    ProtoWriter span;
    for (const std::string& field : fields) span.raw(field);
    EXPECT_EQ(outcome(request_of(span)), usual());
  } while (std::ranges::next_permutation(fields).found);
}

TEST(OtlpProtobuf, ResourcesAndScopesThatComeTwiceAreMerged) {
  const ProtoWriter region = ProtoWriter().message(1, pair("cloud.region", "eu-west-3"));
  const ProtoWriter spans = ProtoWriter()
                                .message(1, scope("first"))
                                .message(2, sql_span())
                                .message(1, scope("second"))
                                .message(1, ProtoWriter().bytes(2, "1.0"));
  const json e = event(
      ProtoWriter()
          .message(1, ProtoWriter().message(1, region).message(2, spans).message(1, resource("a")).message(1, resource("b")))
          .str());
  EXPECT_EQ(e["service"], "a");  // the first of a repeated key
  EXPECT_EQ(e["cloud_region"], "eu-west-3");
  EXPECT_EQ(e["instrumentation_scopes"], json({"second"}));
}

TEST(OtlpProtobuf, ABlockDoesNotInheritFromTheOneBefore) {
  const ProtoWriter bare = ProtoWriter().message(2, ProtoWriter().message(2, sql_span()));
  const ProtoWriter full = ProtoWriter()
                               .message(1, resource("a").message(1, pair("k8s.namespace.name", "shop")))
                               .message(2, ProtoWriter().message(1, scope("jdbc")).message(2, sql_span()));
  const json got = outcome(ProtoWriter().message(1, full).message(1, bare).str());
  ASSERT_EQ(got["events"].size(), 2U) << got;
  EXPECT_EQ(got["events"][0]["grouping"], json({{{"key", "k8s.namespace.name"}, {"value", "shop"}}}));
  EXPECT_EQ(got["events"][1]["service"], "unknown");
  EXPECT_FALSE(got["events"][1].contains("grouping"));
  EXPECT_FALSE(got["events"][1].contains("instrumentation_scopes"));
}

// -- what is skipped

ProtoWriter unknown_fields() {
  return ProtoWriter()
      .number(1000, 300)
      .fixed64(1001, 1)
      .bytes(1002, "\xFF\xFE")
      .fixed32(1003, 1)
      .group(1004, ProtoWriter().number(1, 1).group(7, ProtoWriter().bytes(2, "x")).fixed32(3, 1));
}

TEST(OtlpProtobuf, UnknownFieldsOfEveryKindAreSkippedEverywhere) {
  const std::string u = unknown_fields().str();
  const ProtoWriter span = ProtoWriter()
                               .raw(u)
                               .raw(sql_span().str())
                               .message(9, pair("x", text_value("y").raw(u)).raw(u))
                               .message(9, pair("x", ProtoWriter().message(5, ProtoWriter().raw(u))))
                               .message(9, pair("x", ProtoWriter().message(6, ProtoWriter().raw(u))))
                               .message(11, ProtoWriter().raw(u))
                               .message(13, ProtoWriter().raw(u))
                               .message(15, ProtoWriter().raw(u))
                               .raw(u);
  const std::string request =
      ProtoWriter()
          .raw(u)
          .message(1, ProtoWriter()
                          .raw(u)
                          .message(1, ProtoWriter().raw(u).raw(resource("cart-svc").str()).message(3, ProtoWriter().raw(u)))
                          .message(2, ProtoWriter().message(1, scope("io.opentelemetry.jdbc").raw(u)).raw(u).message(2, span)))
          .raw(u)
          .str();
  json expected = usual();
  EXPECT_EQ(outcome(request), expected);
}

TEST(OtlpProtobuf, GroupsMustCloseAsTheyOpen) {
  const auto with = [](const ProtoWriter& raw) { return refusal(request_with(raw)); };
  EXPECT_EQ(with(ProtoWriter().group(50, {})), kAccepted);
  EXPECT_NE(with(ProtoWriter().tag(50, 3)), kAccepted);
  EXPECT_NE(with(ProtoWriter().tag(50, 4)), kAccepted);
  EXPECT_NE(with(ProtoWriter().tag(50, 3).tag(51, 4)), kAccepted);
  EXPECT_NE(with(ProtoWriter().tag(50, 3).tag(51, 3).tag(50, 4).tag(51, 4)), kAccepted);
  EXPECT_NE(with(ProtoWriter().group(5, {})), kAccepted);  // a known field
}

// -- what is refused

TEST(OtlpProtobuf, AKnownFieldWithAnotherWireTypeIsRefusedEverywhere) {
  struct Known {
    const char* message;
    std::function<std::string(const ProtoWriter&)> holding;  // a request with these fields in such a message
    std::vector<unsigned> wire_types;                        // of fields 1, 2, …; 9 = none
  };
  const auto in_span = [](unsigned field) {
    return [field](const ProtoWriter& w) { return request_with(ProtoWriter().message(field, w)); };
  };
  const auto in_value = [](unsigned field) {
    return [field](const ProtoWriter& w) {
      return request_with(ProtoWriter().message(9, pair("x", field == 0 ? w : ProtoWriter().message(field, w))));
    };
  };
  const auto in_block = [](unsigned field) {
    return [field](const ProtoWriter& w) { return ProtoWriter().message(1, ProtoWriter().message(field, w)).str(); };
  };
  const std::vector<Known> messages = {
      {"request", [](const ProtoWriter& w) { return w.str(); }, {2}},
      {"block", [](const ProtoWriter& w) { return ProtoWriter().message(1, w).str(); }, {2, 2, 2}},
      {"resource", in_block(1), {2, 0, 2}},
      {"scope spans", in_block(2), {2, 2, 2}},
      {"entity",
       [](const ProtoWriter& w) {
         return ProtoWriter().message(1, ProtoWriter().message(1, ProtoWriter().message(3, w))).str();
       },
       {2, 2, 2, 2}},
      {"scope",
       [](const ProtoWriter& w) {
         return ProtoWriter().message(1, ProtoWriter().message(2, ProtoWriter().message(1, w))).str();
       },
       {2, 2, 2, 0}},
      {"span", [](const ProtoWriter& w) { return request_of(w); }, {2, 2, 2, 2, 2, 0, 1, 1, 2, 0, 2, 0, 2, 0, 2, 5}},
      {"event", in_span(11), {1, 2, 2, 0}},
      {"link", in_span(13), {2, 2, 2, 2, 0, 5}},
      {"status", in_span(15), {9, 2, 0}},
      {"key-value", in_span(9), {2, 2, 0}},
      {"value", in_value(0), {2, 0, 0, 1, 2, 2, 2, 0}},
      {"list", in_value(5), {2}},
      {"map", in_value(6), {2}},
  };
  const auto field_of = [](unsigned field, unsigned wire_type) {
    ProtoWriter w;
    if (wire_type == 0) w.number(field, 1);
    if (wire_type == 1) w.fixed64(field, 1);
    if (wire_type == 2) w.bytes(field, "");
    if (wire_type == 3) w.group(field, {});
    if (wire_type == 5) w.fixed32(field, 1);
    return w;
  };
  for (const Known& message : messages) {
    for (unsigned field = 1; field <= message.wire_types.size() + 1; ++field) {
      const unsigned own = field <= message.wire_types.size() ? message.wire_types[field - 1] : 9;
      for (const unsigned wire_type : {0U, 1U, 2U, 3U, 5U}) {
        const std::string why = refusal(message.holding(field_of(field, wire_type)));
        EXPECT_EQ(why.empty(), own == 9 || own == wire_type)
            << message.message << ", field " << field << ", wire type " << wire_type << ": " << why;
      }
      for (const unsigned wire_type : {4U, 6U, 7U}) {
        EXPECT_NE(refusal(message.holding(ProtoWriter().tag(field, wire_type))), kAccepted)
            << message.message << ", field " << field << ", wire type " << wire_type;
      }
    }
  }
}

TEST(OtlpProtobuf, TextThatIsNotUtf8IsRefusedInEveryStringField) {
  const auto span_with = [](const ProtoWriter& w) { return request_with(w); };
  const auto value = [&](const ProtoWriter& v) { return span_with(ProtoWriter().message(9, pair("x", v))); };
  const auto block = [](const ProtoWriter& w) { return ProtoWriter().message(1, w).str(); };
  const std::vector<std::pair<const char*, std::function<std::string(std::string_view)>>> fields = {
      {"ResourceSpans.schema_url", [&](std::string_view t) { return block(ProtoWriter().bytes(3, t)); }},
      {"EntityRef.schema_url",
       [&](std::string_view t) {
         return block(ProtoWriter().message(1, ProtoWriter().message(3, ProtoWriter().bytes(1, t))));
       }},
      {"EntityRef.type",
       [&](std::string_view t) {
         return block(ProtoWriter().message(1, ProtoWriter().message(3, ProtoWriter().bytes(2, t))));
       }},
      {"EntityRef.id_keys",
       [&](std::string_view t) {
         return block(ProtoWriter().message(1, ProtoWriter().message(3, ProtoWriter().bytes(3, t))));
       }},
      {"EntityRef.description_keys",
       [&](std::string_view t) {
         return block(ProtoWriter().message(1, ProtoWriter().message(3, ProtoWriter().bytes(4, t))));
       }},
      {"KeyValue.key",
       [&](std::string_view t) { return block(ProtoWriter().message(1, ProtoWriter().message(1, pair(t, "v")))); }},
      {"AnyValue.string_value",
       [&](std::string_view t) { return block(ProtoWriter().message(1, ProtoWriter().message(1, pair("k", t)))); }},
      {"ScopeSpans.schema_url", [&](std::string_view t) { return block(ProtoWriter().message(2, ProtoWriter().bytes(3, t))); }},
      {"InstrumentationScope.name",
       [&](std::string_view t) {
         return block(ProtoWriter().message(2, ProtoWriter().message(1, ProtoWriter().bytes(1, t))));
       }},
      {"InstrumentationScope.version",
       [&](std::string_view t) {
         return block(ProtoWriter().message(2, ProtoWriter().message(1, ProtoWriter().bytes(2, t))));
       }},
      {"Span.trace_state", [&](std::string_view t) { return span_with(ProtoWriter().bytes(3, t)); }},
      {"Span.name", [&](std::string_view t) { return span_with(ProtoWriter().bytes(5, t)); }},
      {"KeyValue.key", [&](std::string_view t) { return span_with(ProtoWriter().message(9, pair(t, "v"))); }},
      {"AnyValue.string_value", [&](std::string_view t) { return span_with(ProtoWriter().message(9, pair("k", t))); }},
      {"AnyValue.string_value",
       [&](std::string_view t) { return value(ProtoWriter().message(5, ProtoWriter().message(1, text_value(t)))); }},
      {"KeyValue.key",
       [&](std::string_view t) { return value(ProtoWriter().message(6, ProtoWriter().message(1, pair(t, "")))); }},
      {"AnyValue.string_value",
       [&](std::string_view t) { return value(ProtoWriter().message(6, ProtoWriter().message(1, pair("", t)))); }},
      {"Span.Event.name", [&](std::string_view t) { return span_with(ProtoWriter().message(11, ProtoWriter().bytes(2, t))); }},
      {"KeyValue.key",
       [&](std::string_view t) { return span_with(ProtoWriter().message(11, ProtoWriter().message(3, pair(t, "")))); }},
      {"Span.Link.trace_state",
       [&](std::string_view t) { return span_with(ProtoWriter().message(13, ProtoWriter().bytes(3, t))); }},
      {"AnyValue.string_value",
       [&](std::string_view t) { return span_with(ProtoWriter().message(13, ProtoWriter().message(4, pair("", t)))); }},
      {"Status.message", [&](std::string_view t) { return span_with(ProtoWriter().message(15, ProtoWriter().bytes(2, t))); }},
  };
  const std::vector<std::string> bad = {"\xFF", "a\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "cut \xE2\x82"};
  for (const auto& [name, request] : fields) {
    for (const std::string& text : bad) {
      // Once at the end of the request, once with other bytes behind.
      for (const std::string& behind : {std::string(), ProtoWriter().bytes(99, std::string(64, 'x')).str()}) {
        const std::string why = refusal(request(text) + behind);
        EXPECT_NE(why.find("a string is not UTF-8"), std::string::npos) << name << ": " << why;
        EXPECT_NE(why.find(name), std::string::npos) << name << ": " << why;
      }
    }
    EXPECT_EQ(refusal(request("\xC3\xA9t\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80")), kAccepted) << name;
  }
  // Bytes are no text.
  EXPECT_EQ(refusal(request_with(ProtoWriter().message(9, pair("x", ProtoWriter().bytes(7, "\xFF"))))), kAccepted);
}

TEST(OtlpProtobuf, EveryCutInsideAFieldIsRefusedAndSaysWhere) {
  const ProtoWriter span = sql_span()
                               .bytes(3, "a=b")
                               .fixed32(16, 1)
                               .number(10, 300)
                               .message(11, ProtoWriter().fixed64(1, 5).bytes(2, "event").message(3, pair("k", "v")))
                               .message(13, ProtoWriter().bytes(1, kTraceId).fixed32(6, 1))
                               .message(15, ProtoWriter().bytes(2, "message").number(3, 2))
                               .raw(unknown_fields().str());
  const std::string request = request_of(span);
  ASSERT_EQ(refusal(request), kAccepted);
  for (std::size_t size = 2; size < request.size(); ++size) {  // the first byte alone is a line break: no data
    const std::string why = refusal(request.substr(0, size));
    EXPECT_EQ(why.find("input: byte "), 0U) << size << ": " << why;
  }
}

TEST(OtlpProtobuf, ARefusalNamesTheByteAndTheField) {
  const ProtoWriter block = ProtoWriter().message(2, ProtoWriter().message(2, ProtoWriter().bytes(5, "n\xFF")));
  EXPECT_EQ(refusal(ProtoWriter().message(1, block).str()),
            "input: byte 8, Span.name: invalid otlp-protobuf input: a string is not UTF-8");
  EXPECT_EQ(refusal(ProtoWriter().tag(1, 2).raw_varint(5).str()),
            "input: byte 1, ExportTraceServiceRequest.resource_spans: invalid otlp-protobuf input: a field is longer than what "
            "holds it");
}

TEST(OtlpProtobuf, FieldNumbersEndWhereTheStandardEndsThem) {
  const auto numbered = [](std::uint64_t field) { return refusal(ProtoWriter().raw_varint(field << 3).raw_varint(1).str()); };
  EXPECT_NE(numbered(0), kAccepted);
  EXPECT_EQ(numbered(2), kAccepted);
  EXPECT_EQ(numbered(536'870'911), kAccepted);
  EXPECT_NE(numbered(536'870'912), kAccepted);
  EXPECT_EQ(refusal(ProtoWriter().raw_varint(2 << 3, 10).raw_varint(1).str()), kAccepted);
}

TEST(OtlpProtobuf, NumbersHave64Bits) {
  const auto raw = [](std::string_view bytes) { return refusal(request_with(ProtoWriter().tag(10, 0).raw(bytes))); };
  EXPECT_EQ(raw("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), kAccepted);
  EXPECT_NE(raw("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"), kAccepted);
  EXPECT_NE(raw("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), kAccepted);
}

// -- nesting

std::string nested_values(unsigned levels, bool maps) {
  ProtoWriter value = text_value("leaf");
  for (unsigned i = 0; i < levels; ++i) {
    value = maps ? ProtoWriter().message(6, ProtoWriter().message(1, pair("k", value)))
                 : ProtoWriter().message(5, ProtoWriter().message(1, value));
  }
  return request_with(ProtoWriter().message(9, pair("x", value)));
}

TEST(OtlpProtobuf, NestingIsLimitedTo100MessagesBelowTheRequest) {
  EXPECT_EQ(refusal(nested_values(47, false)), kAccepted);
  EXPECT_NE(refusal(nested_values(48, false)).find("nested deeper than 100 messages"), std::string::npos);
  EXPECT_EQ(refusal(nested_values(31, true)), kAccepted);
  EXPECT_NE(refusal(nested_values(32, true)).find("nested deeper than 100 messages"), std::string::npos);
  EXPECT_NE(refusal(nested_values(20'000, false)), kAccepted);
}

TEST(OtlpProtobuf, UnknownGroupsCountAsNesting) {
  const auto groups = [](unsigned levels) {
    ProtoWriter group;
    for (unsigned i = 0; i < levels; ++i) group = ProtoWriter().group(99, group);
    return group;
  };
  EXPECT_EQ(refusal(groups(100).str()), kAccepted);
  EXPECT_NE(refusal(groups(101).str()), kAccepted);
  EXPECT_EQ(refusal(request_with(groups(97))), kAccepted);  // a span is the third message down
  EXPECT_NE(refusal(request_with(groups(98))), kAccepted);
}

// -- the whole

TEST(OtlpProtobuf, InputWithoutDataIsRefusedAsSuch) {
  EXPECT_EQ(refusal(""), "input: the input is empty: the capture or export produced nothing (check what wrote it)");
  EXPECT_EQ(refusal(" \r\n"), refusal(""));
}

TEST(OtlpProtobuf, ARefusedRequestLeavesNothingBehind) {
  const IngestOptions options = default_options();
  Worker worker(options.settings);
  Decoded out;
  ASSERT_TRUE(decode_otlp_protobuf(request_of(sql_span()), worker, out).ok());
  ASSERT_EQ(out.records.size(), 1U);
  const std::size_t marks = out.marks.size();
  const std::string good = request_of(sql_span());
  EXPECT_FALSE(decode_otlp_protobuf(good + good + "\x0A\x7F", worker, out).ok());
  EXPECT_EQ(out.records.size(), 1U);
  EXPECT_EQ(out.nodes.size(), 1U);
  EXPECT_EQ(out.resources.size(), 1U);
  EXPECT_EQ(out.marks.size(), marks);
  EXPECT_EQ(out.tally.received, 1U);
  EXPECT_EQ(out.tally.retained_sql, 1U);
}

TEST(OtlpProtobuf, AnEmptyRequestIsAccepted) {
  const IngestOptions options = default_options();
  Worker worker(options.settings);
  Decoded out;
  EXPECT_TRUE(decode_otlp_protobuf({}, worker, out).ok());
  EXPECT_TRUE(out.nodes.empty());
}

}  // namespace
}  // namespace sentinel::ingest::test
