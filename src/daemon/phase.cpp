#include "daemon/phase.h"

#include <string>

namespace sentinel::daemon {
namespace {

// JSON only where it is named and text is not.
bool wants_json(const net::RequestHead& head) {
  const std::string_view accept = head.header("accept").value_or("");
  return accept.find("application/json") != std::string_view::npos && accept.find("text/plain") == std::string_view::npos;
}

net::Response probe(int status, std::string_view word, const net::RequestHead& head) {
  const bool json = wants_json(head);
  std::string body = json ? "{\"status\":\"" + std::string(word) + "\"}" : std::string(word);
  return {status,
          {{"content-type", json ? "application/json" : "text/plain; charset=utf-8"}, {"cache-control", "no-store"}},
          std::move(body)};
}

std::string names_of(const telemetry::Health& health) {
  std::string names;
  for (const std::string& id : health.down()) names += (names.empty() ? "" : ", ") + id;
  return names;
}

}  // namespace

net::Response readiness(Phase phase, const telemetry::Health& health, const net::RequestHead& head) {
  switch (phase) {
    case Phase::kStarting:
      return probe(503, "not ready", head);
    case Phase::kReady:
      if (const std::string down = names_of(health); !down.empty()) return probe(503, "not ready: " + down, head);
      return probe(200, "ready", head);
    case Phase::kStopping:
      return probe(503, "shutting down", head);
  }
  return probe(503, "not ready", head);
}

net::Response liveness(const telemetry::Health& health, const net::RequestHead& head) {
  const std::string down = names_of(health);
  return down.empty() ? probe(200, "ok", head) : probe(503, "down: " + down, head);
}

}  // namespace sentinel::daemon
