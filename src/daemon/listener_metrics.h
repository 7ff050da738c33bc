// What the listeners count of their clients, as /metrics shows it (chapter 05 §15: whatever a client is refused for is
// counted).
//
// The counters are net::Counters, one set a listener; they are read at each scrape and label values are made once, in watch().
// watch() comes before the first append(); append() from any thread, several at once.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/daemon_metrics.h"
#include "net/counters.h"
#include "telemetry/registry.h"

namespace sentinel::daemon {

class ListenerMetrics {
 public:
  // `counters` outlives this; `listener` is the label's value: "http", "grpc", "operator".
  void watch(std::string_view listener, const net::Counters& counters);

  // Appends every family; the snapshot refers to this object.
  void append(telemetry::Snapshot& out) const;

 private:
  struct Watched {
    const net::Counters* counters;
    std::vector<std::vector<std::string>> labels;  // by row of the table of series
  };
  std::deque<Watched> watched_;
};

// The families, in byte order of their names.
[[nodiscard]] std::span<const MetricRow> listener_metric_rows();

}  // namespace sentinel::daemon
