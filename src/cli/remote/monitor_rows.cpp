#include "cli/remote/monitor_rows.h"

#include <string_view>

#include "base/number_format.h"
#include "cli/remote/members.h"
#include "cli/texts/concat.h"
#include "config/config.h"
#include "config/key_table.h"

namespace sentinel::cli {
namespace {

using config::DaemonConfig;
using disclosure::JsonNode;

std::string owned(const JsonNode& object, std::string_view key) { return std::string(text_or_empty(object, key)); }

bool is_number(const JsonNode& value) {
  return value.is(JsonNode::Kind::kUnsigned) || value.is(JsonNode::Kind::kNegative) || value.is(JsonNode::Kind::kFloat);
}

std::optional<double> number(const JsonNode& object, std::string_view key) {
  const JsonNode& value = member(object, key);
  return is_number(value) ? std::optional(value.as_number()) : std::nullopt;
}

std::map<std::string, double> numbers(const JsonNode& object) {
  std::map<std::string, double> out;
  for (const disclosure::JsonMember& m : object.members()) {
    if (is_number(m.value)) out.emplace(m.key, m.value.as_number());
  }
  return out;
}

std::map<std::string, std::string> texts(const JsonNode& object) {
  std::map<std::string, std::string> out;
  for (const disclosure::JsonMember& m : object.members()) {
    if (m.value.is(JsonNode::Kind::kString)) out.emplace(m.key, m.value.text());
  }
  return out;
}

model::RegionRow region_row(const JsonNode& row) {
  using enum model::IntensitySource;
  model::RegionRow out;
  out.region = owned(row, "region");
  out.grid_intensity = number(row, "grid_intensity_gco2_kwh").value_or(0.0);
  out.io_ops = count(row, "io_ops").value_or(0);
  out.co2_gco2 = number(row, "co2_gco2").value_or(0.0);
  const std::string source = owned(row, "intensity_source");
  for (const model::IntensitySource known : {kAnnual, kHourly, kMonthlyHourly, kRealTime}) {
    if (source == model::slug(known)) out.source = known;
  }
  const JsonNode& estimated = member(row, "intensity_estimated");
  if (estimated.is(JsonNode::Kind::kBool)) out.estimated = estimated.as_bool();
  return out;
}

std::optional<model::WasteFigure> waste(const JsonNode& figure, std::string_view ratio) {
  if (!figure.is(JsonNode::Kind::kObject)) return std::nullopt;
  model::WasteFigure out;
  out.energy_kwh = number(figure, "energy_kwh").value_or(0.0);
  out.waste_kwh = number(figure, "waste_kwh").value_or(0.0);
  out.waste_gco2 = number(figure, "waste_gco2");
  if (std::string region = owned(figure, "region"); !region.empty()) out.region = std::move(region);
  out.ratio = number(figure, ratio).value_or(0.0);
  out.model = owned(figure, "model");
  return out;
}

// -- settings

enum class Form : std::uint8_t { kCount, kMiB, kRatio, kText, kYesNo, kPresent, kSecret, kList };

struct Setting {
  std::string_view name;  // as shown
  std::string_view key;   // in the answer
  std::string_view path;  // in the configuration, for the explanation
  Form form;
  std::string (*fallback)(const DaemonConfig&);
  std::string_view heading = {};
};

std::string whole(std::uint64_t value) { return std::to_string(value); }
std::string mebibytes(std::uint64_t bytes) { return concat({std::to_string(bytes >> 20), " MiB"}); }
std::string yes_no(bool value) { return value ? "yes" : "no"; }
std::string presence(bool value) { return value ? "configured" : "not configured"; }

constexpr Setting kSettings[] = {
    {"max_active_traces", "max_active_traces", "daemon.max_active_traces", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.max_active_traces); }},
    {"trace_ttl_ms", "trace_ttl_ms", "daemon.trace_ttl_ms", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.trace_ttl_ms); }},
    {"sampling_rate", "sampling_rate", "daemon.sampling_rate", Form::kRatio,
     [](const DaemonConfig& c) { return base::text_fixed(c.sampling_rate, 2); }},
    {"max_events_per_trace", "max_events_per_trace", "daemon.max_events_per_trace", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.max_events_per_trace); }},
    {"max_payload_size", "max_payload_size", "daemon.max_payload_size", Form::kMiB,
     [](const DaemonConfig& c) { return mebibytes(c.max_payload_size); }},
    {"ingest_queue_capacity", "ingest_queue_capacity", "daemon.ingest_queue_capacity", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.ingest_queue_capacity); }},
    {"analysis_queue_capacity", "analysis_queue_capacity", "daemon.analysis_queue_capacity", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.analysis_queue_capacity); }},
    {"max_retained_findings", "max_retained_findings", "daemon.max_retained_findings", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.max_retained_findings); }},
    {"max_retained_traces", "max_retained_traces", "daemon.max_retained_traces", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.max_retained_traces); }},
    {"environment", "environment", "daemon.environment", Form::kText,
     [](const DaemonConfig& c) {
       return std::string(c.environment == DaemonConfig::Environment::kProduction ? "production" : "staging");
     }},
    {"api_enabled", "api_enabled", "daemon.api_enabled", Form::kYesNo,
     [](const DaemonConfig& c) { return yes_no(c.api_enabled); }},
    {"listen_addr", "listen_addr", "daemon.listen_address", Form::kText,
     [](const DaemonConfig& c) { return c.listen_address; }},
    {"listen_port", "listen_port", "daemon.listen_port_http", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.listen_port_http); }},
    {"listen_port_grpc", "listen_port_grpc", "daemon.listen_port_grpc", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.listen_port_grpc); }},
    {"json_socket", "json_socket", "daemon.json_socket", Form::kText, [](const DaemonConfig& c) { return c.json_socket; }},
    {"tls", "tls_configured", "daemon.tls_cert_path", Form::kPresent,
     [](const DaemonConfig& c) { return presence(c.tls_cert_path.has_value()); }, "Sub-systems"},
    {"ack_enabled", "ack_enabled", "daemon.ack.enabled", Form::kYesNo,
     [](const DaemonConfig& c) { return yes_no(c.ack.enabled); }},
    {"ack_api_key", "ack_api_key_set", "daemon.ack.api_key", Form::kSecret,
     [](const DaemonConfig& c) { return std::string(c.ack.api_key ? "set" : "unset"); }},
    {"cors_allowed_origins", "cors_allowed_origins", "daemon.cors.allowed_origins", Form::kList,
     [](const DaemonConfig&) { return std::string("(none)"); }},
    {"archive", "archive_configured", "daemon.archive.path", Form::kPresent,
     [](const DaemonConfig& c) { return presence(c.archive.path.has_value()); }},
    {"correlation.enabled", "correlation_enabled", "daemon.correlation.enabled", Form::kYesNo,
     [](const DaemonConfig& c) { return yes_no(c.correlation.enabled); }, "Correlation"},
    {"correlation.window_ms", "correlation_window_ms", "daemon.correlation.window_minutes", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.correlation.window_ms()); }},
    {"correlation.lag_threshold_ms", "correlation_lag_threshold_ms", "daemon.correlation.lag_threshold_ms", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.correlation.lag_threshold_ms); }},
    {"correlation.min_co_occurrences", "correlation_min_co_occurrences", "daemon.correlation.min_co_occurrences", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.correlation.min_co_occurrences); }},
    {"correlation.min_confidence", "correlation_min_confidence", "daemon.correlation.min_confidence", Form::kRatio,
     [](const DaemonConfig& c) { return base::text_fixed(c.correlation.min_confidence, 2); }},
    {"correlation.max_tracked_pairs", "correlation_max_tracked_pairs", "daemon.correlation.max_tracked_pairs", Form::kCount,
     [](const DaemonConfig& c) { return whole(c.correlation.max_tracked_pairs); }},
};

