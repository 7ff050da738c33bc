// Encrypted connections to servers: TLS 1.2 and 1.3, certificates checked against the system's authorities, names verified.
//
// OpenSSL is loaded when the first TlsClient is made (openssl.h); make one when an https address is met. The authorities come
// from OpenSSL's own places (SSL_CERT_FILE and SSL_CERT_DIR count), else from where distributions keep them. SIGPIPE must be
// ignored by the program. wrap() may be called from any thread; a wire belongs to one at a time.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "net/client_wire.h"

namespace sentinel::net {

class TlsClient {
 public:
  // `authorities`: a PEM file to trust instead of the system's; empty: the system's.
  [[nodiscard]] static base::Result<std::shared_ptr<TlsClient>> make(const std::string& authorities = {});

  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient();

  // Shakes hands over an open connection; `host` is the name or address that the certificate must be for.
  [[nodiscard]] Connected wrap(Socket socket, const std::string& host, const Patience& patience) const;

 private:
  struct Context;
  explicit TlsClient(std::unique_ptr<Context> context);
  std::unique_ptr<Context> context_;
};

}  // namespace sentinel::net
