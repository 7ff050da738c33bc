// [reporting], [reporting.sigstore] (chapter 06 §2.6) and [telemetry] (chapter 11 §3) as plain values. Read by any thread.
#pragma once

#include <optional>
#include <string>

namespace sentinel::config {

struct SigstoreConfig {
  std::string rekor_url = "https://rekor.sigstore.dev";
  std::string fulcio_url = "https://fulcio.sigstore.dev";
};

struct ReportingConfig {
  std::optional<std::string> intent;                 // internal, official, audited
  std::optional<std::string> confidentiality_level;  // internal, public
  std::optional<std::string> org_config_path;
  std::optional<std::string> disclose_output_path;  // reserved
  std::optional<std::string> disclose_period;
  SigstoreConfig sigstore;
};

struct TelemetryPaths {
  std::string metrics = "/metrics";
  std::string healthz = "/healthz";
  std::string readyz = "/readyz";
};

struct TelemetryTls {
  std::optional<std::string> cert_file;  // both or neither
  std::optional<std::string> key_file;
  std::optional<std::string> client_ca_file;  // asks clients for a certificate
  std::string min_version = "1.2";            // 1.2, 1.3
};

// The operators' listener: off unless enabled.
struct TelemetryConfig {
  bool enabled = false;
  std::string listen = "localhost:8888";
  TelemetryPaths paths;
  TelemetryTls tls;
};

}  // namespace sentinel::config
