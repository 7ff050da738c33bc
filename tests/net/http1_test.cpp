// HTTP/1 over real sockets: what a client sends and what comes back (chapter 05 §3.1).
#include <gtest/gtest.h>

#include <string>

#include "net/client.h"
#include "net/compressed.h"
#include "net/echo.h"

namespace sentinel::net::testing {
namespace {

std::string post(const std::string& path, const std::string& body, const std::string& headers = {}) {
  return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" +
         body;
}

TEST(Http1, AnswersOneRequestAfterTheOtherOnOneConnection) {
  const EchoServer server;
  Client client(server.port());
  for (const std::string body : {"first", "", "third"}) {
    client.send(post("/echo?q=1", body));
    const std::string response = client.response();
    EXPECT_EQ(status_of(response), "200");
    EXPECT_EQ(body_of(response), body);
    EXPECT_EQ(header_of(response, "x-query"), "q=1");
    EXPECT_EQ(header_of(response, "content-length"), std::to_string(body.size()));
    EXPECT_EQ(header_of(response, "date").size(), 29U);
  }
  EXPECT_EQ(server.counters().connections_accepted, 1U);
  EXPECT_EQ(server.counters().requests, 3U);
  EXPECT_EQ(server.counters().requests_in_flight, 0U);
}

TEST(Http1, AnswersPipelinedRequestsInTheirOrderAlsoWhenTheFirstIsSlow) {
  const EchoServer server;
  Client client(server.port());
  client.send("GET /later HTTP/1.1\r\n\r\n" + post("/echo", "b") + "GET /nothing HTTP/1.1\r\n\r\n" + post("/echo", "d"));
  EXPECT_EQ(body_of(client.response()), "later");
  EXPECT_EQ(body_of(client.response()), "b");
  EXPECT_EQ(status_of(client.response()), "404");
  EXPECT_EQ(body_of(client.response()), "d");
}

TEST(Http1, GivesTheSameAnswerHoweverTheBytesAreCut) {
  const EchoServer server;
  const std::string request =
      post("/echo", "some body", "X-A: 1\r\n") +
      "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nT: 1\r\n\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, request.size()}) {
    Client client(server.port());
    for (std::size_t at = 0; at < request.size(); at += piece) client.send(request.substr(at, piece));
    EXPECT_EQ(body_of(client.response()), "some body") << piece;
    EXPECT_EQ(body_of(client.response()), "hello world") << piece;
  }
}

TEST(Http1, ReadsALargeBodyWhole) {
  const EchoServer server;
  std::string body(3'000'000, '?');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  Client client(server.port());
  client.send(post("/echo", body) + post("/echo", "next"));
  EXPECT_TRUE(body_of(client.response()) == body);
  EXPECT_EQ(body_of(client.response()), "next");
}

TEST(Http1, AnswersHeadWithoutABodyButWithItsLength) {
  const EchoServer server;
  Client client(server.port());
  client.send("HEAD /later HTTP/1.1\r\n\r\nGET /later HTTP/1.1\r\n\r\n");
  const std::string head = client.response(true);
  EXPECT_EQ(header_of(head, "content-length"), "5");
  EXPECT_EQ(body_of(head), "");
  EXPECT_EQ(body_of(client.response()), "later");
}

TEST(Http1, KeepsOrClosesTheConnectionAsVersionAndHeaderSay) {
  struct Case {
    const char* request;
    bool kept;
  };
  const EchoServer server;
  for (const Case& c :
       {Case{"GET / HTTP/1.1\r\n\r\n", true}, Case{"GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", false},
        Case{"GET / HTTP/1.0\r\n\r\n", false}, Case{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true}}) {
    Client client(server.port());
    client.send(c.request);
    const std::string response = client.response();
    EXPECT_EQ(status_of(response), "404") << c.request;
    EXPECT_EQ(header_of(response, "connection") == "close", !c.kept) << response;
    client.rest(c.kept ? 50 : 5000);
    EXPECT_EQ(client.ended(), !c.kept) << c.request;
  }
}

TEST(Http1, SendsContinueOnlyWhenItReadsTheBody) {
  const EchoServer server;
  Client taken(server.port());
  taken.send("POST /echo HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(taken.read(25), "HTTP/1.1 100 Continue\r\n\r\n");
  taken.send("ok");
  EXPECT_EQ(body_of(taken.response()), "ok");

  Client refused(server.port());
  refused.send("POST /refuse HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of(refused.response()), "415");
  Client too_large(server.port());
  too_large.send("POST /small HTTP/1.1\r\nContent-Length: 65\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of(too_large.response()), "413");
}

TEST(Http1, ReadsOverASmallRefusedBodyAndClosesOnALargeOne) {
  const EchoServer server;
  Client small(server.port());
  small.send(post("/refuse", std::string(1000, 'x')) + post("/echo", "next"));
  EXPECT_EQ(status_of(small.response()), "415");
  EXPECT_EQ(body_of(small.response()), "next");

  Client chunked(server.port());
  chunked.send("POST /refuse HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + post("/echo", "next"));
  EXPECT_EQ(status_of(chunked.response()), "415");
  EXPECT_EQ(body_of(chunked.response()), "next");

  Client large(server.port());
  large.send(post("/refuse", std::string(1'000'000, 'x')));
  const std::string response = large.response();
  EXPECT_EQ(status_of(response), "415");
  EXPECT_EQ(header_of(response, "connection"), "close");
  large.end_of_input();
  large.rest();
  EXPECT_TRUE(large.ended());
}

TEST(Http1, HoldsBodiesToTheBoundsOfTheirPlan) {
  struct Case {
    std::string request;
    const char* status;
  };
  const EchoServer server;
  const auto chunked = [](std::size_t size) {
    char hex[16];
    std::snprintf(hex, sizeof hex, "%zx\r\n", size);
    return "POST /small HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(hex) + std::string(size, 'x') +
           "\r\n0\r\n\r\n";
  };
  for (const Case& c :
       {Case{post("/small", std::string(63, 'x')), "200"}, Case{post("/small", std::string(64, 'x')), "200"},
        Case{post("/small", std::string(65, 'x')), "413"}, Case{chunked(64), "200"}, Case{chunked(65), "400"}}) {
    Client client(server.port());
    client.send(c.request);
    EXPECT_EQ(status_of(client.response()), c.status) << c.request;
  }
  EXPECT_EQ(server.counters().body_too_large, 2U);
}

TEST(Http1, InflatesBodiesWithinTheirBound) {
  const EchoServer server;
  const std::string fits(64, 'a');
  const std::string too_large(65, 'a');
  const std::string incompressible = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-+!";
  struct Case {
    const char* encoding;
    std::string body;
    const char* status;
  };
  for (const Case& c : {Case{"gzip", gzipped(fits), "200"}, Case{"deflate", zlibbed(fits), "200"},
                        Case{"zstd", zstded(fits), "200"}, Case{"gzip", gzipped(too_large), "413"},
                        Case{"deflate", zlibbed(too_large), "413"}, Case{"zstd", zstded(too_large), "413"},
                        Case{"deflate", raw_deflated(fits), "400"}, Case{"gzip", gzipped(fits).substr(0, 20), "400"},
                        Case{"gzip", "", "200"}, Case{"gzip", gzipped(incompressible), "413"}}) {  // too large as sent already
    Client client(server.port());
    client.send(post("/small", c.body, "Content-Encoding: " + std::string(c.encoding) + "\r\n"));
    const std::string response = client.response();
    EXPECT_EQ(status_of(response), c.status) << c.encoding << c.body.size();
    if (c.status == std::string("200")) {
      EXPECT_EQ(body_of(response), c.body.empty() ? "" : fits);
    }
  }
  EXPECT_EQ(server.counters().body_too_large, 4U);
  EXPECT_EQ(server.counters().body_undecodable, 2U);
}

TEST(Http1, RefusesWhatIsNoRequest) {
  const EchoServer server;
  const std::string cases[] = {
      "GET\r\n\r\n",
      "GET /\r\n\r\n",
      "GET / HTTP/1.2\r\n\r\n",
      "GET / HTTP/2.0\r\n\r\n",
      "GET  HTTP/1.1\r\n\r\n",
      "GE T / HTTP/1.1\r\n\r\n",
      "G\x01T / HTTP/1.1\r\n\r\n",
      std::string("GET /\0 HTTP/1.1\r\n\r\n", 19),
      "GET /a<b HTTP/1.1\r\n\r\n",
      "GET /a>b HTTP/1.1\r\n\r\n",
      "GET /a`b HTTP/1.1\r\n\r\n",
      "GET /?a<b HTTP/1.1\r\n\r\n",
      "GET /?a>b HTTP/1.1\r\n\r\n",
      "GET /?a\"b HTTP/1.1\r\n\r\n",
      "GET /a#\x01 HTTP/1.1\r\n\r\n",
      "GET /a#b HTTP/1.1 HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nno colon\r\n\r\n",
      "GET / HTTP/1.1\r\n: empty\r\n\r\n",
      "GET / HTTP/1.1\r\nblank : x\r\n\r\n",
      "GET / HTTP/1.1\r\nA: 1\r\n folded\r\n\r\n",
      std::string("GET / HTTP/1.1\r\nA: \0\r\n\r\n", 24),
      "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
      "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01",  // a TLS client
  };
  for (const std::string& request : cases) {
    Client client(server.port());
    client.send(request);
    const std::string response = client.rest();
    EXPECT_EQ(status_of(response), "400") << request;
    EXPECT_EQ(body_of(response), "") << request;
    EXPECT_TRUE(client.ended()) << request;
  }
  EXPECT_EQ(server.counters().malformed, std::size(cases));
}

TEST(Http1, RefusesMalformedChunks) {
  const EchoServer server;
  for (const char* body : {"x\r\n", "\r\n", "5\r\nhelloX", "5\nhello\r\n0\r\n\r\n", "fffffffffffffffff\r\n", "0\r\n\rx"}) {
    Client client(server.port());
    client.send("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body));
    EXPECT_EQ(status_of(client.rest()), "400") << body;
    EXPECT_TRUE(client.ended()) << body;
  }
  EXPECT_EQ(server.counters().body_undecodable, 6U);
}

TEST(Http1, TakesOddButLawfulRequests) {
  struct Case {
    std::string request;
    const char* body;
  };
  const EchoServer server;
  for (const Case& c : {Case{"\r\n\r\nPOST /echo HTTP/1.1\r\nContent-Length: 1\r\n\r\na", "a"},
                        Case{"POST /echo HTTP/1.1\nContent-Length: 1\n\nb", "b"},
                        Case{"POST /echo#part HTTP/1.1\r\nContent-Length: 1\r\n\r\nf", "f"},
                        Case{"POST /echo?{|}^`\\[]\xc3\xa9 HTTP/1.1\r\nContent-Length: 1\r\n\r\ng", "g"},
                        Case{"POST http://host:1/echo HTTP/1.1\r\nContent-Length: 1\r\n\r\nc", "c"},
                        Case{"POST /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nd", "d"},
                        Case{"POST /echo HTTP/1.1\r\nContent-Length:\t1 \r\n\r\ne", "e"}}) {
    Client client(server.port());
    client.send(c.request);
    EXPECT_EQ(body_of(client.response()), c.body) << c.request;
  }
}

TEST(Http1, LeavesAFragmentOutOfTheQuery) {
  const EchoServer server;
  Client client(server.port());
  client.send("POST /echo?a=1&b={2}#c?d HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(header_of(client.response(), "x-query"), "a=1&b={2}");
}

TEST(Http1, ChunksCountOverAContentLengthAndTheConnectionCloses) {
  const EchoServer server;
  Client client(server.port());
  client.send(
      "POST /echo HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET / "
      "HTTP/1.1\r\n\r\n");
  EXPECT_EQ(body_of(client.response()), "hello");
  EXPECT_EQ(client.rest(), "");
  EXPECT_TRUE(client.ended());
}

TEST(Http1, AnswersACutBodyAndLeavesACutHeadAlone) {
  const EchoServer server;
  Client body(server.port());
  body.send("POST /echo HTTP/1.1\r\nContent-Length: 9\r\n\r\ncut");
  body.end_of_input();
  EXPECT_EQ(status_of(body.rest()), "400");
  Client head(server.port());
  head.send("POST /echo HTTP/1.1\r\nContent-Le");
  head.end_of_input();
  EXPECT_EQ(head.rest(), "");
  EXPECT_TRUE(head.ended());
}

TEST(Http1, AnswersAClientThatHalfClosesAfterItsRequest) {
  const EchoServer server;
  Client client(server.port());
  client.send("GET /later HTTP/1.1\r\n\r\n");
  client.end_of_input();
  EXPECT_EQ(body_of(client.response()), "later");
  client.rest();
  EXPECT_TRUE(client.ended());
}

TEST(Http1, AnExchangeLetGoOfAnswers500) {
  const EchoServer server;
  Client client(server.port());
  client.send("GET /drop HTTP/1.1\r\n\r\nGET /later HTTP/1.1\r\n\r\n");
  EXPECT_EQ(status_of(client.response()), "500");
  EXPECT_EQ(body_of(client.response()), "later");
  EXPECT_EQ(server.counters().dropped_unanswered, 1U);
}

TEST(Http1, AnAnswerToAClientThatIsGoneIsCounted) {
  EchoServer server;
  {
    Client client(server.port());
    client.send("GET /never HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(server.handler.wait_for_kept(1));
    EXPECT_FALSE(server.handler.first_abandoned());
    client.reset();
  }
  EXPECT_TRUE(eventually([&] { return server.handler.first_abandoned(); }));
  server.handler.release("late");
  EXPECT_TRUE(eventually([&] { return server.counters().clients_gone == 1; }));
  EXPECT_EQ(server.counters().requests_in_flight, 0U);
}

TEST(Http1, WorksOnSeveralLoopsAtOnce) {
  const EchoServer server({}, 3);
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&server, i] {
      Client client(server.port());
      for (int n = 0; n < 100; ++n) {
        const std::string body = std::to_string(i) + "/" + std::to_string(n);
        client.send(post(n % 10 == 9 ? "/later" : "/echo", body));
        ASSERT_EQ(body_of(client.response()), n % 10 == 9 ? "later" : body);
      }
    });
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(server.counters().requests, 800U);
}

}  // namespace
}  // namespace sentinel::net::testing
