// Messages of WebSockets over real sockets, both ways: their sizes, order and threads, what becomes of clients that break a
// rule (RFC 6455 §5), and a client that we did not write.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/websocket_client.h"

namespace sentinel::net::testing {
namespace {

TEST(WebSocketMessages, EchoesEverySizeAroundTheFormsOfLength) {
  Limits limits;
  limits.websocket_message = 70'000;
  SocketServer server(limits);
  SocketClient client(server.server.port(), "/echo");
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65'535U, 65'536U, 70'000U}) {
    const std::string text(size, 'x');
    client.send(client_text(text));
    EXPECT_TRUE(client.frame() == "81 " + text) << size;
  }
}

TEST(WebSocketMessages, TheFirstWordMayBeTheServers) {
  SocketServer server;
  SocketClient client(server.server.port(), "/greet");
  EXPECT_EQ(client.frame(), "81 welcome");
  EXPECT_TRUE(server.log().socket().send_text("from another thread"));
  EXPECT_EQ(client.frame(), "81 from another thread");
}

TEST(WebSocketMessages, APingIsAnsweredAtOnceAlsoInsideAMessage) {
  SocketServer server;
  SocketClient client(server.server.port(), "/echo");
  client.send("\x89\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  EXPECT_EQ(client.frame(), "8a Hello");
  client.send(client_frame(0x01, "half"));
  client.send(client_frame(0x89, std::string(125, 'p')));
  EXPECT_EQ(client.frame(), "8a " + std::string(125, 'p'));
  client.send(client_frame(0x80, " whole") + client_frame(0x8a, "unasked"));
  EXPECT_EQ(client.frame(), "81 half whole");
}

TEST(WebSocketMessages, FromSeveralThreadsArriveWholeAndInTheirOrder) {
  Limits limits;
  limits.websocket_queue = 100'000;
  SocketServer server(limits, 2);
  SocketClient client(server.server.port(), "/ws");
  SocketClient second(server.server.port(), "/ws");
  constexpr unsigned kThreads = 4;
  constexpr unsigned kEach = 300;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      WebSocket sockets[] = {server.log().socket(0), server.log().socket(1)};
      for (unsigned i = 0; i < kEach; ++i) {
        // One payload for both.
        const auto text = std::make_shared<const std::string>(std::to_string(t) + ' ' + std::to_string(i) +
                                                              std::string(i * 7 % 400, static_cast<char>('a' + t)));
        for (WebSocket& socket : sockets) EXPECT_TRUE(socket.send_text(text));
      }
    });
  }
  for (SocketClient* reader : {&client, &second}) {
    unsigned next[kThreads] = {};
    for (unsigned n = 0; n < kThreads * kEach; ++n) {
      const std::string frame = reader->frame();
      ASSERT_TRUE(frame.starts_with("81 ") && frame.size() >= 6) << frame;
      const auto t = static_cast<unsigned>(frame[3] - '0');
      ASSERT_LT(t, kThreads);
      const unsigned i = next[t]++;
      ASSERT_TRUE(frame ==
                  "81 " + std::to_string(t) + ' ' + std::to_string(i) + std::string(i * 7 % 400, static_cast<char>('a' + t)));
    }
  }
  for (std::thread& thread : threads) thread.join();
}

// -- hostile clients

