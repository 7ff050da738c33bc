// Servers over TLS: certificates, ALPN, client certificates, broken handshakes (chapter 05 §3.2, §3.6).
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "net/client.h"
#include "net/echo.h"
#include "net/h2_client.h"
#include "net/support/tls_peer.h"
#include "net/websocket_client.h"

namespace sentinel::net::testing {
namespace {

// A directory of its own with the pair of a certificate.
class Files {
 public:
  Files() {
    char name[] = "/tmp/net_tls_XXXXXX";
    directory_ = mkdtemp(name);
  }
  ~Files() { std::filesystem::remove_all(directory_); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return directory_ + "/" + name; }
  [[nodiscard]] std::string text(const std::string& name, const std::string& content) const {
    std::ofstream(path(name)) << content;
    return path(name);
  }
  [[nodiscard]] TlsFiles pair(const TestCertificate& certificate, const std::string& name = "a") const {
    TlsFiles files{path(name + ".crt"), path(name + ".key"), {}};
    certificate.write(files.certificate);
    std::FILE* key = std::fopen(files.key.c_str(), "w");
    PEM_write_PrivateKey(key, certificate.key(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(key);
    return files;
  }

 private:
  std::string directory_;
};

const TestCertificate& certificate() {
  static const TestCertificate one("DNS:localhost");
  return one;
}

std::shared_ptr<const TlsContext> loaded(const TlsFiles& files) {
  auto context = TlsContext::load(files);
  EXPECT_TRUE(context) << context.error().text();
  return context ? *context : nullptr;
}

// A TLS client over a connected socket. `alpn` as on the wire.
class TlsPeer {
 public:
  explicit TlsPeer(Client& socket, const std::string& alpn = {}, const TestCertificate* own = nullptr)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), ssl_(nullptr, SSL_free) {
    if (own != nullptr) {
      SSL_CTX_use_certificate(context_.get(), own->certificate());
      SSL_CTX_use_PrivateKey(context_.get(), own->key());
    }
    ssl_.reset(SSL_new(context_.get()));
    if (!alpn.empty())
      SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(alpn.data()), static_cast<unsigned>(alpn.size()));
    SSL_set_fd(ssl_.get(), socket.fd());
    connected_ = SSL_connect(ssl_.get()) == 1;
    ERR_clear_error();
  }
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }
  [[nodiscard]] bool shows(const TestCertificate& expected) const {
    const std::unique_ptr<X509, void (*)(X509*)> shown(SSL_get1_peer_certificate(ssl_.get()), X509_free);
    return shown != nullptr && X509_cmp(shown.get(), expected.certificate()) == 0;
  }
  void send(const std::string& bytes) { SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); }
  // So many bytes, or fewer when the connection ends.
  std::string read(std::size_t count) {
    std::string out;
    char bytes[16384];
    while (out.size() < count) {
      const int got = SSL_read(ssl_.get(), bytes, static_cast<int>(std::min(sizeof bytes, count - out.size())));
      if (got <= 0) break;
      out.append(bytes, static_cast<std::size_t>(got));
    }
    ERR_clear_error();
    return out;
  }

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
  bool connected_ = false;
};

std::string post(const std::string& body) {
  return "POST /echo HTTP/1.1\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(Tls, ServesHttpInBothDirectionsWhateverTheSize) {
  const Files files;
  EchoServer server;
  server.server.use_tls(loaded(files.pair(certificate())));
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{3'000'000}}) {
    Client socket(server.port());
    TlsPeer client(socket);
    ASSERT_TRUE(client.connected());
    std::thread sender([&] { client.send(post(std::string(size, 'x'))); });
    sender.join();
    const std::string response = client.read(1 << 30);
    EXPECT_EQ(status_of(response), "200");
    EXPECT_EQ(body_of(response).size(), size);
  }
  EXPECT_EQ(server.counters().tls_handshakes_failed, 0U);
}

TEST(Tls, CarriesWebSocketsAlsoFromClientsThatDoNotWaitForTheHandshake) {
  const Files files;
  SocketServer server;
  server.server.use_tls(loaded(files.pair(certificate())));
  for (const std::string path : {"/echo", "/late"}) {
    Client socket(server.server.port());
    TlsPeer client(socket, "\x08http/1.1");
    ASSERT_TRUE(client.connected());
    client.send(upgrade_request(path) + client_text("first"));
    client.send(client_text("second") + client_close(1000));
    const std::string all = client.read(1 << 20);
    EXPECT_EQ(status_of(all), "101");
    EXPECT_EQ(body_of(all), (path == "/echo" ? std::string("\x81\x05"
                                                           "first\x81\x06second")
                                             : std::string()) +
                                "\x88\x02\x03\xe8");
  }
  EXPECT_EQ(server.log().wait_for(10), (std::vector<std::string>{"open", "text first", "text second", "close 1000", "gone",
                                                                 "open", "text first", "text second", "close 1000", "gone"}));
}

TEST(Tls, ChoosesTheProtocolByAlpn) {
  const Files files;
  EchoServer server;
  server.server.use_tls(loaded(files.pair(certificate())));
  struct Case {
    std::string offered;
    const char* chosen;
  };
  for (const Case& c : {Case{"\x02h2\x08http/1.1", "h2"}, Case{"\x08http/1.1\x02h2", "h2"}, Case{"\x08http/1.1", "http/1.1"},
                        Case{"\x03xyz", ""}, Case{"", ""}}) {
    Client socket(server.port());
    TlsPeer client(socket, c.offered);
    ASSERT_TRUE(client.connected()) << c.offered;
    EXPECT_EQ(client.protocol(), c.chosen) << c.offered;
  }
  Client socket(server.port());
  TlsPeer client(socket, "\x02h2");
  client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(NGHTTP2_SETTINGS, 0, 0, ""));
  EXPECT_EQ(client.read(9)[3], NGHTTP2_SETTINGS);
}

