// The answers of the query API (chapter 05 §8). Every function runs on the engine's thread and reads what stands between two
// requests; routing, methods and headers are the HTTP front's.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "config/config.h"
#include "daemon/acknowledgments.h"
#include "daemon/correlator.h"
#include "daemon/daemon_metrics.h"
#include "daemon/engine.h"
#include "net/http.h"
#include "telemetry/component.h"

namespace sentinel::energy {
class Sources;
}

namespace sentinel::daemon {

// What the answers are made from. Pointers may be null: that part is off.
struct ApiSources {
  const config::Config& config;
  Engine& engine;
  DaemonMetrics& metrics;
  const Acknowledgments* acknowledgments = nullptr;
  const Correlator* correlator = nullptr;
  const energy::Sources* energy = nullptr;
  telemetry::Meter* meter = nullptr;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

class Api {
 public:
  explicit Api(ApiSources sources) : sources_(sources) {}

  [[nodiscard]] net::Response status() const;
  [[nodiscard]] net::Response configuration() const;
  [[nodiscard]] net::Response energy() const;
  [[nodiscard]] net::Response findings(std::string_view query) const;
  [[nodiscard]] net::Response findings_of_trace(std::string_view trace_id) const;
  [[nodiscard]] net::Response explain(std::string_view trace_id) const;
  [[nodiscard]] net::Response correlations() const;
  [[nodiscard]] net::Response export_report() const;

 private:
  ApiSources sources_;
};

// 200 with `Content-Type: application/json`.
[[nodiscard]] net::Response json_answer(std::string body);
// An error of request parsing.
[[nodiscard]] net::Response text_answer(int status, std::string text);

}  // namespace sentinel::daemon
