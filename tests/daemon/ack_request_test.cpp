#include "daemon/ack_request.h"

#include <gtest/gtest.h>

namespace sentinel::daemon {
namespace {

using disclosure::instant_text;

std::uint16_t status_of(std::string_view body, std::optional<std::string_view> type = "application/json") {
  const AckRequestAnswer answer = parse_ack_request(type, body);
  EXPECT_EQ(answer.text.empty(), answer.status == 0) << body;
  return answer.status;
}

TEST(AckRequest, ContentTypesThatAreJson) {
  for (const std::string_view type : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                                      " application/json ;x", "application/vnd.x+json", "application/a+JSON;v=1"}) {
    EXPECT_EQ(status_of("{}", type), 0) << type;
  }
  for (const std::string_view type : {"", "*/*", "text/plain", "text/json", "application/jsonx", "application/+json",
                                      "application/x-www-form-urlencoded", "json"}) {
    EXPECT_EQ(status_of("{}", type), 415) << type;
  }
  EXPECT_EQ(status_of("{}", std::nullopt), 415);
  EXPECT_EQ(status_of("x", "text/plain"), 415) << "the type comes before the body";
}

TEST(AckRequest, StatusOfEachFault) {
  struct Case {
    std::string_view body;
    std::uint16_t status;
  };
  constexpr Case kCases[] = {
      {"{}", 0},
      {" {} \n", 0},
      {"{\"by\":null,\"reason\":null,\"expires_at\":null,\"zz\":[1,{}],\"zz\":2}", 0},
      {"", 400},
      {"{", 400},
      {"x", 400},
      {"[", 400},
      {"{} x", 400},
      {"{\"by\":\"a\"", 400},
      {"{\"by\":\"\\ud800\"}", 400},
      {"{\"by\":\"\xFF\"}", 400},
      {"{\"by\":5,}", 422},
      {"{\"by\":tru}", 400},
      {"{\"zz\":01}", 400},
      {"[]", 422},
      {"null", 422},
      {"\"text\"", 422},
      {"{\"by\":5}", 422},
      {"{\"reason\":[]}", 422},
      {"{\"by\":\"a\",\"by\":\"b\"}", 422},
      {"{\"expires_at\":5}", 422},
      {"{\"expires_at\":\"soon\"}", 422},
      {"{\"expires_at\":\"2999-01-01\"}", 422},
      {"{\"expires_at\":\"2999-01-01T00:00:00\"}", 422},
      {"{\"expires_at\":\"2999-02-30T00:00:00Z\"}", 422},
  };
  for (const Case& one : kCases) EXPECT_EQ(status_of(one.body), one.status) << one.body;
}

TEST(AckRequest, TimesComeOutInUtc) {
  const auto read = [](std::string_view time) {
    const auto answer = parse_ack_request("application/json", "{\"expires_at\":\"" + std::string(time) + "\"}");
    return answer.request.expires_at ? instant_text(*answer.request.expires_at) : "refused";
  };
  EXPECT_EQ(read("2999-01-01T02:00:00+02:00"), "2999-01-01T00:00:00Z");
  EXPECT_EQ(read("2999-01-01 00:00:00Z"), "2999-01-01T00:00:00Z");
  EXPECT_EQ(read("2999-01-01t00:00:00z"), "2999-01-01T00:00:00Z");
  EXPECT_EQ(read("2999-01-01T00:00:00.12Z"), "2999-01-01T00:00:00.120Z");
  EXPECT_EQ(read("2999-12-31T23:59:60Z"), "2999-12-31T23:59:60Z");
  EXPECT_EQ(read("2001-01-01T00:00:00Z"), "2001-01-01T00:00:00Z") << "the past is accepted";
}

TEST(AckRequest, TextsComeOutAsSent) {
  const auto answer = parse_ack_request("application/json", "{\"by\":\"m\\u0001\",\"reason\":\"é\"}");
  EXPECT_EQ(answer.request.by, "m\x01");
  EXPECT_EQ(answer.request.reason, "é");
  EXPECT_FALSE(answer.request.expires_at);
}

TEST(AckRequest, BodiesUpToTwoMebibytes) {
  const std::string frame = "{\"zz\":\"\"}";
  const auto body = [&](std::size_t bytes) { return "{\"zz\":\"" + std::string(bytes - frame.size(), 'x') + "\"}"; };
  EXPECT_EQ(status_of(body(kMaxApiBodyBytes - 1)), 0);
  EXPECT_EQ(status_of(body(kMaxApiBodyBytes)), 0);
  EXPECT_EQ(status_of(body(kMaxApiBodyBytes + 1)), 413);
}

}  // namespace
}  // namespace sentinel::daemon
