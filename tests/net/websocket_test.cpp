// WebSockets over real sockets: the handshake, messages both ways, both sides of closing, and what becomes of clients that are
// hostile, slow or silent (RFC 6455, chapter 09 §13).
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "net/echo.h"
#include "net/h2_client.h"
#include "net/websocket_client.h"

namespace sentinel::net::testing {
namespace {

using std::chrono::milliseconds;
using Told = std::vector<std::string>;

// -- the handshake

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

// -- messages

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

// -- closing

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

// -- silent and slow clients

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

const std::string kMegabyte(1'000'000, 'x');

// Sends until the client's side takes no more and one message waits; how many were sent.
std::size_t fill(WebSocket& socket) {
  for (std::size_t sent = 1; sent < 100; ++sent) {
    EXPECT_TRUE(socket.send_text(kMegabyte));
    for (int i = 0; i < 100 && socket.queued() > 0; ++i) std::this_thread::sleep_for(milliseconds(5));
    if (socket.queued() > 0) return sent;
  }
  ADD_FAILURE() << "the client's side never fills";
  return 0;
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