std::string list_text(const JsonNode& value) {
  std::string out;
  for (const JsonNode& item : value.items()) {
    if (!out.empty()) out += ", ";
    out += item.text();
  }
  return out.empty() ? "(none)" : out;
}

// "-" for what the daemon did not say.
std::string value_text(const JsonNode& value, Form form) {
  if (value.is(JsonNode::Kind::kNull)) return "-";
  switch (form) {
    case Form::kCount:
      return whole(value.as_unsigned());
    case Form::kMiB:
      return mebibytes(value.as_unsigned());
    case Form::kRatio:
      return base::text_fixed(value.as_number(), 2);
    case Form::kText:
      return std::string(value.text());
    case Form::kYesNo:
      return yes_no(value.as_bool());
    case Form::kPresent:
      return presence(value.as_bool());
    case Form::kSecret:
      return value.as_bool() ? "set" : "unset";
    case Form::kList:
      return list_text(value);
  }
  return "-";
}

}  // namespace

std::vector<model::Warning> daemon_hints(const JsonNode& report) {
  std::vector<model::Warning> out;
  for (const JsonNode& item : member(report, "warning_details").items())
    out.push_back({owned(item, "kind"), owned(item, "message")});
  if (!out.empty()) return out;
  for (const JsonNode& item : member(report, "warnings").items()) out.push_back({{}, std::string(item.text())});
  return out;
}

