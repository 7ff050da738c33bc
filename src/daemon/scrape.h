// What `/metrics` answers, whoever serves it (chapter 05 §10). Made on the engine's thread, so that all counters are of one
// moment.
#pragma once

#include "daemon/listener_metrics.h"
#include "net/http.h"
#include "telemetry/component.h"
#include "telemetry/registry.h"

namespace sentinel::energy {
class Sources;
}

namespace sentinel::daemon {

struct ScrapeSources {
  const telemetry::Registry& registry;
  telemetry::Meter& meter;
  const ListenerMetrics& listeners;
  const energy::Sources* energy = nullptr;  // nullptr: there are none
};

[[nodiscard]] net::Response scrape(const ScrapeSources& sources, const net::RequestHead& head);

}  // namespace sentinel::daemon
