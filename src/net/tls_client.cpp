#include "net/tls_client.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdlib>

namespace sentinel::net {
namespace {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslHandle = std::unique_ptr<SSL, FreeSsl>;

// The newest error of this thread, in words; the queue is emptied.
std::string last_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "the connection ended" : reason;
}

// Where distributions keep the authorities, for when the places compiled into the library hold none.
constexpr const char* kAuthorityFiles[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                           "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

void trust_system(SSL_CTX* context) {
  SSL_CTX_set_default_verify_paths(context);
  if (std::getenv("SSL_CERT_FILE") != nullptr || std::getenv("SSL_CERT_DIR") != nullptr) return;
  for (const char* file : kAuthorityFiles) {
    if (::access(file, R_OK) == 0 && SSL_CTX_load_verify_file(context, file) == 1) break;
  }
  ERR_clear_error();
}

bool is_address(const std::string& host) {
  in6_addr bytes{};
  return ::inet_pton(AF_INET, host.c_str(), &bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), &bytes) == 1;
}

class TlsWire : public Wire {
 public:
  TlsWire(Socket socket, SslHandle ssl) : socket_(std::move(socket)), ssl_(std::move(ssl)) {}
  ~TlsWire() override { SSL_shutdown(ssl_.get()); }
  TlsWire(const TlsWire&) = delete;
  TlsWire& operator=(const TlsWire&) = delete;

  std::optional<Failure> read(char* to, std::size_t room, std::size_t* got, const Patience& patience) override {
    for (;;) {
      ERR_clear_error();
      const int done = SSL_read_ex(ssl_.get(), to, room, got);
      if (done == 1) return std::nullopt;
      if (SSL_get_error(ssl_.get(), done) == SSL_ERROR_ZERO_RETURN) {
        *got = 0;
        return std::nullopt;
      }
      if (auto failure = go_on(done, patience)) return failure;
    }
  }

  std::optional<Failure> write(std::string_view bytes, const Patience& patience) override {
    while (!bytes.empty()) {
      ERR_clear_error();
      std::size_t written = 0;
      const int done = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
      if (done == 1) {
        bytes.remove_prefix(written);
      } else if (auto failure = go_on(done, patience)) {
        return failure;
      }
    }
    return std::nullopt;
  }

  std::optional<Failure> shake_hands(const Patience& patience) {
    for (;;) {
      ERR_clear_error();
      const int done = SSL_connect(ssl_.get());
      if (done == 1) return std::nullopt;
      auto failure = go_on(done, patience);
      if (!failure) continue;
      if (failure->fault != HttpFault::kClosed) return failure;
      const long verdict = SSL_get_verify_result(ssl_.get());
      if (verdict != X509_V_OK) {
        return Failure{HttpFault::kTls,
                       std::string("the server's certificate is not trusted: ") + X509_verify_cert_error_string(verdict)};
      }
      return Failure{HttpFault::kTls, "no encrypted connection: " + failure->why};
    }
  }

 private:
  // Waits for what the library waits for; a failure when it waits for nothing.
  std::optional<Failure> go_on(int result, const Patience& patience) {
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return socket_.wait(Socket::For::kReading, patience);
      case SSL_ERROR_WANT_WRITE:
        return socket_.wait(Socket::For::kWriting, patience);
      default:
        return Failure{HttpFault::kClosed, last_error()};
    }
  }

  Socket socket_;
  SslHandle ssl_;
};

}  // namespace

struct TlsClient::Context {
  SSL_CTX* ssl = SSL_CTX_new(TLS_client_method());

  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { SSL_CTX_free(ssl); }
};

TlsClient::TlsClient(std::unique_ptr<Context> context) : context_(std::move(context)) {}
TlsClient::~TlsClient() = default;

base::Result<std::shared_ptr<TlsClient>> TlsClient::make(const std::string& authorities) {
  auto context = std::make_unique<Context>();
  if (context->ssl == nullptr) return base::Error{"encrypted connections cannot be set up: " + last_error(), {}, {}};
  SSL_CTX_set_min_proto_version(context->ssl, TLS1_2_VERSION);
  SSL_CTX_set_verify(context->ssl, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
  if (authorities.empty()) {
    trust_system(context->ssl);
  } else if (SSL_CTX_load_verify_file(context->ssl, authorities.c_str()) != 1) {
    return base::Error{"the certificates of " + authorities + " cannot be read: " + last_error(), {}, {}};
  }
  return std::shared_ptr<TlsClient>(new TlsClient(std::move(context)));
}

Connected TlsClient::wrap(Socket socket, const std::string& host, const Patience& patience) const {
  SslHandle ssl(SSL_new(context_->ssl));
  const bool address = is_address(host);
  const bool ready = ssl != nullptr && SSL_set_fd(ssl.get(), socket.fd()) == 1 &&
                     (address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host.c_str()) == 1
                              : SSL_set1_host(ssl.get(), host.c_str()) == 1 &&
                                    SSL_set_tlsext_host_name(ssl.get(), const_cast<char*>(host.c_str())) == 1);
  if (!ready) return {.wire = nullptr, .failure = {HttpFault::kTls, "no encrypted connection: " + last_error()}};
  auto wire = std::make_unique<TlsWire>(std::move(socket), std::move(ssl));
  if (auto failure = wire->shake_hands(patience)) return {.wire = nullptr, .failure = std::move(*failure)};
  return {.wire = std::move(wire), .failure = {}};
}

}  // namespace sentinel::net
