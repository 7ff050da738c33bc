#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "support/json.h"

namespace sentinel::base {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

void sample(JsonWriter& w) {
  w.begin_object().field("name", "a\"b").key("empty").begin_array().end_array().key("list").begin_array();
  w.number(1).signed_number(-2).real(0.5).boolean(true).null().begin_object().end_object().end_array();
  w.key("raw").raw("{\"x\":1}").end_object();
}

TEST(JsonWriter, IndentsByTwoSpaces) {
  std::string out;
  JsonWriter w(out, JsonWriter::Style::kPretty);
  sample(w);
  EXPECT_EQ(out,
            "{\n  \"name\": \"a\\\"b\",\n  \"empty\": [],\n  \"list\": [\n    1,\n    -2,\n    0.5,\n    true,\n    null,\n    "
            "{}\n  ],\n"
            "  \"raw\": {\"x\":1}\n}");
}

TEST(JsonWriter, WritesNoBlanksWhenCompact) {
  std::string out;
  JsonWriter w(out, JsonWriter::Style::kCompact);
  sample(w);
  EXPECT_EQ(out, R"({"name":"a\"b","empty":[],"list":[1,-2,0.5,true,null,{}],"raw":{"x":1}})");
}

TEST(JsonWriter, WritesASingleValue) {
  std::string out;
  JsonWriter(out, JsonWriter::Style::kPretty).real(2);
  EXPECT_EQ(out, "2.0");
}

// Longer than the buffer, with something to escape at every place of it.
TEST(JsonWriter, LongTextsAndDeepNestingComeOutWhole) {
  for (std::size_t size = 500; size < 1600; size += 7) {
    std::string text(size, 'a');
    text[size / 2] = '"';
    text[size - 1] = '\n';
    std::string out;
    JsonWriter w(out, JsonWriter::Style::kPretty);
    for (int i = 0; i < 40; ++i) w.begin_array();
    w.string(text).begin_object().field(text, text).key("raw").raw("\"" + std::string(size, 'r') + "\"").end_object();
    for (int i = 0; i < 40; ++i) w.end_array();
    nlohmann::json expected = {text, {{text, text}, {"raw", std::string(size, 'r')}}};
    for (int i = 0; i < 39; ++i) expected = nlohmann::json::array({expected});
    ASSERT_EQ(out, expected.dump(2));
  }
}

TEST(JsonWriter, TheTextIsWholeAfterEachDocument) {
  std::string out;
  JsonWriter w(out, JsonWriter::Style::kCompact);
  w.begin_array().number(1).end_array();
  EXPECT_EQ(out, "[1]");
  out += '\n';
  w.number(2);
  EXPECT_EQ(out, "[1]\n2");
}

TEST(JsonWriter, ItemsWrittenApartStandWhereTheirContainerIsOpen) {
  for (const auto style : {JsonWriter::Style::kPretty, JsonWriter::Style::kCompact}) {
    const auto item = [](JsonWriter& w, std::uint64_t i) { w.begin_object().field("i", i).end_object(); };
    const auto end = [](JsonWriter& w) { w.end_array().field("after", 7).end_object(); };
    std::string whole;
    JsonWriter one(whole, style);
    one.begin_object().key("list").begin_array();
    for (std::uint64_t i = 0; i < 5; ++i) item(one, i);
    end(one);

    std::string head, first, second, tail;
    JsonWriter frame(head, style);
    frame.begin_object().key("list").begin_array().items_apart(tail);
    end(frame);
    JsonWriter a(first, style, 2, true);
    for (std::uint64_t i = 0; i < 2; ++i) item(a, i);
    JsonWriter b(second, style, 2, false);
    for (std::uint64_t i = 2; i < 5; ++i) item(b, i);
    EXPECT_EQ(head + first + second + tail, whole);
  }
}

TEST(JsonString, EscapesQuotesBackslashesAndControlsOnly) {
  EXPECT_EQ(escaped("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(escaped(std::string_view("\0\x1F", 2)), "\"\\u0000\\u001f\"");
  EXPECT_EQ(escaped("/\x7F é\u2028"), "\"/\x7F é\u2028\"");
}

TEST(JsonString, EscapesAtEveryPositionOfEveryLength) {
  for (std::size_t size = 1; size <= 50; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      text[at] = '\n';
      text[size / 2] = '"';
      ASSERT_EQ(parsed_json<nlohmann::json>(escaped(text)).get<std::string>(), text);
    }
  }
}

}  // namespace
}  // namespace sentinel::base
