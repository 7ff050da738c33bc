// The client against a server that answers as each test wants.
#include "net/http_client.h"

#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include <atomic>

#include "net/compressed.h"
#include "net/support/raw_server.h"
#include "net/support/tls_peer.h"

namespace sentinel::net {
namespace {

using std::chrono::milliseconds;

HttpOutcome get(HttpClient& client, const std::string& url, const HttpBounds& bounds = {}) {
  return client.send({.method = "GET", .url = url, .headers = {{"User-Agent", "test"}}, .body = {}}, bounds);
}

// "200 body", or "fault N: text".
std::string told(const HttpOutcome& outcome) {
  if (!outcome.answered()) return "fault " + std::to_string(static_cast<int>(*outcome.fault)) + ": " + outcome.error.text();
  return std::to_string(outcome.answer.status) + " " + outcome.answer.body;
}

// What a server that sends `answer` and closes makes of one call.
HttpOutcome answered_with(std::string answer, const HttpBounds& bounds = {}) {
  RawServer server([&](Peer& peer) {
    peer.read_request();
    peer.send(answer);
  });
  HttpClient client;
  return get(client, server.url(), bounds);
}

std::string gzip_answer(const std::string& packed) {
  return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(packed.size()) + "\r\n\r\n" + packed;
}

TEST(HttpClient, SendsWhatItWasGivenAndNothingElse) {
  std::string request;
  RawServer server([&](Peer& peer) {
    request = peer.read_request();
    peer.answer("ok");
  });
  HttpClient client;
  EXPECT_EQ(
      told(client.send(
          {.method = "POST", .url = server.url("/a%20b?c=d#e"), .headers = {{"Accept", "x/y"}, {"Accept", "z"}}, .body = "{}"},
          {})),
      "200 ok");
  EXPECT_EQ(request, "POST /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                         "\r\nAccept: x/y\r\nAccept: z\r\nContent-Length: 2\r\n\r\n{}");
}

TEST(HttpClient, ReadsEachFormOfBody) {
  EXPECT_EQ(told(answered_with("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc")), "200 ab");
  EXPECT_EQ(told(answered_with("HTTP/1.1 200 OK\r\n\r\nto the end")), "200 to the end");
  EXPECT_EQ(
      told(answered_with("HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\nT: 1\r\n\r\n")),
      "404 abc");
  EXPECT_EQ(told(answered_with("HTTP/1.1 204 No Content\r\n\r\n")), "204 ");
  EXPECT_EQ(told(answered_with("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")), "302 ");
  EXPECT_EQ(told(answered_with("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na")),
            "200 a");
}

TEST(HttpClient, ReadsAnAnswerThatTricklesInByteByByte) {
  const std::string answer = "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  RawServer server([&](Peer& peer) {
    peer.read_request();
    for (const char c : answer) {
      peer.send({&c, 1});
      std::this_thread::sleep_for(milliseconds(1));
    }
  });
  HttpClient client;
  EXPECT_EQ(told(get(client, server.url())), "200 abc");
}

TEST(HttpClient, RefusesWhatIsNoHttpOrWasCut) {
  const auto fault = [](std::string answer) { return answered_with(std::move(answer)).fault; };
  EXPECT_EQ(fault(""), HttpFault::kClosed);
  EXPECT_EQ(fault("220 mail.example ESMTP\r\n"), HttpFault::kProtocol);
  EXPECT_EQ(fault("HTTP/2.7 200 OK\r\n\r\n"), HttpFault::kProtocol);
  EXPECT_EQ(fault("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"), HttpFault::kProtocol);
  EXPECT_EQ(fault("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd"), HttpFault::kCut);
  EXPECT_EQ(fault("HTTP/1.1 200 OK\r\nContent-Le"), HttpFault::kCut);
  EXPECT_EQ(fault("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), HttpFault::kCut);
  EXPECT_EQ(fault("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), HttpFault::kProtocol);
}

TEST(HttpClient, EveryCutOfAnAnswerIsAFault) {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t size = 0; size < answer.size(); ++size) {
    EXPECT_TRUE(answered_with(answer.substr(0, size)).fault.has_value()) << size;
  }
  EXPECT_EQ(told(answered_with(answer)), "200 abc");
}

TEST(HttpClient, BodyMayBeAsLargeAsTheCapAndNoLarger) {
  const HttpBounds four = {.max_body = 4};
  EXPECT_EQ(told(answered_with("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", four)), "200 abcd");
  EXPECT_EQ(answered_with("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde", four).fault, HttpFault::kTooLarge);
  EXPECT_EQ(told(answered_with("HTTP/1.1 200 OK\r\n\r\nabcd", four)), "200 abcd");
  EXPECT_EQ(answered_with("HTTP/1.1 200 OK\r\n\r\nabcde", four).fault, HttpFault::kTooLarge);
  EXPECT_EQ(answered_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", four).fault,
            HttpFault::kTooLarge);
}

TEST(HttpClient, ABodyWithoutEndIsDroppedAtTheCap) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    const std::string piece(1 << 16, 'x');
    for (int i = 0; i < 1000; ++i) peer.send(piece);
  });
  HttpClient client;
  EXPECT_EQ(get(client, server.url(), {.max_body = 1 << 20}).fault, HttpFault::kTooLarge);
}

TEST(HttpClient, AHeadWithoutEndIsDroppedAtItsCap) {
  const std::string line = "X: " + std::string(1000, 'x') + "\r\n";
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 60; ++i) head += line;
  EXPECT_EQ(told(answered_with(head + "Content-Length: 1\r\n\r\na")), "200 a");
  for (int i = 0; i < 10; ++i) head += line;
  EXPECT_EQ(answered_with(head + "Content-Length: 1\r\n\r\na").fault, HttpFault::kTooLarge);
}

