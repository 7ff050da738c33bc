// Certificates and keys for servers. OpenSSL is loaded by the first TlsContext::load() (openssl.h).
//
// A loaded context never changes and may be used by several servers and threads; reloading is loading another one and giving it
// to Server::use_tls(). TLS 1.2 and 1.3; ALPN is the server's matter. Spec 05 §3.6.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace sentinel::net {

struct TlsFiles {
  std::string certificate;  // PEM, the server's own first, then the chain
  std::string key;          // PEM
  std::string client_ca;    // PEM; when given, clients must show a certificate that one of these signed
  bool only_tls13 = false;  // else TLS 1.2 too
};

class TlsContext {
 public:
  // Errors, each told apart and with the path where there is one: no OpenSSL on this machine, a file that cannot be read, a
  // chain or key that cannot be parsed, a key that does not belong to the certificate.
  static base::Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // When the first certificate ends, seconds since 1970.
  [[nodiscard]] std::int64_t not_after() const { return not_after_; }

  struct Core;  // the room's own use
  [[nodiscard]] const Core& core() const { return *core_; }

 private:
  TlsContext();
  std::unique_ptr<Core> core_;
  std::int64_t not_after_ = 0;
};

}  // namespace sentinel::net
