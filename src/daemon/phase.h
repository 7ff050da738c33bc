// Where a daemon is in its life, as probes are told (chapter 11 §3). Written by the thread that starts and stops it, read by
// any.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "net/http.h"

namespace sentinel::daemon {

enum class Phase : std::uint8_t { kStarting, kReady, kStopping };
using PhaseFlag = std::atomic<Phase>;

// The answer of a readiness probe: 200 only when ready.
[[nodiscard]] net::Response readiness(Phase phase, const net::RequestHead& head);
// The answer of a liveness probe: 200 as long as there is somebody to ask.
[[nodiscard]] net::Response liveness(const net::RequestHead& head);

}  // namespace sentinel::daemon
