#include "net/tls/context.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>
#include <string>
#include <utility>

#include "net/tls/session.h"

namespace sentinel::net {
namespace {

using base::Error;

std::string last_reason(const OpenSsl& openssl) {
  const unsigned long code = openssl.ERR_get_error();
  openssl.ERR_clear_error();
  const char* reason = code == 0 ? nullptr : openssl.ERR_reason_error_string(code);
  return reason == nullptr ? "unknown reason" : reason;
}

std::optional<Error> unreadable(const char* what, const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  char byte;
  const bool readable = fd >= 0 && read(fd, &byte, 1) >= 0;
  const int reason = errno;
  if (fd >= 0) close(fd);
  if (readable) return std::nullopt;
  return Error{std::string("cannot read the ") + what + ": " + std::strerror(reason), path, {}};
}

// An encrypted key must be an error, not a question on the terminal.
int no_password(char* /*to*/, int /*size*/, int /*writing*/, void* /*user*/) { return 0; }

// What a server offers, as ALPN writes it: length and name of each.
struct OfferText {
  const unsigned char* bytes;
  unsigned size;
};
OfferText text_of(TlsSession::Offer offer) {
  static constexpr unsigned char kBoth[] = "\x02h2\x08http/1.1";
  return {kBoth, offer == TlsSession::Offer::kHttp2 ? 3U : static_cast<unsigned>(sizeof kBoth - 1)};
}

// A client that offers nothing of ours is served as one that offers nothing: the reference sends no ALPN at all.
int select_protocol(SSL* ssl, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                    void* user) {
  const auto& openssl = *static_cast<const OpenSsl*>(user);
  const auto* offer = static_cast<const TlsSession::Offer*>(openssl.SSL_get_ex_data(ssl, 0));
  if (offer == nullptr) return SSL_TLSEXT_ERR_NOACK;
  const OfferText ours = text_of(*offer);
  unsigned char* chosen = nullptr;
  if (openssl.SSL_select_next_proto(&chosen, out_size, ours.bytes, ours.size, in, in_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

std::int64_t end_of(const OpenSsl& openssl, const SSL_CTX* context) {
  const X509* certificate = openssl.SSL_CTX_get0_certificate(context);
  std::tm end{};
  if (certificate == nullptr || openssl.ASN1_TIME_to_tm(openssl.X509_get0_notAfter(certificate), &end) != 1) return 0;
  return timegm(&end);
}

void set_up(const OpenSsl& openssl, SSL_CTX* context, const TlsFiles& files) {
  openssl.SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, files.only_tls13 ? TLS1_3_VERSION : TLS1_2_VERSION, nullptr);
  openssl.SSL_CTX_ctrl(context, SSL_CTRL_MODE,
                       SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS, nullptr);
  openssl.SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, nullptr);
  openssl.SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  openssl.SSL_CTX_set_default_passwd_cb(context, no_password);
  openssl.SSL_CTX_set_alpn_select_cb(context, select_protocol, const_cast<OpenSsl*>(&openssl));
}

// Whether the file holds a key at all, told apart from a key of another certificate.
bool holds_key(const OpenSsl& openssl, const std::string& path) {
  SSL_CTX* alone = openssl.SSL_CTX_new(openssl.TLS_server_method());
  if (alone == nullptr) return false;
  openssl.SSL_CTX_set_default_passwd_cb(alone, no_password);
  const bool holds = openssl.SSL_CTX_use_PrivateKey_file(alone, path.c_str(), SSL_FILETYPE_PEM) == 1;
  openssl.SSL_CTX_free(alone);
  return holds;
}

std::optional<Error> demand_clients_of(const OpenSsl& openssl, SSL_CTX* context, const std::string& path) {
  if (auto error = unreadable("client CA file", path)) return error;
  auto* names = openssl.SSL_load_client_CA_file(path.c_str());
  if (names == nullptr || openssl.SSL_CTX_load_verify_locations(context, path.c_str(), nullptr) != 1)
    return Error{"cannot parse the client CA file: " + last_reason(openssl), path, "it must hold certificates in PEM form"};
  openssl.SSL_CTX_set_client_CA_list(context, names);  // takes them
  openssl.SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  static constexpr unsigned char kName[] = "perf-sentinel";
  openssl.SSL_CTX_set_session_id_context(context, kName, sizeof kName - 1);
  return std::nullopt;
}

std::optional<Error> load_pair(const OpenSsl& openssl, SSL_CTX* context, const TlsFiles& files) {
  if (auto error = unreadable("TLS certificate", files.certificate)) return error;
  if (auto error = unreadable("TLS key", files.key)) return error;
  if (openssl.SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return Error{"cannot parse the TLS certificate chain: " + last_reason(openssl), files.certificate,
                 "it must hold certificates in PEM form, the server's own first"};
  if (!holds_key(openssl, files.key))
    return Error{"cannot parse the TLS key: " + last_reason(openssl), files.key,
                 "it must hold one unencrypted private key in PEM form"};
  if (openssl.SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      openssl.SSL_CTX_check_private_key(context) != 1)
    return Error{"the TLS key does not belong to the certificate: " + last_reason(openssl), files.key, {}};
  if (!files.client_ca.empty()) return demand_clients_of(openssl, context, files.client_ca);
  return std::nullopt;
}

}  // namespace

TlsContext::TlsContext() = default;
TlsContext::~TlsContext() = default;

base::Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files) {
  const auto openssl = OpenSsl::load();
  if (!openssl) return openssl.error();
  const OpenSsl& library = **openssl;
  library.ERR_clear_error();
  std::shared_ptr<TlsContext> loaded(new TlsContext);
  loaded->core_ = std::make_unique<Core>(library);
  SSL_CTX* context = loaded->core_->context = library.SSL_CTX_new(library.TLS_server_method());
  if (context == nullptr) return Error{"cannot set up TLS: " + last_reason(library), {}, {}};
  set_up(library, context, files);
  if (auto error = load_pair(library, context, files)) {
    library.ERR_clear_error();
    return std::move(*error);
  }
  loaded->not_after_ = end_of(library, context);
  return std::shared_ptr<const TlsContext>(std::move(loaded));
}

}  // namespace sentinel::net
