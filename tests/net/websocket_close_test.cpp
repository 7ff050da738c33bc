// How WebSockets end over real sockets: by the client, by the application, by nobody, and when the server stops (RFC 6455 §7,
// chapter 09 §13).
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "net/echo.h"
#include "net/websocket_client.h"

namespace sentinel::net::testing {
namespace {

using std::chrono::milliseconds;

TEST(WebSocketClose, ByTheClientIsAnsweredWithItsCode) {
  SocketServer server;
  const struct {
    std::string frame;
    const char* answer;
    const char* told;
  } kCases[] = {
      {client_close(1000, "done"), "88 1000", "close 1000 done"},
      {client_close(4999), "88 4999", "close 4999"},
      {client_frame(0x88, ""), "88 ", "close 1005"},
  };
  std::size_t lines = 0;
  for (const auto& [frame, answer, told] : kCases) {
    SocketClient client(server.server.port(), "/echo");
    client.send(frame + client_text("too late"));
    EXPECT_EQ(client.frame(), answer);
    client.raw().rest();
    EXPECT_TRUE(client.raw().ended());
    const Told all = server.log().wait_for(lines += 3);
    ASSERT_EQ(all.size(), lines);
    EXPECT_EQ((Told{all.end() - 3, all.end()}), (Told{"open", told, "gone"}));
  }
  EXPECT_EQ(server.counters().websockets_open, 0U);
  EXPECT_EQ(server.counters().websockets_malformed, 0U);
}

TEST(WebSocketClose, ByTheApplicationComesAfterWhatItHasSent) {
  SocketServer server;
  SocketClient client(server.server.port(), "/leave");
  client.send(client_text("hi"));
  EXPECT_EQ(client.frame(), "81 last words");
  EXPECT_EQ(client.frame(), "88 4000 enough");
  EXPECT_EQ(server.log().wait_for(4), (Told{"open", "text hi", "close 4000 enough", "gone"}));
  // Until the client answers it may send on, unheard; pings are for the open.
  client.send(client_text("unheard") + client_frame(0x89, "?"));
  client.send(client_close(4000));
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(server.log().lines().size(), 4U);
}

TEST(WebSocketClose, ComesBehindWhatWaitsForAClientThatReadsSlowly) {
  Limits limits;
  limits.websocket_close = milliseconds(10'000);
  SocketServer server(limits);
  SocketClient client(server.server.port(), "/ws");
  WebSocket socket = server.log().socket();
  const std::size_t sent = fill(socket);
  const std::string large(150'000, 'y');
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(socket.send_text(large));
  socket.close(4000, "enough");
  EXPECT_FALSE(socket.send_text("too late"));
  // The application has been told at once; what it sent before waits on.
  EXPECT_EQ(server.log().wait_for(3), (Told{"open", "close 4000 enough", "gone"}));
  EXPECT_EQ(socket.queued(), 4U);
  EXPECT_EQ(socket.queued_bytes(), kMegabyte.size() + 3 * large.size());
  for (std::size_t i = 0; i < sent; ++i) ASSERT_TRUE(client.frame() == "81 " + kMegabyte) << i;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.frame() == "81 " + large) << i;
  EXPECT_EQ(client.frame(), "88 4000 enough");
  client.send(client_close(4000));
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(server.counters().websockets_slow, 0U);
}

// More than a connection makes before it sends (256 KB), of which the client takes all as it comes.
TEST(WebSocketClose, ComesBehindWhatIsMoreThanOneRoundOfOutput) {
  SocketServer server;
  SocketClient client(server.server.port(), "/ws");
  WebSocket socket = server.log().socket();
  // On the loop's own thread nothing is taken before all is there.
  server.loops[0].post([socket]() mutable {
    for (char c = 'a'; c <= 'j'; ++c) EXPECT_TRUE(socket.send_text(std::string(100'000, c)));
    socket.close(4000, "enough");
    EXPECT_EQ(socket.queued(), 10U);
  });
  for (char c = 'a'; c <= 'j'; ++c) ASSERT_TRUE(client.frame() == "81 " + std::string(100'000, c)) << c;
  EXPECT_EQ(client.frame(), "88 4000 enough");
  client.send(client_close(4000));
  EXPECT_TRUE(client.at_end());
}

TEST(WebSocketClose, FromAnyThreadWithAnyCodeSendsOnlyWhatMayBeSent) {
  SocketServer server;
  auto closed_with = [&, n = std::size_t{0}](std::uint16_t code, const std::string& reason) mutable {
    SocketClient client(server.server.port(), "/ws");
    WebSocket socket = server.log().socket(n++);
    socket.close(code, reason);
    socket.close(1000, "a second one does nothing");
    EXPECT_FALSE(socket.open());
    return client.frame();
  };
  EXPECT_EQ(closed_with(1000, ""), "88 1000");
  EXPECT_EQ(closed_with(1005, "no code"), "88 1011 no code");
  EXPECT_EQ(closed_with(2999, ""), "88 1011");
  EXPECT_EQ(closed_with(3000, std::string(123, 'r')), "88 3000 " + std::string(123, 'r'));
  EXPECT_EQ(closed_with(3000, std::string(122, 'r') + "\xc3\xa9"), "88 3000 " + std::string(122, 'r'));
}

TEST(WebSocketClose, WithoutAnAnswerTheConnectionEndsAfterItsTime) {
  Limits limits;
  limits.websocket_close = milliseconds(200);
  SocketServer server(limits);
  SocketClient client(server.server.port(), "/leave");
  const auto begin = std::chrono::steady_clock::now();
  client.send(client_text("hi"));
  EXPECT_EQ(client.frame(), "81 last words");
  EXPECT_EQ(client.frame(), "88 4000 enough");
  EXPECT_TRUE(client.at_end());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(150));
}

TEST(WebSocketClose, AConnectionThatEndsWithoutAWordIsLost) {
  SocketServer server;
  SocketClient half(server.server.port(), "/ws");
  half.raw().end_of_input();
  EXPECT_TRUE(half.at_end());
  EXPECT_EQ(server.log().wait_for(3), (Told{"open", "close 1006", "gone"}));
  SocketClient cut(server.server.port(), "/ws");
  cut.send(client_frame(0x01, "unfinished"));
  cut.raw().reset();
  EXPECT_EQ(server.log().wait_for(6).back(), "gone");
  EXPECT_EQ(server.log().lines()[4], "close 1006");
  EXPECT_FALSE(server.log().socket(1).send_text("nobody there"));
  EXPECT_EQ(server.counters().websockets_open, 0U);
}

// -- the server stops

TEST(WebSocketStop, SaysGoodbyeToEverybodyAtOnce) {
  SocketServer server({}, 2);
  SocketClient polite(server.server.port(), "/ws");
  SocketClient other(server.server.port(), "/ws");
  ASSERT_TRUE(server.log().socket(1).open());
  const auto begin = std::chrono::steady_clock::now();
  std::thread stopper([&] { server.server.stop(milliseconds(5000)); });
  for (SocketClient* client : {&polite, &other}) {
    EXPECT_EQ(client->frame(), "88 1001 server stops");
    client->send(client_close(1001));
    EXPECT_TRUE(client->at_end());
    client->raw().end_of_input();
  }
  stopper.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(1500));
  const Told told = server.log().lines();
  EXPECT_EQ(std::count(told.begin(), told.end(), "close 1001 server stops"), 2);
  EXPECT_EQ(std::count(told.begin(), told.end(), "gone"), 2);
  EXPECT_EQ(server.counters().cut_at_stop, 0U);
  EXPECT_FALSE(server.log().socket().send_text("after the end"));
}

TEST(WebSocketStop, WaitsForASilentClientOnlyItsTime) {
  Limits limits;
  limits.websocket_close = milliseconds(200);
  SocketServer server(limits);
  SocketClient silent(server.server.port(), "/ws");
  ASSERT_TRUE(server.log().socket().open());
  const auto begin = std::chrono::steady_clock::now();
  server.server.stop(milliseconds(5000));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(2000));
  EXPECT_EQ(server.counters().cut_at_stop, 0U);
  EXPECT_EQ(silent.frame(), "88 1001 server stops");
}

TEST(WebSocketStop, WithoutGraceCutsWhatIsOpenAndTellsTheListener) {
  SocketServer server;
  SocketClient client(server.server.port(), "/ws");
  ASSERT_TRUE(server.log().socket().open());
  server.server.stop(milliseconds(0));
  EXPECT_EQ(server.log().lines().size(), 3U);
  EXPECT_EQ(server.log().lines().back(), "gone");
  EXPECT_EQ(server.counters().websockets_open, 0U);
}

TEST(WebSocketStop, OpensNothingMore) {
  SocketServer server;
  Client client(server.server.port());
  client.send(upgrade_request("/late"));
  ASSERT_TRUE(eventually([&] { return server.counters().requests == 1; }));
  std::thread stopper([&] { server.server.stop(milliseconds(5000)); });
  const std::string answer = client.response();
  client.end_of_input();
  stopper.join();
  EXPECT_EQ(status_of(answer), "503");
  EXPECT_EQ(header_of(answer, "connection"), "close");
  EXPECT_EQ(server.log().lines(), Told{"gone"});
}

TEST(WebSocketStop, HandlesOutliveTheirServer) {
  WebSocket kept;
  EXPECT_FALSE(kept.open());
  EXPECT_FALSE(kept.send_text("nowhere"));
  {
    SocketServer server;
    SocketClient client(server.server.port(), "/ws");
    kept = server.log().socket();
    EXPECT_TRUE(kept.open());
  }
  EXPECT_FALSE(kept.open());
  EXPECT_FALSE(kept.send_binary("nowhere"));
  kept.close();
  EXPECT_EQ(kept.queued(), 0U);
}

}  // namespace
}  // namespace sentinel::net::testing
