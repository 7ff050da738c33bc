// What the connections of one server have in common. Fixed once the server serves, but for the counters and the certificate.
// For the room's own files.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "net/counters.h"
#include "net/server.h"

namespace sentinel::net {

struct ServerShared {
  ServerOptions options;
  std::vector<std::shared_ptr<Loop>> loops;  // kept for requests that outlive the threads
  HttpHandler* http = nullptr;               // one of the two
  GrpcHandler* grpc = nullptr;
  Counters counters;
  std::atomic<bool> draining{false};

  [[nodiscard]] std::shared_ptr<const TlsContext> tls() const {
    const std::lock_guard lock(tls_mutex);
    return tls_context;
  }

  mutable std::mutex tls_mutex;
  std::shared_ptr<const TlsContext> tls_context;
};

inline void count(Counters::Count& counter, std::uint64_t by = 1) { counter.fetch_add(by, std::memory_order_relaxed); }
inline void uncount(Counters::Count& gauge) { gauge.fetch_sub(1, std::memory_order_relaxed); }

}  // namespace sentinel::net
