// Becoming a WebSocket over real sockets: the handshake, what is refused, what comes with it (RFC 6455 §4).
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "net/echo.h"
#include "net/h2_client.h"
#include "net/websocket_client.h"

namespace sentinel::net::testing {
namespace {

TEST(WebSocketUpgrade, AnswersWithTheProofAndTheConnectionIsAWebSocket) {
  SocketServer server;
  SocketClient client(server.server.port(), "/echo");
  EXPECT_EQ(status_of(client.answer), "101");
  EXPECT_EQ(header_of(client.answer, "upgrade"), "websocket");
  EXPECT_EQ(header_of(client.answer, "connection"), "Upgrade");
  EXPECT_NE(client.answer.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);
  EXPECT_EQ(header_of(client.answer, "content-length"), "");
  EXPECT_EQ(header_of(client.answer, "sec-websocket-protocol"), "");
  EXPECT_EQ(header_of(client.answer, "sec-websocket-extensions"), "");
  client.send(client_text("Hello") + client_frame(0x82, "\x01\x02"));
  EXPECT_EQ(client.frame(), "81 Hello");
  EXPECT_EQ(client.frame(), "82 \x01\x02");
  EXPECT_EQ(server.counters().websockets_opened, 1U);
  EXPECT_EQ(server.counters().websockets_open, 1U);
  EXPECT_EQ(server.counters().requests_in_flight, 0U);
}

TEST(WebSocketUpgrade, EchoesTheSubprotocolOnlyIfItWasOffered) {
  SocketServer server;
  SocketClient offered(server.server.port(), "/ws",
                       "Sec-WebSocket-Protocol: other, live.v1\r\nSec-WebSocket-Protocol: third\r\n");
  EXPECT_EQ(header_of(offered.answer, "sec-websocket-protocol"), "live.v1");
  SocketClient other(server.server.port(), "/ws", "Sec-WebSocket-Protocol: live.v10, LIVE.V1\r\n");
  EXPECT_EQ(status_of(other.answer), "101");
  EXPECT_EQ(header_of(other.answer, "sec-websocket-protocol"), "");
}

TEST(WebSocketUpgrade, TellsWhatIsOfferedAndWanted) {
  RequestHead head;
  head.headers = {{"sec-websocket-protocol", "a, b"}, {"upgrade", "h2c, WebSocket"}, {"sec-websocket-protocol", ",c"}};
  EXPECT_EQ(offered_subprotocols(head), (std::vector<std::string_view>{"a", "b", "c"}));
  EXPECT_FALSE(wants_websocket(head));
  head.headers.push_back({"connection", "keep-alive,UPGRADE"});
  EXPECT_TRUE(wants_websocket(head));
  head.headers[1].value = "websocket2";
  EXPECT_FALSE(wants_websocket(head));
}

TEST(WebSocketUpgrade, RefusesWhatIsNoHandshakeAndKeepsTheConnection) {
  SocketServer server;
  const auto without = [](const std::string& what, const std::string& instead = {}) {
    std::string request = upgrade_request("/ws");
    const std::size_t at = request.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return request.replace(at, what.size(), instead);
  };
  const struct {
    std::string request;
    const char* status;
  } kCases[] = {
      {without("Upgrade: websocket\r\n"), "426"},
      {without("Upgrade: websocket", "Upgrade: h2c"), "426"},
      {without("keep-alive, Upgrade", "keep-alive"), "426"},
      {without("Version: 13", "Version: 8"), "426"},
      {without("Sec-WebSocket-Version: 13\r\n"), "426"},
      {without("GET", "POST"), "400"},
      {without("Host: server.example.com\r\n"), "400"},
      {without("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), "400"},
      {without("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j"), "400"},
      {without("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZ?=="), "400"},
      {upgrade_request("/ws", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), "400"},
  };
  Client client(server.server.port());
  for (const auto& [request, status] : kCases) {
    client.send(request);
    const std::string answer = client.response();
    EXPECT_EQ(status_of(answer), status) << request;
    EXPECT_NE(body_of(answer), "");
    EXPECT_EQ(header_of(answer, "sec-websocket-version"), std::string(status) == "426" ? "13" : "");
  }
  client.send(upgrade_request("/ws"));
  EXPECT_EQ(status_of(client.response()), "101");
  Client old(server.server.port());
  old.send(without("HTTP/1.1", "HTTP/1.0"));
  EXPECT_EQ(status_of(old.response()), "426");
  EXPECT_EQ(server.counters().websockets_opened, 1U);
  EXPECT_EQ(server.counters().dropped_unanswered, 0U);
  // Listeners of refused requests went without a word.
  const Told told = server.log().wait_for(std::size(kCases) + 2);
  EXPECT_EQ(static_cast<std::size_t>(std::count(told.begin(), told.end(), "gone")), std::size(kCases) + 1);
  EXPECT_EQ(std::count(told.begin(), told.end(), "open"), 1);
}

TEST(WebSocketUpgrade, AnHttp2StreamBecomesNone) {
  SocketServer server;
  H2Client client(server.server.port());
  const auto id = client.request({{":method", "GET"}, {":scheme", "http"}, {":path", "/ws"}, {":authority", "x"}}, "");
  EXPECT_EQ(client.answer(id)[":status"], "400");
  EXPECT_EQ(server.counters().websockets_opened, 0U);
}

TEST(WebSocketUpgrade, TakesWhatTheClientSentBehindItsHandshakeHoweverItIsCut) {
  const std::string bytes = "GET /plain HTTP/1.1\r\n\r\n" + upgrade_request("/echo") + client_frame(0x01, "He") +
                            client_frame(0x89, "?") + client_frame(0x80, "llo") + client_text("again") + client_close(1000);
  const std::string wanted = std::string(
      "\x8a\x01?\x81\x05Hello\x81\x05"
      "again\x88\x02\x03\xe8");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{11}, std::size_t{200}, bytes.size()}) {
    SocketServer server;
    Client client(server.server.port());
    const int on = 1;
    setsockopt(client.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (std::size_t at = 0; at < bytes.size(); at += piece) client.send(bytes.substr(at, piece));
    EXPECT_EQ(body_of(client.response()), "plain") << piece;
    EXPECT_EQ(status_of(client.response()), "101") << piece;
    EXPECT_EQ(client.rest(), wanted) << piece;
    EXPECT_TRUE(client.ended());
    EXPECT_EQ(server.log().wait_for(5), (Told{"open", "text Hello", "text again", "close 1000", "gone"}));
  }
}

TEST(WebSocketUpgrade, MayComeLateAndFromAnotherThread) {
  SocketServer server;
  Client client(server.server.port());
  client.send(upgrade_request("/late") + client_text("early"));
  EXPECT_EQ(status_of(client.response()), "101");
  EXPECT_EQ(server.log().wait_for(2), (Told{"open", "text early"}));
}

TEST(WebSocketUpgrade, AClientThatHasGoneBeforehandOpensNothing) {
  SocketServer server;
  {
    Client client(server.server.port());
    client.send(upgrade_request("/late"));
    ASSERT_TRUE(eventually([&] { return server.counters().requests == 1; }));
    client.reset();
  }
  EXPECT_EQ(server.log().wait_for(1), Told{"gone"});
  EXPECT_EQ(server.counters().websockets_opened, 0U);
}

}  // namespace
}  // namespace sentinel::net::testing
