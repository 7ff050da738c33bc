// The HTTP side of the daemon: which path is what, who may ask it how, and the OTLP door (chapter 05 §3.3, §3.7, §8, §9).
//
// Called by the loops of the server, several at once. What reads the engine's state is asked of the engine's thread; writes of
// acknowledgments wait for the disk on a thread of their own.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"
#include "daemon/acknowledgments.h"
#include "daemon/api.h"
#include "daemon/engine_thread.h"
#include "daemon/memory_guard.h"
#include "daemon/phase.h"
#include "daemon/scrape.h"
#include "daemon/work_thread.h"
#include "net/http.h"

namespace sentinel::daemon {

class HttpFront final : public net::HttpHandler {
 public:
  struct Parts {
    const config::Config& config;
    Api& api;
    EngineThread& engine;
    DaemonMetrics& metrics;
    ScrapeSources scrape;
    const PhaseFlag& phase;
    const telemetry::Health& health;
    Acknowledgments* acknowledgments = nullptr;  // null: the query API is off
    const MemoryGuard* guard = nullptr;
    WorkThread& writes;
    telemetry::Component& receiver;  // of the OTLP door
  };
  // What requests are answered with; before the server serves.
  void use(const Parts& parts) { parts_.emplace(parts); }

  std::variant<net::BodyPlan, net::Response> on_head(const net::RequestHead& head) override;
  void on_request(net::Exchange exchange) override;
  net::Response on_problem(const net::RequestHead& head, net::BodyProblem problem) override;

 private:
  std::variant<net::BodyPlan, net::Response> traces_head(const net::RequestHead& head) const;
  void traces(net::Exchange exchange);
  void answer_scrape(net::Exchange exchange);
  void write_ack(net::Exchange exchange, std::string signature);
  // What is wrong with a request for an acknowledgment before its body is looked at; nullopt: nothing.
  [[nodiscard]] std::optional<net::Response> ack_head_fault(const net::RequestHead& head) const;
  void ask(net::Exchange exchange, net::Response (*answer)(const Api&, const net::RequestHead&, const std::string&),
           std::string parameter);
  [[nodiscard]] net::Response with_cors(const net::RequestHead& head, net::Response response) const;

  struct Route;
  struct Match;
  [[nodiscard]] Match find_route(std::string_view path) const;

  std::optional<Parts> parts_;
};

}  // namespace sentinel::daemon
