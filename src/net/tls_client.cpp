#include "net/tls_client.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <cstdlib>

#include "net/openssl.h"

namespace sentinel::net {
namespace {

struct FreeSsl {
  const OpenSsl* openssl;
  void operator()(SSL* ssl) const { openssl->SSL_free(ssl); }
};
using SslHandle = std::unique_ptr<SSL, FreeSsl>;

// The newest error of this thread, in words; the queue is emptied.
std::string last_error(const OpenSsl& openssl) {
  const unsigned long code = openssl.ERR_get_error();
  openssl.ERR_clear_error();
  const char* reason = code == 0 ? nullptr : openssl.ERR_reason_error_string(code);
  return reason == nullptr ? "the connection ended" : reason;
}

// Where distributions keep the authorities, for when the places compiled into the library hold none.
constexpr const char* kAuthorityFiles[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                           "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

void trust_system(const OpenSsl& openssl, SSL_CTX* context) {
  openssl.SSL_CTX_set_default_verify_paths(context);
  if (std::getenv("SSL_CERT_FILE") != nullptr || std::getenv("SSL_CERT_DIR") != nullptr) return;
  for (const char* file : kAuthorityFiles) {
    if (::access(file, R_OK) == 0 && openssl.SSL_CTX_load_verify_locations(context, file, nullptr) == 1) break;
  }
  openssl.ERR_clear_error();
}

bool is_address(const std::string& host) {
  in6_addr bytes{};
  return ::inet_pton(AF_INET, host.c_str(), &bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), &bytes) == 1;
}

class TlsWire : public Wire {
 public:
  TlsWire(const OpenSsl& openssl, Socket socket, SslHandle ssl)
      : openssl_(openssl), socket_(std::move(socket)), ssl_(std::move(ssl)) {}
  ~TlsWire() override { openssl_.SSL_shutdown(ssl_.get()); }
  TlsWire(const TlsWire&) = delete;
  TlsWire& operator=(const TlsWire&) = delete;

  std::optional<Failure> read(char* to, std::size_t room, std::size_t* got, const Patience& patience) override {
    for (;;) {
      openssl_.ERR_clear_error();
      const int done = openssl_.SSL_read_ex(ssl_.get(), to, room, got);
      if (done == 1) return std::nullopt;
      if (openssl_.SSL_get_error(ssl_.get(), done) == SSL_ERROR_ZERO_RETURN) {
        *got = 0;
        return std::nullopt;
      }
      if (auto failure = go_on(done, patience)) return failure;
    }
  }

  std::optional<Failure> write(std::string_view bytes, const Patience& patience) override {
    while (!bytes.empty()) {
      openssl_.ERR_clear_error();
      std::size_t written = 0;
      const int done = openssl_.SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
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
      openssl_.ERR_clear_error();
      const int done = openssl_.SSL_connect(ssl_.get());
      if (done == 1) return std::nullopt;
      auto failure = go_on(done, patience);
      if (!failure) continue;
      if (failure->fault != HttpFault::kClosed) return failure;
      const long verdict = openssl_.SSL_get_verify_result(ssl_.get());
      if (verdict != X509_V_OK) {
        return Failure{HttpFault::kTls, std::string("the server's certificate is not trusted: ") +
                                            openssl_.X509_verify_cert_error_string(verdict)};
      }
      return Failure{HttpFault::kTls, "no encrypted connection: " + failure->why};
    }
  }

 private:
  // Waits for what the library waits for; a failure when it waits for nothing.
  std::optional<Failure> go_on(int result, const Patience& patience) {
    switch (openssl_.SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return socket_.wait(Socket::For::kReading, patience);
      case SSL_ERROR_WANT_WRITE:
        return socket_.wait(Socket::For::kWriting, patience);
      default:
        return Failure{HttpFault::kClosed, last_error(openssl_)};
    }
  }

  const OpenSsl& openssl_;
  Socket socket_;
  SslHandle ssl_;
};

}  // namespace

struct TlsClient::Context {
  const OpenSsl& openssl;
  SSL_CTX* ssl;

  explicit Context(const OpenSsl& library) : openssl(library), ssl(library.SSL_CTX_new(library.TLS_client_method())) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { openssl.SSL_CTX_free(ssl); }
};

TlsClient::TlsClient(std::unique_ptr<Context> context) : context_(std::move(context)) {}
TlsClient::~TlsClient() = default;

base::Result<std::shared_ptr<TlsClient>> TlsClient::make(const std::string& authorities) {
  const auto library = OpenSsl::load();
  if (!library) return library.error();
  const OpenSsl& openssl = **library;
  auto context = std::make_unique<Context>(openssl);
  if (context->ssl == nullptr) return base::Error{"encrypted connections cannot be set up: " + last_error(openssl), {}, {}};
  openssl.SSL_CTX_ctrl(context->ssl, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr);
  openssl.SSL_CTX_ctrl(context->ssl, SSL_CTRL_MODE,
                       SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY, nullptr);
  openssl.SSL_CTX_set_verify(context->ssl, SSL_VERIFY_PEER, nullptr);
  if (authorities.empty()) {
    trust_system(openssl, context->ssl);
  } else if (openssl.SSL_CTX_load_verify_locations(context->ssl, authorities.c_str(), nullptr) != 1) {
    return base::Error{"the certificates of " + authorities + " cannot be read: " + last_error(openssl), {}, {}};
  }
  return std::shared_ptr<TlsClient>(new TlsClient(std::move(context)));
}

Connected TlsClient::wrap(Socket socket, const std::string& host, const Patience& patience) const {
  const OpenSsl& openssl = context_->openssl;
  SslHandle ssl(openssl.SSL_new(context_->ssl), FreeSsl{&openssl});
  const auto name_to_verify = [&] {
    if (is_address(host)) return openssl.X509_VERIFY_PARAM_set1_ip_asc(openssl.SSL_get0_param(ssl.get()), host.c_str()) == 1;
    return openssl.SSL_set1_host(ssl.get(), host.c_str()) == 1 &&
           openssl.SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                            const_cast<char*>(host.c_str())) == 1;
  };
  if (ssl == nullptr || openssl.SSL_set_fd(ssl.get(), socket.fd()) != 1 || !name_to_verify()) {
    return {.wire = nullptr, .failure = {HttpFault::kTls, "no encrypted connection: " + last_error(openssl)}};
  }
  auto wire = std::make_unique<TlsWire>(openssl, std::move(socket), std::move(ssl));
  if (auto failure = wire->shake_hands(patience)) return {.wire = nullptr, .failure = std::move(*failure)};
  return {.wire = std::move(wire), .failure = {}};
}

}  // namespace sentinel::net
