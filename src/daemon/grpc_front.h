// The gRPC side of the daemon: TraceService/Export, health and reflection (chapter 05 §3.4).
//
// Called by the loops of the server, several at once.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"
#include "daemon/engine_thread.h"
#include "daemon/grpc_reflection.h"
#include "daemon/memory_guard.h"
#include "net/grpc.h"

namespace sentinel::daemon {

class GrpcFront final : public net::GrpcHandler {
 public:
  struct Parts {
    const config::Config& config;
    EngineThread& engine;
    DaemonMetrics& metrics;
    const MemoryGuard* guard;  // may be null
    telemetry::Component& receiver;
  };
  // What requests are answered with; before the server serves.
  void use(const Parts& parts) {
    parts_.emplace(parts);
    reflection_.emplace();
  }

  std::variant<net::MessagePlan, net::GrpcReply> on_call(const net::RequestHead& head) override;
  void on_message(net::Call call) override;

 private:
  std::optional<Parts> parts_;
  std::optional<GrpcReflection> reflection_;
};

}  // namespace sentinel::daemon
