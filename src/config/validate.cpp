#include "config/validate.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <tuple>
#include <type_traits>

#include "base/number_format.h"
#include "base/text.h"
#include "config/key_table.h"
#include "config/rules.h"
#include "config/value_text.h"

namespace sentinel::config {
namespace {

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  return base::text_plain(value);
}

// The value of a numeric key; nullopt when it is unset or no number.
std::optional<double> numeric_value(const KeyRow& row, const Config& config) {
  return std::visit(
      [&config](auto accessor) -> std::optional<double> {
        using Accessor = decltype(accessor);
        if constexpr (std::is_same_v<Accessor, std::monostate> || std::is_same_v<Accessor, Show>) {
          return std::nullopt;
        } else {
          const auto& value = accessor(const_cast<Config&>(config));  // the accessor only gives the place
          using T = std::remove_cvref_t<decltype(value)>;
          if constexpr (std::is_arithmetic_v<T>) {
            return static_cast<double>(value);
          } else if constexpr (std::is_same_v<T, std::optional<double>> || std::is_same_v<T, std::optional<std::uint32_t>>) {
            return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
          } else {
            return std::nullopt;
          }
        }
      },
      row.field);
}

void check_advice(const KeyRow& row, double value, Problems& problems) {
  const bool low = row.advice_min && value < *row.advice_min;
  const bool high = row.advice_max && value > *row.advice_max;
  if (!low && !high) return;
  problems.advise(
      std::string(row.key) + " is outside its usual range: " + std::string(low ? row.advice_low : row.advice_high) +
      " field=" + std::string(row.key) + " value=" + number_text(value) +
      (low ? " recommended_min=" + number_text(*row.advice_min) : " recommended_max=" + number_text(*row.advice_max)));
}

// -- daemon

constexpr std::string_view kDaemonLimits[] = {
    "daemon.max_payload_size",      "daemon.max_active_traces",       "daemon.max_events_per_trace",
    "daemon.max_retained_findings", "daemon.max_retained_traces",     "daemon.trace_ttl_ms",
    "daemon.ingest_queue_capacity", "daemon.analysis_queue_capacity", "daemon.memory_high_water_pct",
    "daemon.listen_port_http",      "daemon.listen_port_grpc",        "daemon.shutdown_timeout_ms"};

constexpr std::string_view kRates[] = {"daemon.sampling_rate", "thresholds.io_waste_ratio_max",
                                       "thresholds.min_usable_span_ratio"};

void check_daemon_limits(const Config& config, const Origins& origins, Problems& problems) {
  const DaemonConfig& daemon = config.daemon;
  const bool traces_served = daemon.api_enabled && daemon.max_retained_findings > 0;
  const bool ignored = !traces_served && origins.contains("daemon.max_retained_traces");
  for (const std::string_view path : kDaemonLimits) {
    const bool withheld = ignored && path == "daemon.max_retained_traces";
    check_bounds(path, config, problems, withheld ? Advice::kWithheld : Advice::kGiven);
  }
  if (ignored && daemon.max_retained_traces > 0)
    problems.advise(std::string("max_retained_traces is ignored: ") +
                    (daemon.api_enabled ? "the findings store is off" : "api_enabled is false") +
                    " field=max_retained_traces value=" + std::to_string(daemon.max_retained_traces));
}

void check_detection(const Config& config, Problems& problems) {
  for (const KeyRow& row : key_table())
    if (row.section == "detection") check_bounds(row.path(), config, problems);
}

bool check_tls_file(std::string_view name, std::string_view key, const std::string& path, Problems& problems) {
  if (base::has_control(path)) {
    problems.broken_rule("[daemon] " + std::string(name) + " holds control characters", {key});
    return false;
  }
  struct stat status;
  if (::stat(path.c_str(), &status) == 0) return true;
  problems.broken_rule("[daemon] " + std::string(name) + " " + quoted(path) + ": " + std::strerror(errno), {key});
  return false;
}

void check_tls(const DaemonConfig& daemon, Problems& problems) {
  const auto& [cert, key] = std::tie(daemon.tls_cert_path, daemon.tls_key_path);
  if (cert.has_value() != key.has_value())
    return problems.broken_rule("[daemon] tls.cert_path and tls.key_path must be set together",
                                {"daemon.tls_cert_path", "daemon.tls_key_path"});
  const std::optional<std::string>& client_ca = daemon.tls_client_ca_path;
  if (!cert) {
    if (client_ca)
      problems.broken_rule("[daemon] tls.client_ca_path needs tls.cert_path and tls.key_path", {"daemon.tls_client_ca_path"});
    return;
  }
  check_tls_file("tls.cert_path", "daemon.tls_cert_path", *cert, problems);
  if (client_ca) check_tls_file("tls.client_ca_path", "daemon.tls_client_ca_path", *client_ca, problems);
  if (!check_tls_file("tls.key_path", "daemon.tls_key_path", *key, problems)) return;
  struct stat status;
  constexpr unsigned kOthers = 077;
  if (::stat(key->c_str(), &status) == 0 && (status.st_mode & kOthers) != 0)
    problems.advise("[daemon] tls.key_path " + quoted(*key) + " can be read by others: chmod 600 it");
}

constexpr std::size_t kMinApiKeyBytes = 12;
constexpr std::size_t kGoodApiKeyBytes = 16;

void check_ack(const AckConfig& ack, Problems& problems) {
  const auto fail = [&](std::string_view key, std::string_view what) {
    problems.broken_rule("[daemon.ack] " + std::string(key) + " " + std::string(what), {"daemon.ack." + std::string(key)});
  };
  if (ack.storage_path && base::has_control(*ack.storage_path)) fail("storage_path", "holds control characters");
  if (ack.api_key) {
    if (ack.api_key->empty()) {
      fail("api_key", "is empty: set a key, or leave it out");
    } else if (base::has_control(*ack.api_key)) {
      fail("api_key", "holds control characters");
    } else if (ack.api_key->size() < kMinApiKeyBytes) {
      fail("api_key", "must be at least 12 bytes long");
    } else if (ack.api_key->size() < kGoodApiKeyBytes) {
      problems.advise("[daemon.ack] api_key is shorter than 16 bytes: a longer one is harder to guess");
    }
  }
  if (base::has_control(ack.toml_path)) fail("toml_path", "holds control characters");
}

std::string origin_problem(std::string_view origin) {
  if (origin.empty()) return "is empty";
  if (base::has_control(origin)) return "holds control characters";
  if (!origin.starts_with("http://") && !origin.starts_with("https://")) return "must start with http:// or https://";
  return origin.ends_with('/') ? "must not end with /" : "";
}

void check_cors(const DaemonConfig& daemon, Problems& problems) {
  const std::vector<std::string>& origins = daemon.cors.allowed_origins;
  constexpr std::string_view kKey = "daemon.cors.allowed_origins";
  if (std::ranges::find(origins, "*") != origins.end()) {
    if (origins.size() > 1) return problems.broken_rule("[daemon.cors] allowed_origins: \"*\" must stand alone", {kKey});
    if (daemon.ack.api_key)
      return problems.broken_rule("[daemon.cors] allowed_origins must name its origins once [daemon.ack] api_key is set",
                                  {kKey, "daemon.ack.api_key"});
    return;
  }
  for (const std::string& origin : origins)
    if (const std::string wrong = origin_problem(origin); !wrong.empty())
      problems.broken_rule("[daemon.cors] allowed_origins entry " + shown(origin) + " " + wrong, {kKey});
}

void check_archive(const Config& config, Problems& problems) {
  const ArchiveConfig& archive = config.daemon.archive;
  if (!archive.path) return;
  if (base::is_blank(*archive.path)) problems.broken_rule("[daemon.archive] path is blank", {"daemon.archive.path"});
  if (base::has_control(*archive.path))
    problems.broken_rule("[daemon.archive] path holds control characters", {"daemon.archive.path"});
  check_bounds("daemon.archive.max_size_mb", config, problems);
  check_bounds("daemon.archive.max_files", config, problems);
}

// -- reporting and telemetry

template <std::size_t N>
bool is_one_of(std::string_view value, const std::string_view (&allowed)[N]) {
  return std::ranges::find(allowed, value) != std::end(allowed);
}

void check_reporting(const ReportingConfig& reporting, Problems& problems) {
  constexpr std::string_view kIntents[] = {"internal", "official", "audited"};
  constexpr std::string_view kLevels[] = {"internal", "public"};
  if (reporting.intent && !is_one_of(*reporting.intent, kIntents))
    problems.broken_rule("[reporting] intent " + shown(*reporting.intent) + " is none of internal, official, audited",
                         {"reporting.intent"});
  if (reporting.confidentiality_level && !is_one_of(*reporting.confidentiality_level, kLevels))
    problems.broken_rule(
        "[reporting] confidentiality_level " + shown(*reporting.confidentiality_level) + " is neither internal nor public",
        {"reporting.confidentiality_level"});
  if (reporting.intent == "official" && reporting.org_config_path.value_or("").empty())
    problems.broken_rule("[reporting] org_config_path is required with intent \"official\"",
                         {"reporting.org_config_path", "reporting.intent"});
}

void check_telemetry_paths(const TelemetryPaths& paths, Problems& problems) {
  const std::pair<std::string_view, const std::string&> all[] = {
      {"metrics", paths.metrics}, {"healthz", paths.healthz}, {"readyz", paths.readyz}};
  for (const auto& [key, path] : all) {
    if (const std::string wrong = url_path_problem(path); !wrong.empty())
      problems.broken_rule("[telemetry.paths] " + std::string(key) + " " + shown(path) + ": " + wrong,
                           {"telemetry.paths." + std::string(key)});
    for (const auto& [other, other_path] : all)
      if (other < key && other_path == path)
        problems.broken_rule("[telemetry.paths] " + std::string(other) + " and " + std::string(key) + " are the same path",
                             {"telemetry.paths." + std::string(other), "telemetry.paths." + std::string(key)});
  }
}

void check_telemetry(const TelemetryConfig& telemetry, Problems& problems) {
  const base::Result<HostPort> address = parse_host_port(telemetry.listen);
  if (!address) {
    problems.broken_rule("[telemetry] listen " + shown(telemetry.listen) + ": " + address.error().text(), {"telemetry.listen"});
  } else if (telemetry.enabled && !telemetry.tls.cert_file && address->host != "localhost" && !is_loopback(address->host)) {
    problems.advise(
        "[telemetry] listen " + shown(telemetry.listen) +
        " is not a loopback address and [telemetry.tls] is not set: anyone who reaches it can read metrics in the clear");
  }
  check_telemetry_paths(telemetry.paths, problems);
  const TelemetryTls& tls = telemetry.tls;
  if (tls.cert_file.has_value() != tls.key_file.has_value())
    problems.broken_rule("[telemetry.tls] cert_file and key_file must be set together",
                         {"telemetry.tls.cert_file", "telemetry.tls.key_file"});
  if (tls.client_ca_file && !tls.cert_file)
    problems.broken_rule("[telemetry.tls] client_ca_file needs cert_file and key_file", {"telemetry.tls.client_ca_file"});
  if (tls.min_version != "1.2" && tls.min_version != "1.3")
    problems.broken_rule("[telemetry.tls] min_version " + shown(tls.min_version) + " is neither 1.2 nor 1.3",
                         {"telemetry.tls.min_version"});
}

void check_embodied(const Config& config, Problems& problems) {
  constexpr std::string_view kKey = "green.embodied_carbon_per_request_gco2";
  if (config.green.embodied_carbon_per_request_gco2 == HUGE_VAL)
    return problems.broken_rule("embodied_carbon_per_request_gco2 must be finite, got inf", {kKey});
  check_bounds(kKey, config, problems);
}

void check_across_sections(const Config& config, Problems& problems) {
  if (!config.daemon.cors.allowed_origins.empty() && !config.daemon.api_enabled)
    problems.broken_rule("[daemon.cors] allowed_origins has no effect with [daemon] api_enabled = false: drop one of them",
                         {"daemon.cors.allowed_origins", "daemon.api_enabled"});
  if (config.daemon.archive.path && !config.green.enabled)
    problems.broken_rule("[daemon.archive] path needs [green] enabled = true: without it there is nothing to archive",
                         {"daemon.archive.path", "green.enabled"});
}

}  // namespace