TEST(HttpClient, InterimAnswersWithoutEndAreAFault) {
  std::string answer;
  for (int i = 0; i <= kMaxInterimAnswers; ++i) answer += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(answered_with(answer + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").fault, HttpFault::kProtocol);
}

TEST(HttpClient, UndoesGzipUnderTheCap) {
  const std::string text(10'000, 'a');
  const std::string packed = testing::gzipped(text);
  EXPECT_EQ(told(answered_with(gzip_answer(packed))), "200 " + text);
  EXPECT_EQ(told(answered_with(gzip_answer(packed + packed))), "200 " + text + text);
  EXPECT_EQ(told(answered_with(gzip_answer(packed), {.max_body = 10'000})), "200 " + text);
  EXPECT_EQ(answered_with(gzip_answer(packed), {.max_body = 9'999}).fault, HttpFault::kTooLarge);
  EXPECT_EQ(answered_with(gzip_answer(packed + "x")).fault, HttpFault::kEncoding);
  EXPECT_EQ(answered_with(gzip_answer(packed.substr(0, packed.size() - 1))).fault, HttpFault::kEncoding);
  EXPECT_EQ(answered_with(gzip_answer("no gzip")).fault, HttpFault::kEncoding);
  EXPECT_EQ(answered_with("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\na").fault, HttpFault::kEncoding);
}

TEST(HttpClient, UsesAConnectionAgainWhenTheServerKeepsIt) {
  RawServer server([](Peer& peer) {
    while (!peer.read_request().empty()) peer.answer("a");
  });
  HttpClient client;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(told(get(client, server.url())), "200 a");
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClient, DoesNotUseAConnectionAgainThatTheServerCloses) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.answer("a", "Connection: close\r\n");
    peer.wait_for_close();
  });
  HttpClient client;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(told(get(client, server.url())), "200 a");
  EXPECT_EQ(server.connections(), 3);
}

TEST(HttpClient, AsksAgainOnAFreshConnectionWhenAKeptOneHasGone) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.answer("a");  // and closes without having said so
  });
  HttpClient client;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(told(get(client, server.url())), "200 a");
  EXPECT_EQ(server.connections(), 3);
}

TEST(HttpClient, DoesNotSendAWriteTwice) {
  std::atomic<int> writes = 0;
  RawServer server([&](Peer& peer) {
    peer.read_request();
    peer.answer("a");
    if (!peer.read_request().empty()) ++writes;  // taken, and the connection closed without an answer
  });
  HttpClient client;
  EXPECT_EQ(told(get(client, server.url())), "200 a");
  EXPECT_EQ(client.send({.method = "POST", .url = server.url(), .headers = {}, .body = "x"}, {}).fault, HttpFault::kClosed);
  EXPECT_EQ(writes, 1);
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClient, ServesManyThreadsAtOnce) {
  RawServer server([](Peer& peer) {
    for (std::string request; !(request = peer.read_request()).empty();) peer.answer(request.substr(4, 3));
  });
  HttpClient client;
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      const std::string path = "/" + std::to_string(10 + t);
      for (int i = 0; i < 20; ++i) right += told(get(client, server.url(path))) == "200 " + path;
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(right, 160);
  EXPECT_LE(server.connections(), 8);
}

TEST(HttpClient, DoesNotWaitLongerThanAllowedForTheHead) {
  RawServer server([](Peer& peer) { peer.wait_for_close(); });
  HttpClient client;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(told(get(client, server.url("/x"), {.head = milliseconds(60)})),
            "fault 4: " + server.url("/x") + ": timed out waiting for the answer");
  EXPECT_LT(std::chrono::steady_clock::now() - before, milliseconds(2000));
}

TEST(HttpClient, DoesNotWaitLongerThanAllowedForTheWhole) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 100; ++i) {
      peer.send("x");
      std::this_thread::sleep_for(milliseconds(10));
    }
  });
  HttpClient client;
  EXPECT_EQ(told(get(client, server.url(), {.head = milliseconds(5000), .total = milliseconds(100)})),
            "fault 4: " + server.url() + ": timed out inside the answer");
}

