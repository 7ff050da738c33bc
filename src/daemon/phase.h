// Where a daemon is in its life, as probes are told (chapter 11 §3). Written by the thread that starts and stops it, read by
// any.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "net/http.h"
#include "telemetry/supervised.h"

namespace sentinel::daemon {

enum class Phase : std::uint8_t { kStarting, kReady, kStopping };
using PhaseFlag = std::atomic<Phase>;

// The answer of a readiness probe: 200 only when ready and no component is down.
[[nodiscard]] net::Response readiness(Phase phase, const telemetry::Health& health, const net::RequestHead& head);
// The answer of a liveness probe: 200 as long as there is somebody to ask, and no component that only a restart would bring
// back.
[[nodiscard]] net::Response liveness(const telemetry::Health& health, const net::RequestHead& head);

}  // namespace sentinel::daemon
