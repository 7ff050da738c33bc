// The operators' listener: metrics and probes apart from the doors that clients use (chapter 11 §3).
//
// Called by the loops of its server.
#pragma once

#include "config/reporting_config.h"
#include "daemon/engine_thread.h"
#include "daemon/phase.h"
#include "daemon/scrape.h"
#include "net/http.h"
#include "net/limits.h"

namespace sentinel::daemon {

class OperatorFront final : public net::HttpHandler {
 public:
  OperatorFront(const config::TelemetryPaths& paths, EngineThread& engine, ScrapeSources sources, const PhaseFlag& phase,
                const telemetry::Health& health)
      : paths_(paths), engine_(engine), sources_(sources), phase_(phase), health_(health) {}

  std::variant<net::BodyPlan, net::Response> on_head(const net::RequestHead& head) override;
  void on_request(net::Exchange exchange) override;

 private:
  const config::TelemetryPaths& paths_;
  EngineThread& engine_;
  const ScrapeSources sources_;
  const PhaseFlag& phase_;
  const telemetry::Health& health_;
};

[[nodiscard]] net::Limits operator_limits();

// "localhost:8888" or "[::1]:8888" as address and port.
struct ListenPlace {
  std::string address;
  std::uint16_t port = 0;
};
[[nodiscard]] ListenPlace operator_place(const std::string& listen);

}  // namespace sentinel::daemon
