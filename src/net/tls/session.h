// The TLS side of one accepted connection: handshake, reading and writing on a non-blocking socket. For the room's own files;
// on the loop's thread only.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "net/tls.h"

namespace sentinel::net {

class TlsSession {
 public:
  enum class Io : unsigned char { kDone, kWantRead, kWantWrite, kEnded, kFailed };
  // The protocols a server speaks, best first.
  enum class Offer : unsigned char { kHttp2AndHttp1, kHttp2 };

  // Null when OpenSSL refuses. The socket stays the caller's.
  static std::unique_ptr<TlsSession> accept(std::shared_ptr<const TlsContext> context, int fd, Offer offer);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  Io handshake();
  // `done`: bytes moved, with kDone.
  Io read(char* to, std::size_t room, std::size_t& done);
  Io write(std::string_view bytes, std::size_t& done);
  // Whether the client has been told anything yet, were it only what is wrong.
  [[nodiscard]] bool has_written() const;
  // Tells the client that nothing more comes; does not wait.
  void close_notify();

 private:
  struct Core;
  explicit TlsSession(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace sentinel::net
