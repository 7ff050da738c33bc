// What is inside a TlsContext, for the sessions of the room.
#pragma once

#include "net/openssl.h"
#include "net/tls.h"

namespace sentinel::net {

struct TlsContext::Core {
  explicit Core(const OpenSsl& library) : openssl(library) {}
  ~Core() {
    if (context != nullptr) openssl.SSL_CTX_free(context);
  }
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  const OpenSsl& openssl;
  SSL_CTX* context = nullptr;
};

}  // namespace sentinel::net