TEST(WebSocketFaults, CloseWithTheirCodeAreToldAndCounted) {
  SocketServer server;
  const struct {
    std::string bytes;
    const char* closes;
  } kCases[] = {
      {"\x81\x05Hello", "1002 frame without a mask"},
      {client_frame(0xc1, "x"), "1002 reserved bits are set"},
      {client_frame(0x83, "x"), "1002 unknown opcode"},
      {client_frame(0x89, std::string(126, 'p')), "1002 control frame over 125 bytes"},
      {client_frame(0x09, "x"), "1002 fragmented control frame"},
      {client_frame(0x80, "x"), "1002 continuation of nothing"},
      {client_close(1005), "1002 no close code to be sent"},
      {client_text("\xc0\x80"), "1007 text is not UTF-8"},
      {client_close(1000, "\x80"), "1007 close reason is not UTF-8"},
      {client_frame(0x82, "", std::uint64_t{1} << 40), "1009 message too large"},
  };
  std::size_t lines = 0;
  for (const auto& [bytes, closes] : kCases) {
    SocketClient client(server.server.port(), "/echo");
    client.send(client_text("ok") + bytes + client_text("never heard"));
    EXPECT_EQ(client.frame(), "81 ok");
    EXPECT_EQ(client.frame(), std::string("88 ") + closes);
    EXPECT_TRUE(client.at_end());
    const Told all = server.log().wait_for(lines += 4);
    ASSERT_EQ(all.size(), lines);
    EXPECT_EQ((Told{all.end() - 3, all.end()}), (Told{"text ok", std::string("close ") + closes, "gone"}));
  }
  EXPECT_EQ(server.counters().websockets_malformed, std::size(kCases) - 1);
  EXPECT_EQ(server.counters().websockets_too_large, 1U);
}

TEST(WebSocketFaults, AMessageMayHave32KiBAndNoByteMore) {
  SocketServer server;
  const std::string most(32 * 1024, 'm');
  SocketClient client(server.server.port(), "/echo");
  client.send(client_text(most));
  EXPECT_TRUE(client.frame() == "81 " + most);
  client.send(client_frame(0x02, most) + client_frame(0x80, "m"));
  EXPECT_EQ(client.frame(), "88 1009 message too large");
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(server.counters().websockets_too_large, 1U);
}

TEST(WebSocketFaults, AClientInTheMiddleOfALargeMessageStillHearsWhy) {
  SocketServer server;
  SocketClient client(server.server.port(), "/ws");
  const std::string large(4'000'000, 'x');
  client.send(client_text(large));
  EXPECT_EQ(client.frame(), "88 1009 message too large");
}

// -- a client that we did not write

TEST(WebSocketClients, NodesOwnUnderstandsEverything) {
  const std::string node = "timeout 20 node --experimental-websocket ";
  if (std::system((node + "-e 'process.exit(typeof WebSocket === \"function\" ? 0 : 1)' >/dev/null 2>&1").c_str()) != 0)
    GTEST_SKIP() << "no Node with a WebSocket on this machine (from 22 on, or 20.10 with a flag)";
  SocketServer server;
  const std::string script = R"js(
    const port = process.argv[1], log = [];
    const socket = new WebSocket(`ws://127.0.0.1:${port}/echo`, ["live.v1", "auth.c2VjcmV0"]);
    socket.binaryType = "arraybuffer";
    const large = "\u00e9\u{1f600}".repeat(5000);
    socket.onopen = () => { log.push("open " + socket.protocol); socket.send("hello"); };
    socket.onmessage = ({data}) => {
      if (data === "hello") { log.push(data); socket.send(large); }
      else if (data === large) { log.push("large"); socket.send(new Uint8Array([0, 255, 7])); }
      else { log.push("bytes " + new Uint8Array(data).join()); socket.close(4001, "bye"); }
    };
    socket.onerror = () => log.push("error");
    socket.onclose = (e) => { log.push(`close ${e.code} ${e.wasClean}`); console.log(log.join("|")); };
  )js";
  FILE* pipe = popen((node + "-e '" + script + "' " + std::to_string(server.server.port()) + " 2>/dev/null").c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string said;
  char bytes[512];
  while (std::fgets(bytes, sizeof bytes, pipe) != nullptr) said += bytes;
  EXPECT_EQ(pclose(pipe), 0);
  EXPECT_EQ(said, "open live.v1|hello|large|bytes 0,255,7|close 4001 true\n");
  EXPECT_EQ(server.log().wait_for(6).back(), "gone");
  EXPECT_EQ(server.log().lines()[4], "close 4001 bye");
}

}  // namespace
}  // namespace sentinel::net::testing
