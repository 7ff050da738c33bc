#include "config/explain.h"

#include <algorithm>

#include "base/number_format.h"
#include "base/text.h"
#include "config/backends.h"
#include "config/key_table.h"
#include "config/rule_reader.h"

namespace sentinel::config {
namespace {

// -- keys

std::string shown_value(const KeyRow& row, const Config& config) {
  std::string value = value_text(row, config);
  if (row.secret && value != "unset") return value == "\"\"" ? "(empty)" : "(set)";
  return value;
}

// Rows of "<name>" tables and deprecated keys have no value of their own.
bool has_value(const KeyRow& row) { return row.field.index() != 0; }

void append_padded(std::string& out, std::string_view text, std::size_t width) {
  out += text;
  if (text.size() < width) out.append(width - text.size(), ' ');
}

void append_section(std::string& out, const SectionRow& section, const Loaded& loaded) {
  std::vector<std::pair<std::string, std::string>> lines;  // "key = value", origin
  std::size_t width = 0;
  constexpr std::size_t kWidest = 60;
  for (const KeyRow& row : key_table()) {
    if (row.section != section.name || !has_value(row)) continue;
    lines.emplace_back("  " + std::string(row.key) + " = " + shown_value(row, loaded.config), loaded.origin(row.path()).text());
    if (lines.back().first.size() <= kWidest) width = std::max(width, lines.back().first.size());
  }
  if (lines.empty()) return;
  out += "[" + std::string(section.name) + "]\n";
  for (const auto& [line, origin] : lines) {
    append_padded(out, line, width);
    out += "  # " + base::for_terminal(origin) + "\n";
  }
}

// -- components

std::string host_port(std::string_view host, unsigned port) {
  const bool bare_v6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  return (bare_v6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" + std::to_string(port);
}

std::string tls_note(bool tls) { return tls ? " (TLS)" : " (clear text)"; }

struct Component {
  std::string_view name;
  bool (*starts)(const Config&);
  std::string (*address)(const Config&);
};

constexpr auto kAlways = [](const Config&) { return true; };

constexpr Component kComponents[] = {
    {"OTLP gRPC receiver", kAlways,
     [](const Config& c) {
       return host_port(c.daemon.listen_address, c.daemon.listen_port_grpc) + tls_note(c.daemon.tls_cert_path.has_value());
     }},
    {"OTLP HTTP receiver", kAlways,
     [](const Config& c) {
       return host_port(c.daemon.listen_address, c.daemon.listen_port_http) + tls_note(c.daemon.tls_cert_path.has_value());
     }},
    {"native event socket", kAlways, [](const Config& c) { return c.daemon.json_socket; }},
    {"query interface", [](const Config& c) { return c.daemon.api_enabled; },
     [](const Config& c) { return host_port(c.daemon.listen_address, c.daemon.listen_port_http) + "/api"; }},
    {"acknowledgment store", [](const Config& c) { return c.daemon.api_enabled && c.daemon.ack.enabled; },
     [](const Config& c) { return c.daemon.ack.storage_path.value_or("perf-sentinel/acks.jsonl in the data directory"); }},
    {"archive writer", [](const Config& c) { return c.daemon.archive.path.has_value(); },
     [](const Config& c) { return *c.daemon.archive.path; }},
    {"correlator", [](const Config& c) { return c.daemon.correlation.enabled; },
     [](const Config&) { return std::string("in memory"); }},
    {"memory guard", [](const Config& c) { return c.daemon.memory_high_water_pct > 0; },
     [](const Config& c) { return "at " + std::to_string(c.daemon.memory_high_water_pct) + "% of the cgroup limit"; }},
    {"operators' listener", [](const Config& c) { return c.telemetry.enabled; },
     [](const Config& c) { return c.telemetry.listen + tls_note(c.telemetry.tls.cert_file.has_value()); }},
};

constexpr std::size_t kComponentWidth = 28;

void append_component(std::string& out, std::string_view name, std::string_view address) {
  append_padded(out, "  " + std::string(name), kComponentWidth);
  out += base::for_terminal(address) + "\n";
}

void append_components(std::string& out, const Config& config) {
  out += "components of `watch`\n";
  for (const Component& component : kComponents)
    if (component.starts(config)) append_component(out, component.name, component.address(config));
  for (const Backend& backend : backends())
    if (backend.active(config.green))
      append_component(out, std::string(backend.name) + " scraper", backend.address(config.green));
}

std::string count_text(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

// -- documentation

std::string range_words(const KeyRow& row) {
  const bool low = row.min.has_value();
  const bool high = row.max.has_value();
  std::string text;
  if (low && high) text = base::text_plain(*row.min) + " to " + base::text_plain(*row.max);
  if (low && !high) text = "at least " + base::text_plain(*row.min);
  if (!low && high) text = "at most " + base::text_plain(*row.max);
  if (row.zero_is_off && row.min > 0.0 && row.allowed.empty()) text = "0 (off), or " + text;
  if (!row.allowed.empty()) text += (text.empty() ? "" : "; ") + std::string(row.allowed);
  if (row.advice_min || row.advice_max)
    text += (text.empty() ? "" : "; ") + std::string("usual: ") + base::text_plain(row.advice_min.value_or(0)) + " to " +
            base::text_plain(row.advice_max.value_or(0));
  return text;
}

// A table cell: no bar may end it early.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

void append_markdown_row(std::string& out, const KeyRow& row, const Config& defaults) {
  const std::string fallback = has_value(row) ? "`" + value_text(row, defaults) + "`" : "";
  std::string type(type_words(row));
  if (!row.unit.empty()) type += ", " + std::string(row.unit);
  std::string help(row.help);
  if (!row.environment.empty()) help += " Variable: `" + std::string(row.environment) + "`.";
  out += "| `" + std::string(row.key) + "` | " + cell(type) + " | " + cell(fallback) + " | " + cell(range_words(row)) + " | " +
         cell(help) + " |\n";
}

}  // namespace

std::string explain_text(const Loaded& loaded) {
  std::string out;
  for (const SectionRow& section : section_table()) append_section(out, section, loaded);
  out += rules_text(loaded.config);
  append_components(out, loaded.config);
  return out;
}

std::string errors_text(std::span<const base::Error> errors) {
  std::string out;
  for (const base::Error& error : errors) out += error.text() + "\n";
  return out;
}

std::string valid_text(const Loaded& loaded) {
  const std::string from = loaded.files.empty() ? "built-in defaults" : count_text(loaded.files.size(), "file");
  return "configuration is valid: " + from + ", " + count_text(loaded.advisories.size(), "warning") + "\n";
}

std::string markdown_table() {
  std::string out;
  const Config defaults;
  for (const SectionRow& section : section_table()) {
    out += "\n### `[" + std::string(section.name) + "]`\n\n" + std::string(section.help);
    if (section.strict) out += " Unknown keys are errors here.";
    out += "\n\n| key | type | default | allowed | meaning |\n|---|---|---|---|---|\n";
    for (const KeyRow& row : key_table())
      if (row.section == section.name) append_markdown_row(out, row, defaults);
  }
  out += rules_markdown();
  return out;
}

}  // namespace sentinel::config
