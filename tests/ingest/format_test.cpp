// The table of chapter 01 §4.3, with recognition by structure where the chapter leaves that open.
#include "ingest/format.h"

#include <gtest/gtest.h>

#include <string>

namespace sentinel::ingest {
namespace {

struct Case {
  std::string text;
  const Format& format;
};

TEST(Recognise, FollowsTheTableOfTheChapter) {
  const Case cases[] = {
      {R"({"resourceSpans":[]})", kOtlpJson},
      {R"({ "x":{"resourceSpans":1}, "resourceSpans" : []})", kOtlpJson},
      {R"({"data":[{"spans":[]}],"resourceSpans":[]})", kOtlpJson},
      {R"({"resource_spans":[]})", kOtlpJson},
      {R"({"data":[{"traceID":"a","spans":[]}]})", kJaeger},
      {R"({"a":"resourceSpans"})", kNative},
      {R"([{"traceId":"1","localEndpoint":{}}])", kZipkin},
      {R"([{"traceId":"1","id":"2"}])", kNative},
      {"[]", kNative},
      {"\xEF\xBB\xBF{\"resourceSpans\":[]}", kNative},  // the mark is removed before
      {" \n\t\u2003{\"resourceSpans\":[]}", kOtlpJson},
      {"", kNative},
      {"null", kNative},
      {"\"resourceSpans\":[]", kNative},
  };
  for (const Case& c : cases) EXPECT_EQ(recognise(c.text).name, c.format.name) << c.text;
}

TEST(Recognise, OnlyKeysOfTheRootCount) {
  for (const char* text : {R"({"x":{"resourceSpans":[]}})", R"({"x":["resourceSpans"]})", R"({"x":"\"resourceSpans\":"})",
                           R"({"resource\u0053pans":[]})", R"({"resourceSpans)", R"({"data)", R"({"x":[{"data":[]}]})"}) {
    EXPECT_EQ(recognise(text).name, kNative.name) << text;
  }
  EXPECT_EQ(recognise("{\"resourceSpans\"\n\t :[]}").name, kOtlpJson.name);
  EXPECT_EQ(recognise("{\"x\":\"\\\\\",\"data\":1}").name, kJaeger.name);
}

TEST(Recognise, AnEmptyJaegerAnswerIsJaeger) { EXPECT_EQ(recognise(R"({"data":[]})").name, kJaeger.name); }

TEST(Recognise, ReachesBeyondAnyWindow) {
  const std::string long_text(10'000, 'x');
  EXPECT_EQ(recognise(R"({"x":")" + long_text + R"(","resourceSpans":[]})").name, kOtlpJson.name);
  EXPECT_EQ(recognise(R"([{"traceId":"1","name":")" + long_text + R"(","localEndpoint":{}}])").name, kZipkin.name);
  EXPECT_EQ(recognise(R"({"data":[{"processes":")" + long_text + R"(","spans":[]}]})").name, kJaeger.name);
  // A character cut by the first 1024 bytes, at each of its bytes.
  for (std::size_t before = 1000; before < 1030; ++before) {
    const std::string text = R"({"x":")" + std::string(before, 'x') + "€😀é" + R"(","resourceSpans":[]})";
    EXPECT_EQ(recognise(text).name, kOtlpJson.name) << before;
    EXPECT_EQ(recognise(text.substr(0, 1024)).name, kNative.name) << "the key is not there";
  }
}

TEST(Recognise, WhatIsNoTextIsNative) {
  EXPECT_EQ(recognise("{\"resourceSpans\":\"\xFF\"}").name, kNative.name);
  EXPECT_EQ(recognise("\x0A\x05hello").name, kNative.name) << "protobuf is never guessed";
  const std::string late = R"({"resourceSpans":")" + std::string(1024, 'x') + "\xFF\"}";
  EXPECT_EQ(recognise(late).name, kOtlpJson.name) << "beyond the first 1024 bytes the decoder sees to it";
}

TEST(Recognise, OnlyKeysOfSpansMakeAnArrayZipkins) {
  EXPECT_EQ(recognise(R"([{"x":{"traceId":1,"localEndpoint":2}}])").name, kNative.name);
  EXPECT_EQ(recognise(R"([{"x":"\"traceId\":\"localEndpoint\":"}])").name, kNative.name);
  EXPECT_EQ(recognise(R"([{"localEndpoint":{},"traceId":"1"}])").name, kZipkin.name);
}

TEST(FormatNamed, KnowsEachFormatByItsNameOnly) {
  for (const Format* format : {&kNative, &kJaeger, &kZipkin, &kOtlpJson, &kOtlpNdjson, &kOtlpProtobuf})
    EXPECT_EQ(format_named(format->name), format);
  for (const char* name : {"", "Native", "otlp", "otlp_json", "jaeger "}) EXPECT_EQ(format_named(name), nullptr) << name;
}

}  // namespace
}  // namespace sentinel::ingest