model::GreenSummary daemon_green(const JsonNode& report) {
  const JsonNode& green = member(report, "green_summary");
  model::GreenSummary out;
  out.energy_kwh = number(green, "energy_kwh").value_or(0.0);
  out.energy_model = owned(green, "energy_model");
  out.per_service_energy_kwh = numbers(member(green, "per_service_energy_kwh"));
  out.per_service_carbon_kgco2eq = numbers(member(green, "per_service_carbon_kgco2eq"));
  out.per_service_measured_ratio = numbers(member(green, "per_service_measured_ratio"));
  out.per_service_region = texts(member(green, "per_service_region"));
  out.per_service_energy_model = texts(member(green, "per_service_energy_model"));
  for (const JsonNode& row : member(green, "regions").items()) out.regions.push_back(region_row(row));
  out.database_waste = waste(member(green, "database_waste"), "sql_waste_ratio");
  out.messaging_waste = waste(member(green, "messaging_waste"), "messaging_waste_ratio");
  return out;
}

std::optional<std::vector<tui::ScraperRow>> daemon_scrapers(const JsonNode& energy) {
  const JsonNode& backends = member(energy, "backends");
  if (!backends.is(JsonNode::Kind::kArray)) return std::nullopt;
  std::vector<tui::ScraperRow> out;
  for (const JsonNode& row : backends.items()) {
    out.push_back({.backend = owned(row, "backend"),
                   .configured = member(row, "configured").as_bool(),
                   .age_seconds = number(row, "last_scrape_age_seconds"),
                   .succeeded = count(row, "scrapes_ok"),
                   .failed = count(row, "scrapes_failed")});
  }
  return out;
}

std::optional<tui::DaemonLoad> daemon_load(const JsonNode& status) {
  if (!status.is(JsonNode::Kind::kObject)) return std::nullopt;
  return tui::DaemonLoad{.active_traces = {number(status, "active_traces"), number(status, "max_active_traces")},
                         .analysis_queue = {number(status, "analysis_queue_depth"), number(status, "analysis_queue_capacity")},
                         .findings_store = {number(status, "stored_findings"), number(status, "max_retained_findings")}};
}

std::optional<std::vector<tui::SettingRow>> daemon_settings(const JsonNode& config) {
  if (!config.is(JsonNode::Kind::kObject)) return std::nullopt;
  const DaemonConfig defaults;
  std::vector<tui::SettingRow> out;
  for (const Setting& setting : kSettings) {
    const config::KeyRow* row = config::find_key(setting.path);
    out.push_back({.name = std::string(setting.name),
                   .value = value_text(member(config, setting.key), setting.form),
                   .fallback = setting.fallback(defaults),
                   .help = std::string(row != nullptr ? row->help : std::string_view()),
                   .heading = std::string(setting.heading)});
  }
  return out;
}

}  // namespace sentinel::cli
