// What of OTLP protobuf is refused and why: types, text, cuts, numbers, nesting.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "ingest/support/otlp_request.h"

namespace sentinel::ingest::test {
namespace {

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

}  // namespace
}  // namespace sentinel::ingest::test
