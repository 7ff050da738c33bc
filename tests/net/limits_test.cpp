// What becomes of clients that are slow, silent or too many, and of everybody when the server stops (chapter 05 §1.4, §3.2,
// §15).
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "net/client.h"
#include "net/echo.h"
#include "net/h2_client.h"

namespace sentinel::net::testing {
namespace {

using std::chrono::milliseconds;

constexpr const char* kH2Start = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

Limits with(milliseconds Limits::*limit, int ms) {
  Limits limits;
  limits.*limit = milliseconds(ms);
  return limits;
}

TEST(Limits, AConnectionWithoutAByteIsClosed) {
  const EchoServer server(with(&Limits::first_byte_timeout, 100));
  Client client(server.port());
  EXPECT_EQ(client.rest(), "");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.counters().closed_before_first_byte, 1U);
  Client preface(server.port());
  preface.send(std::string(kH2Start).substr(0, 20));
  EXPECT_EQ(preface.rest(), "");
  EXPECT_EQ(server.counters().closed_before_first_byte, 2U);
}

TEST(Limits, AHeadThatNeverEndsIsClosedHoweverBusyItLooks) {
  const EchoServer server(with(&Limits::header_timeout, 200));
  Client client(server.port());
  client.send("GET / HTTP/1.1\r\n");
  const auto begin = std::chrono::steady_clock::now();
  while (!client.ended() && std::chrono::steady_clock::now() - begin < std::chrono::seconds(5)) {
    client.send("a: b\r\n");
    client.rest(20);
  }
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.counters().closed_in_header, 1U);
}

TEST(Limits, AnIdleConnectionIsClosedAndABusyOneIsNot) {
  const EchoServer server(with(&Limits::idle_timeout, 200));
  Client idle(server.port());
  Client busy(server.port());
  idle.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(status_of(idle.response()), "404");
  for (int i = 0; i < 8; ++i) {
    busy.send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(status_of(busy.response()), "404") << i;
    std::this_thread::sleep_for(milliseconds(50));
  }
  EXPECT_EQ(idle.rest(100), "");
  EXPECT_TRUE(idle.ended());
  EXPECT_FALSE(busy.ended());
  EXPECT_EQ(server.counters().closed_idle, 1U);
}

TEST(Limits, AnIdleHttp2ConnectionGetsAGoaway) {
  const EchoServer server(with(&Limits::idle_timeout, 200));
  H2Client client(server.port());
  client.flush();
  EXPECT_EQ(client.goaway(), NGHTTP2_NO_ERROR);
  EXPECT_TRUE(eventually([&] { return server.counters().connections_open == 0; }));
  EXPECT_EQ(server.counters().closed_idle, 1U);
}

TEST(Limits, AnHttp2ClientThatAnswersNoPingIsClosed) {
  Limits limits;
  limits.keepalive_ping = milliseconds(100);
  limits.keepalive_answer = milliseconds(100);
  const EchoServer server(limits);
  Client client(server.port());
  client.send(kH2Start + frame(NGHTTP2_SETTINGS, 0, 0, ""));
  const std::string got = client.rest();
  EXPECT_TRUE(client.ended());
  ASSERT_GE(got.size(), 17U);
  EXPECT_EQ(got[got.size() - 17 + 3], NGHTTP2_PING);
  EXPECT_EQ(server.counters().closed_not_reading, 1U);
}

// Closes without a packet, as a machine does that loses its power.
bool vanish(Client& client) {
  const int on = 1;
  if (setsockopt(client.fd(), IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) != 0) return false;
  client.reset();
  return true;
}

TEST(Limits, AnEndThatVanishedWithoutAWordIsNoticed) {
  Limits limits;
  limits.idle_timeout = milliseconds(400);
  limits.keepalive_ping = milliseconds(100);
  limits.keepalive_answer = milliseconds(100);
  const EchoServer server(limits);
  Client http1(server.port());
  http1.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(status_of(http1.response()), "404");
  Client http2(server.port());
  http2.send(kH2Start + frame(NGHTTP2_SETTINGS, 0, 0, ""));
  ASSERT_NE(http2.read(9), "");
  if (!vanish(http1) || !vanish(http2)) GTEST_SKIP() << "needs the right to administer the network";
  EXPECT_EQ(server.counters().connections_open, 2U);
  EXPECT_TRUE(eventually([&] { return server.counters().connections_open == 0; }));
  EXPECT_EQ(server.counters().closed_idle, 1U);  // the other one by its PING
}