std::string bound_problem(std::string_view name, double value, std::optional<double> min, std::optional<double> max) {
  if (min && !(value >= *min)) return std::string(name) + " must be >= " + number_text(*min) + ", got " + number_text(value);
  if (max && !(value <= *max)) return std::string(name) + " must be <= " + number_text(*max) + ", got " + number_text(value);
  return {};
}

void check_bounds(std::string_view path, const Config& config, Problems& problems, Advice advice) {
  const KeyRow& row = *find_key(path);
  const std::optional<double> value = numeric_value(row, config);
  if (!value || (row.zero_is_off && *value == 0.0)) return;
  std::string problem = bound_problem(row.name_in_bounds(), *value, row.min, row.max);
  if (problem.empty()) {
    if (advice == Advice::kGiven) check_advice(row, *value, problems);
    return;
  }
  if (!row.bound_note.empty() && *value < row.min) problem += ": " + std::string(row.bound_note);
  problems.broken_rule(std::move(problem), {path});
}

void advise_on_listen_address(const std::string& address, Problems& problems) {
  if (is_loopback(address)) return;
  problems.advise("listen_address " + shown(address) +
                  " is not a loopback address: anyone who reaches it can send spans and read findings field=listen_address");
}

void validate(const Config& config, const Facts& facts, const Origins& origins, const std::string& profiles_error,
              Problems& problems) {
  check_daemon_limits(config, origins, problems);
  check_detection(config, problems);
  for (const std::string_view path : kRates) check_bounds(path, config, problems);
  check_tls(config.daemon, problems);
  check_embodied(config, problems);
  validate_green(config.green, facts, profiles_error, problems);
  check_ack(config.daemon.ack, problems);
  check_cors(config.daemon, problems);
  check_archive(config, problems);
  check_reporting(config.reporting, problems);
  check_telemetry(config.telemetry, problems);
  check_across_sections(config, problems);
}

}  // namespace sentinel::config
