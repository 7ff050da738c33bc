// Clients of WebSockets that are silent or read slowly: pings, and the bounds of what waits for them (chapter 09 §13).
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "net/echo.h"
#include "net/websocket_client.h"

namespace sentinel::net::testing {
namespace {

using std::chrono::milliseconds;

TEST(WebSocketPings, ASilentClientIsAskedAndKeptIfItAnswers) {
  Limits limits;
  limits.keepalive_ping = milliseconds(100);
  limits.keepalive_answer = milliseconds(200);
  SocketServer server(limits);
  SocketClient client(server.server.port(), "/ws");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(client.frame(), "89 ") << i;
    client.send(client_frame(0x8a, ""));
  }
  EXPECT_EQ(server.log().lines(), Told{"open"});
  EXPECT_EQ(client.frame(), "89 ");
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(server.log().wait_for(3), (Told{"open", "close 1006", "gone"}));
  EXPECT_EQ(server.counters().websockets_silent, 1U);
}

TEST(WebSocketPings, NobodyIsAskedWhoSpeaksOrWhenPingsAreOff) {
  Limits limits;
  limits.keepalive_ping = milliseconds(300);
  SocketServer server(limits);
  SocketClient busy(server.server.port(), "/ws");
  limits.keepalive_ping = milliseconds(0);
  SocketServer never(limits);
  SocketClient quiet(never.server.port(), "/ws");
  for (int i = 0; i < 12; ++i) {
    busy.send(client_text("still here"));
    std::this_thread::sleep_for(milliseconds(50));
  }
  EXPECT_EQ(busy.raw().read(1, 0), "");
  EXPECT_EQ(quiet.raw().read(1, 0), "");
  EXPECT_EQ(never.log().lines(), Told{"open"});
}

TEST(WebSocketPings, AWebSocketOutlivesTheTimesOfHttp) {
  Limits limits;
  limits.header_timeout = limits.idle_timeout = limits.request_timeout = milliseconds(100);
  SocketServer server(limits);
  SocketClient client(server.server.port(), "/echo");
  std::this_thread::sleep_for(milliseconds(400));
  client.send(client_text("awake"));
  EXPECT_EQ(client.frame(), "81 awake");
}

TEST(WebSocketQueue, AClientThatReadsTooSlowlyIsClosedAndHearsWhy) {
  Limits limits;
  limits.websocket_queue = 4;
  limits.websocket_close = milliseconds(10'000);
  SocketServer server(limits);
  SocketClient client(server.server.port(), "/ws");
  WebSocket socket = server.log().socket();
  const std::size_t sent = fill(socket);
  EXPECT_EQ(socket.queued_bytes(), kMegabyte.size());
  for (std::size_t queued = 2; queued <= 4; ++queued) {
    EXPECT_TRUE(socket.send_text("small"));
    EXPECT_EQ(socket.queued(), queued);
  }
  EXPECT_EQ(server.counters().websockets_slow, 0U);
  EXPECT_FALSE(socket.send_text("one too many"));
  EXPECT_FALSE(socket.open());
  EXPECT_EQ(socket.queued(), 0U);
  EXPECT_EQ(server.counters().websockets_slow, 1U);
  EXPECT_EQ(server.log().wait_for(3), (Told{"open", "close 1008 client too slow", "gone"}));
  // What was on its way arrives whole; what was queued does not.
  for (std::size_t i = 0; i + 1 < sent; ++i) ASSERT_TRUE(client.frame() == "81 " + kMegabyte) << i;
  EXPECT_EQ(client.frame(), "88 1008 client too slow");
  client.send(client_close(1008));
  EXPECT_TRUE(client.at_end());
}

TEST(WebSocketQueue, BytesAreBoundedButNotThoseOfOneMessage) {
  Limits limits;
  limits.websocket_queue_bytes = kMegabyte.size() + 1000;
  SocketServer server(limits);
  SocketClient client(server.server.port(), "/ws");
  WebSocket socket = server.log().socket();
  fill(socket);
  EXPECT_TRUE(socket.send_text(std::string(999, 'x')));
  EXPECT_TRUE(socket.send_text("x"));
  EXPECT_FALSE(socket.send_text("x"));
  EXPECT_EQ(server.counters().websockets_slow, 1U);

  limits.websocket_queue_bytes = 10;
  SocketServer narrow(limits);
  SocketClient reader(narrow.server.port(), "/ws");
  EXPECT_TRUE(narrow.log().socket().send_text(kMegabyte));
  EXPECT_TRUE(reader.frame() == "81 " + kMegabyte);
}

TEST(WebSocketQueue, AClientThatReadsNothingAtAllIsCut) {
  Limits limits;
  limits.websocket_queue = 2;
  limits.websocket_close = milliseconds(200);
  SocketServer server(limits);
  SocketClient client(server.server.port(), "/ws");
  WebSocket socket = server.log().socket();
  fill(socket);
  EXPECT_TRUE(socket.send_text("second"));
  EXPECT_FALSE(socket.send_text("third"));
  EXPECT_TRUE(eventually([&] { return server.counters().connections_open == 0; }));
}

TEST(WebSocketQueue, AClientThatIsNotReadFromIsNotTakenForSilent) {
  Limits limits;
  limits.keepalive_ping = limits.keepalive_answer = milliseconds(500);
  SocketServer server(limits);
  SocketClient client(server.server.port(), "/ws");
  WebSocket socket = server.log().socket();
  EXPECT_EQ(client.frame(), "89 ");
  const std::size_t sent = fill(socket);
  client.send(client_frame(0x8a, "") + client_text("unread for now"));
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_EQ(server.counters().websockets_silent, 0U);
  for (std::size_t i = 0; i < sent; ++i) ASSERT_TRUE(client.frame() == "81 " + kMegabyte) << i;
  EXPECT_EQ(server.log().wait_for(2), (Told{"open", "text unread for now"}));
}

TEST(WebSocketQueue, WhoWaitsForASlowClientWaitsForItAlone) {
  SocketServer server;
  SocketClient slow(server.server.port(), "/ws");
  WebSocket socket = server.log().socket();
  const std::size_t sent = fill(socket);
  SocketClient quick(server.server.port(), "/echo");
  quick.send(client_text("hello"));
  EXPECT_EQ(quick.frame(), "81 hello");
  EXPECT_TRUE(socket.send_text("the end"));
  for (std::size_t i = 0; i < sent; ++i) ASSERT_TRUE(slow.frame() == "81 " + kMegabyte) << i;
  EXPECT_EQ(slow.frame(), "81 the end");
  EXPECT_EQ(socket.queued(), 0U);
}

}  // namespace
}  // namespace sentinel::net::testing
