// What the connections of one server have in common. Fixed once the server serves, but for the counters and the certificate.
// For the room's own files.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "net/careful_handlers.h"
#include "net/counters.h"
#include "net/server.h"

namespace sentinel::net {

struct ServerShared {
  ServerOptions options;
  std::vector<std::shared_ptr<Loop>> loops;  // kept for requests that outlive the threads
  // Wrapped; one of the two.
  std::unique_ptr<HttpHandler> http;
  std::unique_ptr<GrpcHandler> grpc;
  Counters counters;
  std::atomic<bool> draining{false};

  void use(HttpHandler& handler) { http = std::make_unique<CarefulHttpHandler>(handler, counters); }
  void use(GrpcHandler& handler) { grpc = std::make_unique<CarefulGrpcHandler>(handler, counters); }

  [[nodiscard]] std::shared_ptr<const TlsContext> tls() const {
    const std::lock_guard lock(tls_mutex);
    return tls_context;
  }

  // TLS handshakes under way; who ends one at the bound lets the listener go on.
  std::atomic<std::size_t> handshakes{0};
  std::function<void()> resume_accepting;

  mutable std::mutex tls_mutex;
  std::shared_ptr<const TlsContext> tls_context;
};

// One handshake, from accepting the connection to its end.
class HandshakeToken {
 public:
  explicit HandshakeToken(std::shared_ptr<ServerShared> server) : server_(std::move(server)) {
    at_bound_ = server_->handshakes.fetch_add(1) + 1 >= server_->options.limits.max_handshakes;
  }
  HandshakeToken(HandshakeToken&&) = default;
  HandshakeToken& operator=(HandshakeToken&&) = delete;
  ~HandshakeToken() {
    if (server_ != nullptr && server_->handshakes.fetch_sub(1) == server_->options.limits.max_handshakes)
      server_->resume_accepting();
  }
  // No further one may begin now.
  [[nodiscard]] bool at_bound() const { return at_bound_; }

 private:
  std::shared_ptr<ServerShared> server_;
  bool at_bound_ = false;
};

inline void count(Counters::Count& counter, std::uint64_t by = 1) { counter.fetch_add(by, std::memory_order_relaxed); }
inline void uncount(Counters::Count& gauge) { gauge.fetch_sub(1, std::memory_order_relaxed); }

}  // namespace sentinel::net