TEST(HttpClient, ALateBodyIsFineOnceTheHeadIsThere) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
    std::this_thread::sleep_for(milliseconds(150));
    peer.send("a");
  });
  HttpClient client;
  EXPECT_EQ(told(get(client, server.url(), {.head = milliseconds(100), .total = milliseconds(5000)})), "200 a");
}

TEST(HttpClient, EndsAtOnceWhenItIsCancelled) {
  RawServer server([](Peer& peer) { peer.wait_for_close(); });
  HttpClient client;
  const int cancel = ::eventfd(0, EFD_CLOEXEC);
  std::thread canceller([&] {
    std::this_thread::sleep_for(milliseconds(50));
    ::eventfd_write(cancel, 1);
  });
  HttpBounds bounds;
  bounds.cancel = cancel;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(get(client, server.url(), bounds).fault, HttpFault::kCancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - before, milliseconds(3000));
  canceller.join();
  ::close(cancel);
}

TEST(HttpClient, SaysWhyThereIsNoConnection) {
  int port = 0;
  {
    const RawServer gone([](Peer&) {});
    port = gone.port();
  }
  HttpClient client;
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/";
  EXPECT_EQ(
      told(get(client, url)),
      "fault 2: " + url +
          ": cannot connect: Connection refused (check the address, and that the server runs and can be reached from here)");
  EXPECT_EQ(get(client, "http://no-such-host.invalid/").fault, HttpFault::kResolve);
  EXPECT_EQ(told(get(client, "http://u:p@h/")), "fault 0: http://h/: credentials in the address are not accepted");
}

// -- encryption

