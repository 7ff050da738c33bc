// A stream of OTLP documents whose last one is cut off, against one that is wrong (chapter 01 §8.2).
#include <gtest/gtest.h>

#include "ingest/support/events.h"

namespace sentinel::ingest::test {
namespace {

constexpr std::string_view kWhole =
    R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}}]},"scopeSpans":[{)"
    R"("scope":{"name":"lib"},"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"q",)"
    R"("kind":3,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":1700000000001000000,"attributes":[)"
    R"({"key":"db.system","value":{"stringValue":"mysql"}},{"key":"db.statement","value":{"stringValue":"SELECT \ud83d\ude00 1"}},)"
    R"({"key":"n","value":{"intValue":-1}},{"key":"d","value":{"doubleValue":1.5e-3}},{"key":"b","value":{"boolValue":true}}]}]}],)"
    R"("schemaUrl":"u"}],"other":{"x":[null,true,-1.5e3,"a\n"]},"number":-12})";

std::size_t events_in(const json& outcome) { return outcome.contains("error") ? std::string::npos : outcome["events"].size(); }

TEST(DocumentStream, ATailThatIsCutAnywhereIsLeftOut) {
  const json one = outcome_of(kWhole, default_options());
  ASSERT_EQ(events_in(one), 1U) << one;
  for (std::size_t size = 0; size < kWhole.size(); ++size) {
    const std::string input = std::string(kWhole) + "\n" + std::string(kWhole.substr(0, size));
    EXPECT_EQ(outcome_of(input, default_options()), one) << "cut after " << kWhole.substr(0, size);
  }
  EXPECT_EQ(events_in(outcome_of(std::string(kWhole) + std::string(kWhole), default_options())), 2U);
}

// Beyond the bytes that recognition looks at; a short input that ends so is no text at all.
TEST(DocumentStream, ATailThatIsCutWithinACharacterIsLeftOutToo) {
  const json one = outcome_of(kWhole, default_options());
  const std::string input = std::string(kWhole) + std::string(1024, ' ') + R"({"resourceSpans":[{"schemaUrl":")";
  for (const char* before : {"", "\\n", "a long beginning that is no short string"}) {
    for (const char* cut : {"\xC3", "\xE2", "\xE2\x82", "\xF0\x9F\x98"})
      EXPECT_EQ(outcome_of(input + before + cut, default_options()), one) << before << cut;
  }
  EXPECT_TRUE(outcome_of(input + "\xC3\"}]}", default_options()).contains("error")) << "not cut, but wrong";
}

TEST(DocumentStream, TheFirstDocumentCutAnywhereIsAnError) {
  for (std::size_t size = 20; size < kWhole.size(); ++size)
    EXPECT_EQ(events_in(outcome_of(kWhole.substr(0, size), default_options())), std::string::npos) << kWhole.substr(0, size);
}

TEST(DocumentStream, ATailThatIsWrongIsAnError) {
  for (const char* tail :
       {R"({"resourceSpans":[{"scopeSpans":[{"spans":[{},]}]}]})",
        R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":}]}]}]})", R"({"resourceSpans":[],"x":tru})",
        R"({"resourceSpans":[],"x":1.})", R"({"resourceSpans":[],"x":-})", R"({"resourceSpans":[],"x":})",
        R"({"resourceSpans":[],})", R"({"resourceSpans":[,]})", R"({"resourceSpans":[{}],"x":[1,]})",
        R"({"resourceSpans":[{"resource":{"attributes":[{},]}}]})", R"({"resourceSpans":[{"resource":tru}]})",
        R"({"resourceSpans":[{"scopeSpans":[{"scope":nul}]}]})", R"({"resourceMetrics":[]})", "x", "]", "7"}) {
    const json outcome = outcome_of(std::string(kWhole) + "\n" + tail, default_options());
    EXPECT_TRUE(outcome.contains("error")) << tail << ": " << outcome["tally"];
  }
}

}  // namespace
}  // namespace sentinel::ingest::test
