// HTTP/2 with prior knowledge on the HTTP port: the same handler, the same answers (chapter 05 §3.1, §15).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/client.h"
#include "net/echo.h"
#include "net/h2_client.h"

namespace sentinel::net::testing {
namespace {

constexpr const char* kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::vector<Header> get(const std::string& path, const std::string& method = "GET") {
  return {{":method", method}, {":scheme", "http"}, {":path", path}, {":authority", "x"}};
}
std::vector<Header> post(const std::string& path, const std::vector<Header>& more = {}) {
  std::vector<Header> fields = get(path, "POST");
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

TEST(Http2, AnswersRequestsOnTheHttpPort) {
  const EchoServer server;
  H2Client client(server.port());
  const auto first = client.request(post("/echo?a=b"), "body");
  const auto second = client.request(get("/later"), "");
  const auto third = client.request(get("/nothing"), "");
  EXPECT_EQ(client.answer(first).body, "body");
  EXPECT_EQ(client.answer(first)[":status"], "200");
  EXPECT_EQ(client.answer(first)["x-query"], "a=b");
  EXPECT_EQ(client.answer(first)["content-length"], "4");
  EXPECT_EQ(client.answer(second).body, "later");
  EXPECT_EQ(client.answer(third)[":status"], "404");
  EXPECT_EQ(server.counters().requests, 3U);
  EXPECT_EQ(server.counters().connections_accepted, 1U);
}

TEST(Http2, UnderstandsAPrefaceInPieces) {
  const EchoServer server;
  Client client(server.port());
  const std::string start = kPreface + frame(NGHTTP2_SETTINGS, 0, 0, "");
  for (const char c : start) client.send(std::string(1, c));
  EXPECT_EQ(client.read(9)[3], NGHTTP2_SETTINGS);
  Client almost(server.port());
  almost.send("PRI * HTTP/2.0\r\n\r\nXX");
  EXPECT_EQ(status_of(almost.rest()), "400");
}

TEST(Http2, AnnouncesItsLimits) {
  const EchoServer server;
  Client client(server.port());
  client.send(kPreface + frame(NGHTTP2_SETTINGS, 0, 0, ""));
  const std::string settings = client.read(9 + 4 * 6);
  ASSERT_EQ(settings.size(), 33U);
  EXPECT_EQ(settings.substr(9), std::string("\0\3\0\0\0\xc8"
                                            "\0\4\0\x10\0\0"
                                            "\0\5\0\0\x40\0"
                                            "\0\6\0\0\x40\0",
                                            24));
}

TEST(Http2, AnswersHeadWithoutABody) {
  const EchoServer server;
  H2Client client(server.port());
  const auto answer = client.answer(client.request(get("/later", "HEAD"), ""));
  EXPECT_EQ(answer["content-length"], "5");
  EXPECT_EQ(answer.body, "");
}

TEST(Http2, MovesLargeBodiesBothWays) {
  const EchoServer server;
  H2Client client(server.port());
  std::string body(3'000'000, '?');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  EXPECT_TRUE(client.answer(client.request(post("/echo"), body)).body == body);
  EXPECT_EQ(client.answer(client.request(post("/echo"), "next")).body, "next");
}

TEST(Http2, HoldsBodiesToTheBoundsOfTheirPlan) {
  const EchoServer server;
  H2Client client(server.port());
  const auto status = [&](std::size_t size, bool declared) {
    std::vector<Header> more;
    if (declared) more.push_back({"content-length", std::to_string(size)});
    return client.answer(client.request(post("/small", more), std::string(size, 'x')))[":status"];
  };
  EXPECT_EQ(status(64, false), "200");
  EXPECT_EQ(status(65, false), "400");
  EXPECT_EQ(status(64, true), "200");
  EXPECT_EQ(status(65, true), "413");
  EXPECT_EQ(server.counters().body_too_large, 2U);
}

TEST(Http2, RefusesFromTheHeadAndTellsTheClientToStop) {
  const EchoServer server;
  H2Client client(server.port());
  const auto id = client.request(post("/refuse"), "the first part", false);
  const auto answer = client.answer(id);
  EXPECT_EQ(answer[":status"], "415");
  EXPECT_EQ(answer["accept-encoding"], "gzip");
  EXPECT_EQ(client.answer(client.request(post("/echo"), "next")).body, "next");
}

TEST(Http2, TellsAClientThatWaitsForItToContinue) {
  const EchoServer server;
  H2Client client(server.port());
  const Header expect{"expect", "100-continue"};
  const auto waiting = client.answer(client.request(post("/echo", {expect}), "a part", false), 200);
  EXPECT_EQ(waiting[":status"], "100");
  EXPECT_FALSE(waiting.closed);
  const auto whole = client.answer(client.request(post("/echo", {expect}), "all of it"));
  EXPECT_EQ(whole[":status"] + " " + whole.body, "200 all of it");
  EXPECT_EQ(whole.heads, 2);
  EXPECT_EQ(client.answer(client.request(post("/echo"), "unasked")).heads, 1);
  EXPECT_EQ(client.answer(client.request(post("/refuse", {expect}), "a part", false)).heads, 1);
}

TEST(Http2, RefusesAHeadOverTheAnnouncedSize) {
  const EchoServer server;
  H2Client client(server.port());
  // 32 for the overhead of each of the fields; the rest of the list is what get() sends.
  const std::size_t others = 7 + 3 + 7 + 4 + 5 + 8 + 10 + 1 + 4 * 32;
  const auto status = [&](std::size_t list) {
    auto fields = get("/nothing");
    fields.push_back({"x", std::string(list - others - 33, 'v')});
    return client.answer(client.request(fields, ""))[":status"];
  };
  EXPECT_EQ(status(16'384), "404");
  EXPECT_EQ(status(16'385), "431");
  EXPECT_EQ(server.counters().header_too_large, 1U);
}

TEST(Http2, ACancelledRequestIsAbandoned) {
  EchoServer server;
  H2Client client(server.port());
  const auto id = client.request(get("/never"), "");
  ASSERT_TRUE(server.handler.wait_for_kept(1));
  client.cancel(id);
  EXPECT_TRUE(eventually([&] { return server.handler.first_abandoned(); }));
  server.handler.release("late");
  EXPECT_TRUE(eventually([&] { return server.counters().clients_gone == 1; }));
  EXPECT_EQ(client.answer(client.request(post("/echo"), "alive")).body, "alive");
}

// -- floods: each ends with GOAWAY ENHANCE_YOUR_CALM and is counted; one less does nothing

struct Flooded {
  std::int64_t goaway = -1;  // its code
  bool alive = false;        // a PING afterwards is answered
  std::uint64_t counted = 0;
};

// Sends the frames after the usual beginning and looks through what comes back.
Flooded flood(Flood kind, const Limits& limits, const std::string& frames) {
  const EchoServer server(limits);
  Client client(server.port());
  client.send(kPreface + frame(NGHTTP2_SETTINGS, 0, 0, "") + frames + frame(NGHTTP2_PING, 0, 0, "alive?!?"));
  Flooded out;
  while (out.goaway < 0 && !out.alive) {
    const std::string head = client.read(9, 2000);
    if (head.size() < 9) break;
    std::size_t size = 0;
    for (int i = 0; i < 3; ++i) size = size << 8 | static_cast<unsigned char>(head[static_cast<std::size_t>(i)]);
    const std::string payload = client.read(size, 2000);
    if (head[3] == NGHTTP2_GOAWAY) out.goaway = static_cast<unsigned char>(payload[7]);
    if (head[3] == NGHTTP2_PING && payload == "alive?!?") out.alive = true;
  }
  out.counted = server.counters().floods[static_cast<unsigned>(kind)];
  return out;
}

void expect_calm(const Flooded& flooded, const char* what) {
  EXPECT_EQ(flooded.goaway, NGHTTP2_ENHANCE_YOUR_CALM) << what;
  EXPECT_FALSE(flooded.alive) << what;
  EXPECT_EQ(flooded.counted, 1U) << what;
}
void expect_nothing(const Flooded& flooded, const char* what) {
  EXPECT_EQ(flooded.goaway, -1) << what;
  EXPECT_TRUE(flooded.alive) << what;
  EXPECT_EQ(flooded.counted, 0U) << what;
}

std::string times(int count, const std::string& one) {
  std::string out;
  for (int i = 0; i < count; ++i) out += one;
  return out;
}

TEST(Http2Floods, RapidReset) {
  Limits limits;
  limits.max_resets = 20;
  const auto resets = [](unsigned count) {
    std::string out;
    for (unsigned i = 0; i < count; ++i)
      out += frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM, 2 * i + 1,
                   "\x82\x86\x41\x01x\x04\x06/never") +
             frame(NGHTTP2_RST_STREAM, 0, 2 * i + 1, std::string("\0\0\0\x8", 4));
    return out;
  };
  expect_nothing(flood(Flood::kResets, limits, resets(20)), "20");
  expect_calm(flood(Flood::kResets, limits, resets(21)), "21");
}

TEST(Http2Floods, FramesThatCarryNoRequest) {
  Limits limits;
  limits.max_control_frames = 50;
  const struct {
    const char* name;
    std::string one;
  } kinds[] = {{"ping", frame(NGHTTP2_PING, 0, 0, "12345678")},
               {"settings", frame(NGHTTP2_SETTINGS, 0, 0, "")},
               {"priority", frame(NGHTTP2_PRIORITY, 0, 1, std::string("\0\0\0\0\1", 5))}};
  for (const auto& kind : kinds) {
    // The first SETTINGS and the last PING count too.
    expect_nothing(flood(Flood::kControlFrames, limits, times(48, kind.one)), kind.name);
    expect_calm(flood(Flood::kControlFrames, limits, times(49, kind.one)), kind.name);
  }
}

TEST(Http2Floods, AnswersThatAreNotRead) {
  Limits limits;
  limits.max_control_frames = 1'000'000;
  limits.max_unread_acks = 100;
  const std::string ping = frame(NGHTTP2_PING, 0, 0, "12345678");
  expect_nothing(flood(Flood::kUnreadAcks, limits, times(90, ping)), "90");
  expect_calm(flood(Flood::kUnreadAcks, limits, times(100'000, ping)), "100000");
}

TEST(Http2Floods, HeaderBlockWithoutEnd) {
  // A lawful request head, then fields "a: b" without an end.
  std::string block = "\x82\x86\x84\x41\x01x";
  while (block.size() < 20'000) block += std::string("\0\1a\1b", 5);
  const auto frames = [&](std::size_t size, std::uint8_t flags) {
    return frame(NGHTTP2_HEADERS, 0, 1, block.substr(0, 8196)) +
           frame(NGHTTP2_CONTINUATION, flags, 1, block.substr(8196, size - 8196));
  };
  // 6 and 16 375 bytes: whole fields within the bound.
  expect_nothing(flood(Flood::kHeaderBlock, Limits(), frames(16'381, NGHTTP2_FLAG_END_HEADERS)), "16381");
  expect_calm(flood(Flood::kHeaderBlock, Limits(), frames(16'386, 0)), "16386");
}

TEST(Http2Floods, EmptyContinuations) {
  expect_calm(flood(Flood::kHeaderBlock, Limits(),
                    frame(NGHTTP2_HEADERS, 0, 1, "\x82") + times(100, frame(NGHTTP2_CONTINUATION, 0, 1, ""))),
              "100");
}

}  // namespace
}  // namespace sentinel::net::testing