// One https call to a server with that certificate.
std::string over_tls(const TestCertificate& certificate, bool trusted, std::string_view host,
                     std::string* server_name = nullptr) {
  const std::string file = ::testing::TempDir() + "/authority.pem";
  certificate.write(file);
  RawServer server([&](Peer& peer) {
    answer_over_tls(peer.fd(), certificate, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", server_name);
  });
  HttpClient::Options options;
  if (trusted) options.authorities = file;
  HttpClient client(std::move(options));
  std::string text = told(get(client, "https://" + std::string(host) + ":" + std::to_string(server.port()) + "/"));
  return text.substr(0, text.find(" (the system"));
}

TEST(HttpsClient, TalksToAServerWhoseCertificateIsTrustedAndForItsName) {
  const TestCertificate certificate("DNS:localhost,IP:127.0.0.1");
  std::string server_name;
  EXPECT_EQ(over_tls(certificate, true, "localhost", &server_name), "200 a");
  EXPECT_EQ(server_name, "localhost");
  server_name.clear();
  EXPECT_EQ(over_tls(certificate, true, "127.0.0.1", &server_name), "200 a");
  EXPECT_EQ(server_name, "");  // an address is never sent as a name
}

TEST(HttpsClient, RefusesCertificatesThatAreUntrustedForAnotherNameOrPast) {
  const auto why = [](std::string text) {
    return text.substr(0, 7) + text.substr(std::min(text.find("/: ") + 3, text.size()));
  };
  EXPECT_EQ(why(over_tls(TestCertificate("DNS:localhost"), false, "localhost")),
            "fault 3the server's certificate is not trusted: self-signed certificate");
  EXPECT_EQ(why(over_tls(TestCertificate("DNS:example.org"), true, "localhost")),
            "fault 3the server's certificate is not trusted: hostname mismatch");
  EXPECT_EQ(why(over_tls(TestCertificate("DNS:localhost"), true, "127.0.0.1")),
            "fault 3the server's certificate is not trusted: IP address mismatch");
  EXPECT_EQ(why(over_tls(TestCertificate("DNS:localhost", -1), true, "localhost")),
            "fault 3the server's certificate is not trusted: certificate has expired");
}

TEST(HttpsClient, SaysThatTheServerSpeaksNoTls) {
  RawServer server([](Peer& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.wait_for_close();
  });
  HttpClient client;
  const HttpOutcome outcome = get(client, "https://127.0.0.1:" + std::to_string(server.port()) + "/");
  EXPECT_EQ(outcome.fault, HttpFault::kTls);
  EXPECT_TRUE(outcome.error.what.starts_with("no encrypted connection: ")) << outcome.error.what;
}

TEST(HttpsClient, DoesNotWaitLongerThanAllowedForTheHandshake) {
  RawServer server([](Peer& peer) { peer.wait_for_close(); });
  HttpClient client;
  EXPECT_EQ(get(client, "https://127.0.0.1:" + std::to_string(server.port()) + "/", {.head = milliseconds(60)}).fault,
            HttpFault::kTimeout);
}

// -- proxies

std::string& proxy_address() {
  static std::string address;
  return address;
}
ProxyRules through(const RawServer& proxy, const std::string& credentials = {}) {
  proxy_address() = "http://" + credentials + "127.0.0.1:" + std::to_string(proxy.port());
  return ProxyRules::from([](const char* name) -> const char* {
    return std::string_view(name).ends_with("_PROXY") && name[0] == 'H' ? proxy_address().c_str() : nullptr;
  });
}

TEST(ProxiedClient, AsksTheProxyWithTheWholeAddress) {
  std::string request;
  RawServer proxy([&](Peer& peer) {
    request = peer.read_request();
    peer.answer("a");
  });
  HttpClient client({.proxies = through(proxy, "user:pw@"), .authorities = {}});
  EXPECT_EQ(told(get(client, "http://server.invalid:8080/x?y")), "200 a");
  EXPECT_EQ(request,
            "GET http://server.invalid:8080/x?y HTTP/1.1\r\nHost: server.invalid:8080\r\nUser-Agent: test\r\n"
            "Proxy-Authorization: Basic dXNlcjpwdw==\r\n\r\n");
}

TEST(ProxiedClient, EncryptsThroughATunnelEndToEnd) {
  const TestCertificate certificate("DNS:server.invalid");
  const std::string file = ::testing::TempDir() + "/proxied.pem";
  certificate.write(file);
  std::string request;
  RawServer proxy([&](Peer& peer) {
    request = peer.read_request();
    peer.send("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n");
    answer_over_tls(peer.fd(), certificate, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
  });
  HttpClient client({.proxies = through(proxy), .authorities = file});
  EXPECT_EQ(told(get(client, "https://server.invalid/x")), "200 a");
  EXPECT_EQ(request, "CONNECT server.invalid:443 HTTP/1.1\r\nHost: server.invalid:443\r\n\r\n");
}

TEST(ProxiedClient, SaysThatTheProxyRefuses) {
  RawServer proxy([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  });
  HttpClient client({.proxies = through(proxy), .authorities = {}});
  const HttpOutcome outcome = get(client, "https://server.invalid/");
  EXPECT_EQ(outcome.fault, HttpFault::kConnect);
  EXPECT_EQ(outcome.error.what,
            "proxy 127.0.0.1:" + std::to_string(proxy.port()) + ": the proxy refuses the connection: status 407");
}

}  // namespace
}  // namespace sentinel::net
