// What a daemon answered, as text for people: findings, correlations, status (chapter 06 §7). Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace sentinel::report {

// Findings with the number of detections each stands for, in the order to be shown. Not empty.
[[nodiscard]] std::string daemon_findings_text(std::span<const model::Finding> findings,
                                               std::span<const std::uint64_t> seen_counts, std::string_view source,
                                               bool colors);

[[nodiscard]] std::string correlations_text(std::span<const model::Correlation> correlations, bool colors);

// Figures that an older daemon does not give are left out.
struct DaemonStatus {
  std::optional<std::string_view> version;
  std::optional<std::uint64_t> uptime_seconds;
  std::optional<std::uint64_t> active_traces;
  std::optional<std::uint64_t> stored_findings;
};
[[nodiscard]] std::string daemon_status_text(const DaemonStatus& status, bool colors);

// One acceptance as the daemon lists it; times are as it wrote them.
struct DaemonAck {
  std::string_view signature;
  std::string_view by;
  std::string_view at;
  std::string_view expires_at;  // empty: never
  std::string_view reason;
};
[[nodiscard]] std::string acknowledgments_text(std::span<const DaemonAck> acks);

}  // namespace sentinel::report