TEST(Tls, PresentsAReloadedCertificateOnNewConnections) {
  const Files files;
  const TestCertificate second("DNS:localhost", 30);
  EchoServer server;
  const auto first_context = loaded(files.pair(certificate()));
  const auto second_context = loaded(files.pair(second, "b"));
  EXPECT_GT(second_context->not_after() - first_context->not_after(), 27 * 24 * 3600);
  server.server.use_tls(first_context);
  Client old_socket(server.port());
  TlsPeer old_client(old_socket);
  EXPECT_TRUE(old_client.shows(certificate()));
  server.server.use_tls(second_context);
  Client socket(server.port());
  const TlsPeer client(socket);
  EXPECT_TRUE(client.shows(second));
  old_client.send(post("still"));
  EXPECT_EQ(body_of(old_client.read(1 << 20)), "still");
}

TEST(Tls, DemandsAClientCertificateWhenAuthoritiesAreGiven) {
  const Files files;
  const TestCertificate known("DNS:known");
  const TestCertificate stranger("DNS:stranger");
  TlsFiles with = files.pair(certificate());
  with.client_ca = files.path("ca.crt");
  known.write(with.client_ca);
  EchoServer server;
  server.server.use_tls(loaded(with));
  const auto answer = [&](const TestCertificate* own) {
    Client socket(server.port());
    TlsPeer client(socket, {}, own);
    // With TLS 1.3 the refusal comes after the client's side of the handshake is done.
    client.send(post("hello"));
    return body_of(client.read(1 << 20));
  };
  EXPECT_EQ(answer(&known), "hello");
  EXPECT_EQ(answer(&stranger), "");
  EXPECT_EQ(answer(nullptr), "");
  EXPECT_TRUE(eventually([&] { return server.counters().tls_handshakes_failed == 2; }));
}

TEST(Tls, APlainClientGetsAnAlert) {
  const Files files;
  EchoServer server;
  server.server.use_tls(loaded(files.pair(certificate())));
  Client client(server.port());
  client.send("GET / HTTP/1.1\r\n\r\n");
  const std::string got = client.rest();
  EXPECT_TRUE(client.ended());
  ASSERT_FALSE(got.empty());
  EXPECT_EQ(got[0], 0x15);  // the record type of an alert
  EXPECT_EQ(server.counters().tls_handshakes_failed, 1U);
}

TEST(Tls, AHandshakeHasItsTimeAndItsPlaces) {
  const Files files;
  Limits limits;
  limits.handshake_timeout = std::chrono::milliseconds(200);
  limits.max_handshakes = 2;
  EchoServer server(limits);
  server.server.use_tls(loaded(files.pair(certificate())));
  Client first(server.port());
  Client second(server.port());
  ASSERT_TRUE(eventually([&] { return server.counters().connections_accepted == 2; }));
  // Both places are taken by clients that say nothing; the third is served once one of them is given up.
  Client third(server.port());
  TlsPeer client(third);
  EXPECT_TRUE(client.connected());
  EXPECT_GE(server.counters().tls_handshakes_failed, 1U);
  EXPECT_EQ(first.rest(), "");
  EXPECT_TRUE(first.ended());
  client.send(post("served"));
  EXPECT_EQ(body_of(client.read(1 << 20)), "served");
}

TEST(Tls, TellsApartWhatIsWrongWithAPair) {
  const Files files;
  const TestCertificate other("DNS:other");
  const TlsFiles good = files.pair(certificate());
  const TlsFiles alien = files.pair(other, "b");
  const std::string broken = files.text("broken", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  const std::string empty = files.text("empty", "");
  struct Case {
    TlsFiles files;
    std::string where;
    const char* what;
  };
  const Case cases[] = {
      {{files.path("none"), good.key, {}}, files.path("none"), "cannot read the TLS certificate: No such file or directory"},
      {{good.certificate, files.path("none"), {}}, files.path("none"), "cannot read the TLS key: No such file or directory"},
      {{broken, good.key, {}}, broken, "cannot parse the TLS certificate chain: "},
      {{empty, good.key, {}}, empty, "cannot parse the TLS certificate chain: no start line"},
      {{good.certificate, broken, {}}, broken, "cannot parse the TLS key: "},
      {{good.certificate, alien.key, {}}, alien.key, "the TLS key does not belong to the certificate: key values mismatch"},
      {{good.certificate, good.key, files.path("none")}, files.path("none"), "cannot read the client CA file: "},
      {{good.certificate, good.key, empty}, empty, "cannot parse the client CA file: "},
  };
  for (const Case& c : cases) {
    const auto context = TlsContext::load(c.files);
    ASSERT_FALSE(context) << c.what;
    EXPECT_EQ(context.error().what.substr(0, std::string_view(c.what).size()), c.what);
    EXPECT_EQ(context.error().where, c.where);
  }
  EXPECT_TRUE(TlsContext::load(good));
}

}  // namespace
}  // namespace sentinel::net::testing