TEST(Limits, ARequestHasItsTime) {
  EchoServer server(with(&Limits::request_timeout, 200));
  Client body(server.port());
  body.send("POST /echo HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf");
  Client answer(server.port());
  answer.send("GET /never HTTP/1.1\r\n\r\n");
  H2Client stream(server.port());
  const auto id = stream.request({{":method", "GET"}, {":scheme", "http"}, {":path", "/never"}, {":authority", "x"}}, "");
  for (Client* client : {&body, &answer}) {
    const std::string response = client->rest();
    EXPECT_EQ(status_of(response), "408");
    EXPECT_EQ(body_of(response), "");
    EXPECT_EQ(header_of(response, "connection"), "close");
    EXPECT_TRUE(client->ended());
  }
  EXPECT_EQ(stream.answer(id)[":status"], "408");
  EXPECT_EQ(server.counters().request_timeouts, 3U);
  EXPECT_EQ(server.counters().requests_in_flight, 2U);
  server.handler.release("late");
  EXPECT_TRUE(eventually([&] { return server.counters().clients_gone == 2; }));
  EXPECT_EQ(server.counters().requests_in_flight, 0U);
}

TEST(Limits, ABodyMustKeepItsPace) {
  Limits limits;
  limits.body_window = milliseconds(300);
  limits.body_rate = 1000;
  const EchoServer server(limits);
  // 300 bytes are due in each window: one client sends a fifth of it, the other three times as much.
  Client slow(server.port());
  Client fast(server.port());
  slow.send("POST /echo HTTP/1.1\r\nContent-Length: 3000\r\n\r\n");
  fast.send("POST /echo HTTP/1.1\r\nContent-Length: 3000\r\n\r\n");
  for (int i = 0; i < 30; ++i) {
    slow.send("xxxxxx");
    fast.send(std::string(100, 'x'));
    std::this_thread::sleep_for(milliseconds(30));
  }
  EXPECT_EQ(status_of(slow.rest()), "408");
  EXPECT_EQ(body_of(fast.response()).size(), 3000U);
  EXPECT_EQ(server.counters().slow_bodies, 1U);
}

TEST(Limits, AClientThatDoesNotReadItsAnswerIsClosed) {
  const EchoServer server(with(&Limits::write_timeout, 200));
  Client client(server.port());
  const std::string body(4'000'000, 'x');
  std::thread sender([&] {
    for (int i = 0; i < 4; ++i) client.send("POST /echo HTTP/1.1\r\nContent-Length: 4000000\r\n\r\n" + body);
  });
  EXPECT_TRUE(eventually([&] { return server.counters().closed_not_reading == 1; }));
  EXPECT_TRUE(eventually([&] { return server.counters().connections_open == 0; }));
  sender.join();
}

