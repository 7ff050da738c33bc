// What an operator should know before trusting an exported report, and which knob to turn (chapter 05 §11). Pure function.
#pragma once

#include <cstdint>
#include <vector>

#include "config/daemon_config.h"
#include "model/report.h"

namespace sentinel::daemon {

// The text of the cold_start warning, in `warnings` and in `warning_details`.
inline constexpr std::string_view kColdStartMessage = "daemon has not yet processed any events";
inline constexpr std::uint64_t kBlindSpans = 1'000;  // received spans before "none is usable" is said

// Counters and occupancy at one moment.
struct AdvisorFacts {
  std::uint64_t events_processed = 0;
  std::uint64_t traces_analyzed = 0;
  std::uint64_t rejected_channel_full = 0;
  std::uint64_t rejected_memory_pressure = 0;
  std::uint64_t shed_batches = 0;
  std::uint64_t active_traces = 0;
  std::uint64_t service_overflow = 0;
  std::uint64_t correlator_pairs_evicted = 0;
  std::uint64_t spans_received = 0;
  std::uint64_t spans_not_io = 0;
  std::uint64_t spans_missing_db_statement = 0;
  std::uint64_t spans_missing_http_url = 0;

  [[nodiscard]] bool cold() const { return events_processed == 0 || traces_analyzed == 0; }
};

// In the order of the chapter's table; on cold start cold_start and what sampling has to say.
[[nodiscard]] std::vector<model::Warning> advise(const AdvisorFacts& facts, const config::DaemonConfig& config);

}  // namespace sentinel::daemon
