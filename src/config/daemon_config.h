// [daemon] and its sub-sections as plain values (chapter 06 §2.6). Read by any thread.
//
// Nothing here is resolved: addresses are not looked up, paths not opened; whoever starts a component does that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sentinel::config {

struct CorrelationConfig {
  bool enabled = false;
  std::uint64_t window_minutes = 10;
  std::uint64_t lag_threshold_ms = 5000;
  std::uint32_t min_co_occurrences = 5;
  double min_confidence = 0.7;  // any float, NaN included
  std::uint64_t max_tracked_pairs = 10000;
  // window_minutes in milliseconds, saturating.
  [[nodiscard]] std::uint64_t window_ms() const {
    constexpr std::uint64_t kMinute = 60'000;
    return window_minutes > UINT64_MAX / kMinute ? UINT64_MAX : window_minutes * kMinute;
  }
};

struct AckConfig {
  bool enabled = true;
  std::optional<std::string> storage_path;  // unset: <platform data directory>/perf-sentinel/acks.jsonl
  std::optional<std::string> api_key;       // trimmed
  std::string toml_path = ".perf-sentinel-acknowledgments.toml";
};

struct CorsConfig {
  std::vector<std::string> allowed_origins;  // "*" alone, or origins
};

struct ArchiveConfig {
  std::optional<std::string> path;  // unset: no archive
  std::uint64_t max_size_mb = 100;
  std::uint32_t max_files = 12;
};

struct DaemonConfig {
  enum class Environment : std::uint8_t { kStaging, kProduction };

  std::string listen_address = "127.0.0.1";
  std::uint16_t listen_port_http = 4318;
  std::uint16_t listen_port_grpc = 4317;
  std::string json_socket = "/tmp/perf-sentinel.sock";
  std::uint64_t max_payload_size = 16'777'216;  // bytes
  std::uint64_t max_active_traces = 10'000;
  std::uint64_t max_events_per_trace = 1'000;
  std::uint64_t max_retained_findings = 10'000;  // 0: no findings store
  std::uint64_t max_retained_traces = 50;
  std::uint64_t trace_ttl_ms = 30'000;
  std::uint64_t ingest_queue_capacity = 1'024;    // batches
  std::uint64_t analysis_queue_capacity = 1'024;  // batches
  std::uint8_t memory_high_water_pct = 0;         // of the cgroup's limit; 0: off
  std::uint64_t shutdown_timeout_ms = 25'000;     // from the signal to the end of the process
  double sampling_rate = 1.0;
  Environment environment = Environment::kStaging;
  bool api_enabled = true;
  std::optional<std::string> tls_cert_path;  // both or neither
  std::optional<std::string> tls_key_path;
  std::optional<std::string> tls_client_ca_path;  // asks clients for a certificate

  CorrelationConfig correlation;
  AckConfig ack;
  CorsConfig cors;
  ArchiveConfig archive;

  // Not in the header, because the many members would be compiled again in every file that holds one.
  DaemonConfig();
  DaemonConfig(const DaemonConfig& other);
  DaemonConfig(DaemonConfig&& other) noexcept;
  DaemonConfig& operator=(const DaemonConfig& other);
  DaemonConfig& operator=(DaemonConfig&& other) noexcept;
  ~DaemonConfig();
};

}  // namespace sentinel::config