TEST(Limits, HeadsAreBoundedInFieldsBytesAndTarget) {
  const EchoServer server;
  const auto status = [&](const std::string& request) {
    Client client(server.port());
    client.send(request);
    return status_of(client.response());
  };
  const auto fields = [](int count) {
    std::string out = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < count; ++i) out += "a: b\r\n";
    return out + "\r\n";
  };
  EXPECT_EQ(status(fields(100)), "404");
  EXPECT_EQ(status(fields(101)), "431");
  const auto bytes = [](std::size_t size) { return "GET / HTTP/1.1\r\na: " + std::string(size - 5, 'v') + "\r\n\r\n"; };
  EXPECT_EQ(status(bytes(65'536)), "404");
  EXPECT_EQ(status(bytes(65'537)), "431");
  EXPECT_EQ(status("GET / HTTP/1.1\r\na: " + std::string(70'000, 'v')), "431");  // no end in sight
  EXPECT_EQ(status("GET /" + std::string(65'533, 'p') + " HTTP/1.1\r\n\r\n"), "404");
  EXPECT_EQ(status("GET /" + std::string(65'534, 'p') + " HTTP/1.1\r\n\r\n"), "414");
  EXPECT_EQ(status("GET /" + std::string(70'000, 'p')), "414");
  EXPECT_EQ(server.counters().header_too_large, 5U);
  // A method of 64 bytes, however the head arrives; one byte more is malformed.
  const auto method = [](std::size_t size) { return std::string(size, 'M') + " / HTTP/1.1\r\n\r\n"; };
  EXPECT_EQ(status(method(64)), "404");
  EXPECT_EQ(status(method(65)), "400");
  EXPECT_EQ(status(std::string(65, 'M')), "400");
  EXPECT_EQ(status("NOTARGET\r\n"), "400");  // said before the head is over
}

TEST(Limits, ConnectionsPastTheCapAreRefused) {
  Limits limits;
  limits.max_connections = 2;
  const EchoServer server(limits);
  const auto first = std::make_unique<Client>(server.port());
  auto second = std::make_unique<Client>(server.port());
  ASSERT_TRUE(eventually([&] { return server.counters().connections_open == 2; }));
  Client third(server.port());
  EXPECT_EQ(third.rest(), "");
  EXPECT_TRUE(third.ended());
  EXPECT_EQ(server.counters().connections_refused, 1U);
  second.reset();
  ASSERT_TRUE(eventually([&] { return server.counters().connections_open == 1; }));
  Client fourth(server.port());
  fourth.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(status_of(fourth.response()), "404");
}

TEST(Limits, WithoutASlotARequestWaitsItsTurnAndIsRefusedAfterItsTime) {
  EchoServer server(with(&Limits::idle_timeout, 1000));
  Client first(server.port());
  first.send("GET /slot HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(server.handler.wait_for_kept(1));
  EXPECT_EQ(server.handler.slots.in_use(), 1U);
  Client second(server.port());
  second.send("GET /slot HTTP/1.1\r\n\r\n");
  const std::string refused = second.response();
  EXPECT_EQ(status_of(refused), "503");
  EXPECT_EQ(header_of(refused, "retry-after"), "1");
  EXPECT_EQ(server.counters().slot_timeouts, 1U);

  second.send("GET /slot HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return server.handler.slots.waited() == 2; }));
  Client other(server.port());
  other.send("GET /later HTTP/1.1\r\n\r\n");
  EXPECT_EQ(body_of(other.response()), "later");  // other requests are not held up
  server.handler.release("one");
  EXPECT_EQ(body_of(first.response()), "one");
  ASSERT_TRUE(server.handler.wait_for_kept(1));
  server.handler.release("two");
  EXPECT_EQ(body_of(second.response()), "two");
  EXPECT_TRUE(eventually([&] { return server.handler.slots.in_use() == 0; }));
}

TEST(Limits, ABodyThatStopsHoldsNoSlot) {
  EchoServer server;
  Client stuck(server.port());
  stuck.send("POST /slot HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf");
  Client client(server.port());
  client.send("GET /slot HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(server.handler.wait_for_kept(1));
  server.handler.release("done");
  EXPECT_EQ(body_of(client.response()), "done");
}

TEST(Limits, AWaiterThatIsGonePassesItsSlotOn) {
  EchoServer server;
  Client first(server.port());
  first.send("GET /slot HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(server.handler.wait_for_kept(1));
  {
    Client gone(server.port());
    gone.send("GET /slot HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(eventually([&] { return server.handler.slots.waited() == 1; }));
    gone.reset();
  }
  ASSERT_TRUE(eventually([&] { return server.counters().connections_open == 1; }));
  Client third(server.port());
  third.send("GET /slot HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return server.handler.slots.waited() == 2; }));
  server.handler.release("one");
  ASSERT_TRUE(server.handler.wait_for_kept(1));
  server.handler.release("three");
  EXPECT_EQ(body_of(third.response()), "three");
}

// -- stopping

TEST(Stop, LetsRequestsInFlightFinishAndClosesTheRest) {
  EchoServer server({}, 2);
  Client idle(server.port());
  Client silent(server.port());
  Client waiting(server.port());
  Client sending(server.port());
  idle.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(status_of(idle.response()), "404");
  waiting.send("GET /never HTTP/1.1\r\n\r\n");
  sending.send("POST /echo HTTP/1.1\r\nContent-Length: 4\r\n\r\nha");
  H2Client stream(server.port());
  const auto id = stream.request({{":method", "GET"}, {":scheme", "http"}, {":path", "/never"}, {":authority", "x"}}, "");
  ASSERT_TRUE(server.handler.wait_for_kept(2));
  ASSERT_TRUE(eventually([&] { return server.counters().requests == 4; }));

  std::thread stopper([&] { server.server.stop(milliseconds(5000)); });
  idle.rest();
  EXPECT_TRUE(idle.ended());
  silent.rest();
  EXPECT_TRUE(silent.ended());
  EXPECT_EQ(stream.goaway(), NGHTTP2_NO_ERROR);
  sending.send("lf");
  const std::string sent = sending.rest();
  EXPECT_EQ(body_of(sent), "half");
  EXPECT_EQ(header_of(sent, "connection"), "close");
  server.handler.release("done");
  EXPECT_EQ(body_of(waiting.response()), "done");
  EXPECT_EQ(stream.answer(id).body, "done");
  waiting.end_of_input();
  stream.socket().end_of_input();
  sending.end_of_input();
  stopper.join();
  EXPECT_EQ(server.counters().cut_at_stop, 0U);
  EXPECT_EQ(server.counters().connections_open, 0U);
}

TEST(Stop, CutsWhatIsLeftAfterTheGrace) {
  EchoServer server;
  Client waiting(server.port());
  waiting.send("GET /never HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(server.handler.wait_for_kept(1));
  const auto begin = std::chrono::steady_clock::now();
  server.server.stop(milliseconds(100));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  EXPECT_EQ(waiting.rest(), "");
  EXPECT_TRUE(waiting.ended());
  EXPECT_TRUE(server.handler.first_abandoned());
  EXPECT_EQ(server.counters().cut_at_stop, 1U);
  server.handler.release("into the void");
}

TEST(Stop, RefusesConnectionsAfterwardsAndFreesThePort) {
  EchoServer server;
  const std::uint16_t port = server.port();
  Client open(port);
  open.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(status_of(open.response()), "404");
  server.server.stop(milliseconds(1000));
  EchoHandler handler;
  LoopThreads loops(1);
  ServerOptions options;
  options.port = port;
  Server again(loops, options, handler);
  EXPECT_TRUE(again.bind());
}

TEST(Bind, NamesListenerAddressAndReason) {
  EchoHandler handler;
  LoopThreads loops(1);
  const auto error = [&](const std::string& address, std::uint16_t port) {
    ServerOptions options;
    options.name = "gRPC";
    options.address = address;
    options.port = port;
    Server server(loops, options, handler);
    const auto bound = server.bind();
    return bound ? std::string() : bound.error().text();
  };
  for (const char* address : {"localhost", "127.1", "::1", "[127.0.0.1]", "", "0x7f.0.0.1"})
    EXPECT_EQ(error(address, 1), "gRPC listener " + std::string(address) +
                                     ":1: invalid address (give an IP address such as 127.0.0.1, or IPv6 in brackets: [::1])");
  ServerOptions options;
  Server first(loops, options, handler);
  ASSERT_TRUE(first.bind());
  EXPECT_EQ(error("127.0.0.1", first.port()), "gRPC listener 127.0.0.1:" + std::to_string(first.port()) +
                                                  ": cannot listen: Address already in use (another process has this port)");
  const auto served = first.serve();
  ASSERT_FALSE(served);
  EXPECT_EQ(served.error().what, "the loops have not been started");
}

}  // namespace
}  // namespace sentinel::net::testing
