// What OTLP protobuf means, and that the order on the wire means nothing. What is refused is in otlp_protobuf_refused_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "ingest/support/otlp_request.h"

namespace sentinel::ingest::test {
namespace {

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
