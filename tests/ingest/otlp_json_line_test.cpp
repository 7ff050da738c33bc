// A protobuf request as the line that `capture` writes (chapter 02 §1.5).
#include <gtest/gtest.h>

#include "ingest/otlp/json_line.h"

namespace sentinel::ingest::otlp {
namespace {

std::string varint(std::uint64_t n) {
  std::string out;
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  return out + static_cast<char>(n);
}
std::string field(unsigned number, const std::string& bytes) { return varint(number << 3 | 2) + varint(bytes.size()) + bytes; }
std::string number(unsigned field, std::uint64_t n) { return varint(field << 3) + varint(n); }
std::string fixed64(unsigned field, std::uint64_t n) {
  std::string out = varint(field << 3 | 1);
  for (int i = 0; i < 8; ++i) out += static_cast<char>(n >> (8 * i));
  return out;
}

std::string line(const std::string& message) {
  EXPECT_TRUE(check_request(message).ok());
  std::string out;
  append_json_line(out, message);
  return out;
}

// What becomes of an AnyValue.
std::string value(const std::string& any_value) {
  const std::string text = line(field(1, field(1, field(1, field(1, "k") + field(2, any_value)))));
  const std::string before = R"({"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":)";
  const std::string after = R"(}],"droppedAttributesCount":0,"entityRefs":[]},"scopeSpans":[],"schemaUrl":""}]})";
  EXPECT_TRUE(text.starts_with(before) && text.ends_with(after)) << text;
  return text.substr(before.size(), text.size() - before.size() - after.size());
}

TEST(OtlpJsonLine, WritesEachKindOfValue) {
  EXPECT_EQ(value(""), "{}");
  EXPECT_EQ(value(field(1, "a\"\x01\n/\xC3\xA4")), "{\"stringValue\":\"a\\\"\\u0001\\n/\xC3\xA4\"}");
  EXPECT_EQ(value(field(1, "")), R"({"stringValue":""})");
  EXPECT_EQ(value(number(2, 5)), R"({"boolValue":true})");
  EXPECT_EQ(value(number(3, ~0ULL)), R"({"intValue":"-1"})");
  EXPECT_EQ(value(fixed64(4, 0x3FF8000000000000)), R"({"doubleValue":1.5})");
  EXPECT_EQ(value(fixed64(4, 0x7FF0000000000000)), R"({"doubleValue":"Infinity"})");
  EXPECT_EQ(value(field(7, "\x01\x02")), R"({"bytesValue":"AQI="})");
  EXPECT_EQ(value(number(8, 3)), R"({"stringValueStrindex":3})");
  EXPECT_EQ(value(field(5, field(1, field(1, "a")) + field(1, ""))), R"({"arrayValue":{"values":[{"stringValue":"a"},{}]}})");
  EXPECT_EQ(value(field(6, field(1, field(1, "x")))), R"({"kvlistValue":{"values":[{"key":"x","value":null}]}})");
}

TEST(OtlpJsonLine, OfSeveralMembersTheLastCounts) {
  EXPECT_EQ(value(field(1, "a") + number(3, 7)), R"({"intValue":"7"})");
  EXPECT_EQ(value(number(3, 7) + field(1, "a")), R"({"stringValue":"a"})");
  const std::string one = field(1, number(3, 1));
  EXPECT_EQ(value(field(5, one) + field(5, one)), R"({"arrayValue":{"values":[{"intValue":"1"},{"intValue":"1"}]}})");
  EXPECT_EQ(value(field(5, one) + field(1, "a") + field(5, one)), R"({"arrayValue":{"values":[{"intValue":"1"}]}})");
}

TEST(OtlpJsonLine, AMessageThatComesInPiecesIsOne) {
  EXPECT_EQ(
      line(field(1, field(1, number(2, 3)) + field(3, "s") + field(1, field(1, field(1, "k"))))),
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":null}],"droppedAttributesCount":3,"entityRefs":[]},)"
      R"("scopeSpans":[],"schemaUrl":"s"}]})");
}

TEST(OtlpJsonLine, FieldsThatNobodyKnowsAreLost) {
  const std::string group =
      varint(99 << 3 | 3) + number(1, 5) + field(2, "x") + varint(98 << 3 | 3) + varint(98 << 3 | 4) + varint(99 << 3 | 4);
  EXPECT_EQ(line(group + number(50, 1) + fixed64(51, 1) + field(52, "x")), R"({"resourceSpans":[]})");
  EXPECT_EQ(value(group + number(2, 1) + number(20, 9)), R"({"boolValue":true})");
}

TEST(OtlpJsonLine, CountsItsSpans) {
  std::string out;
  const std::string scope = field(2, field(2, "") + field(2, ""));
  EXPECT_EQ(append_json_line(out, field(1, scope + scope) + field(1, scope)), 6U);
}

TEST(OtlpJsonLine, WhatIsNoRequestIsSaid) {
  EXPECT_EQ(check_request("\xFF\xFF").error().what.substr(0, 23), "invalid otlp-protobuf: ");
  EXPECT_FALSE(check_request(field(1, field(3, "\xFF"))).ok());
  EXPECT_TRUE(check_request("").ok());
}

}  // namespace
}  // namespace sentinel::ingest::otlp
