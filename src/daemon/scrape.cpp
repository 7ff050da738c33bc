#include "daemon/scrape.h"

#include <string>
#include <utility>

#include "energy/sources.h"
#include "telemetry/exposition.h"
#include "telemetry/process_metrics.h"

namespace sentinel::daemon {

net::Response scrape(const ScrapeSources& sources, const net::RequestHead& head) {
  const telemetry::Exposition form = telemetry::negotiate(head.header("accept"));
  if (sources.energy != nullptr) sources.energy->refresh_ages();
  telemetry::Snapshot snapshot = sources.registry.snapshot();
  sources.meter.append(snapshot);
  sources.listeners.append(snapshot);
  telemetry::append_process_metrics(snapshot);
  std::string body = telemetry::expose(std::move(snapshot), form);
  return {200, {{"content-type", std::string(telemetry::content_type(form))}}, std::move(body)};
}

}  // namespace sentinel::daemon
