#include "config/reader.h"

#include <algorithm>
#include <array>
#include <span>
#include <type_traits>

#include "config/key_table.h"
#include "config/read_value.h"
#include "config/value_text.h"

namespace sentinel::config {
namespace {

KeyPath operator/(const KeyPath& path, std::string_view key) {
  KeyPath longer = path;
  longer.emplace_back(key);
  return longer;
}

class Reader {
 public:
  Reader(const Documents& documents, Config& config, Spellings& spellings, Problems& problems)
      : documents_(documents), config_(config), spellings_(spellings), problems_(problems) {}

  void run() {
    for (const SectionRow& row : section_table()) section(row);
    special_keys();
    unknown_at_top();
  }

 private:
  // -- sections and rows

  void section(const SectionRow& row) {
    const KeyPath path = key_path(row.name);
    const toml::Value* value = documents_.find(path);
    if (value == nullptr) return;
    if (value->as<toml::Table>() == nullptr) return problems_.wrong_type(path, mismatch("a table", *value));
    std::vector<std::string_view> known;
    for (const KeyRow& key : key_table()) {
      if (key.section != row.name) continue;
      known.push_back(key.key);
      if (const toml::Value* found = value->find(key.key)) field(key, *found, path / key.key);
    }
    for (const SectionRow& other : section_table())
      if (other.name.starts_with(std::string(row.name) + "."))
        known.push_back(first_key(other.name.substr(row.name.size() + 1)));
    unknown_keys(*value, path, known, row.strict);
  }

  static std::string_view first_key(std::string_view dotted) { return dotted.substr(0, dotted.find('.')); }

  void field(const KeyRow& row, const toml::Value& value, const KeyPath& path) {
    std::visit(
        [&](auto accessor) {
          using Accessor = decltype(accessor);
          if constexpr (!std::is_same_v<Accessor, std::monostate> && !std::is_same_v<Accessor, Show>)
            assign(value, accessor(config_), path);
        },
        row.field);
  }

  template <class T>
  void assign(const toml::Value& value, T& out, const KeyPath& path) {
    if (const std::string problem = read_value(value, out); !problem.empty()) problems_.wrong_type(path, problem);
  }

  void assign(const toml::Value& value, std::vector<std::string>& out, const KeyPath& path) {
    const toml::Array* items = value.as<toml::Array>();
    if (items == nullptr) return problems_.wrong_type(path, mismatch("an array of strings", value));
    out.assign(items->size(), {});
    for (std::size_t i = 0; i < items->size(); ++i)
      if (const std::string problem = read_value((*items)[i], out[i]); !problem.empty())
        problems_.wrong_type(path, "item " + std::to_string(i + 1) + ": " + problem);
  }

  template <class Map>
  requires std::is_same_v<typename Map::mapped_type, std::string>
  void assign(const toml::Value& value, Map& out, const KeyPath& path) {
    each_entry(value, path,
               [&](const std::string& key, const toml::Value& entry, const KeyPath& at) { assign(entry, out[key], at); });
  }

  template <class Visit>
  void each_entry(const toml::Value& value, const KeyPath& path, Visit visit) {
    const toml::Table* table = value.as<toml::Table>();
    if (table == nullptr) return problems_.wrong_type(path, mismatch("a table", value));
    for (const auto& [key, entry] : *table) visit(key, entry, path / key);
  }

  // -- keys with a reader of their own

  void special_keys() {
    special("daemon.environment", [this](const auto& v, const auto& p) { assign(v, spellings_.environment, p); });
    special("green.kepler.metric_kind", [this](const auto& v, const auto& p) { assign(v, spellings_.metric_kind, p); });
    special("detection.sanitizer_aware_classification",
            [this](const auto& v, const auto& p) { assign(v, spellings_.sanitizer, p); });
    special("green.service_regions", [this](const auto& v, const auto& p) { assign(v, config_.green.service_regions, p); });
    special("green.include_network_transport", [this](const auto& v, const auto& p) { deprecated<bool>(v, p); });
    special("green.network_energy_per_byte_kwh", [this](const auto& v, const auto& p) { deprecated<double>(v, p); });
    special("green.scaphandre.process_map", [this](const auto& v, const auto& p) {
      each_entry(v, p, [this](const auto& service, const auto& entry, const auto& at) { matcher(service, entry, at); });
    });
    special("green.redfish.endpoints", [this](const auto& v, const auto& p) {
      each_entry(v, p, [this](const auto& chassis, const auto& entry, const auto& at) { redfish(chassis, entry, at); });
    });
    special("green.cloud.services", [this](const auto& v, const auto& p) {
      each_entry(v, p, [this](const auto& service, const auto& entry, const auto& at) { cloud(service, entry, at); });
    });
    special("green.alumet.database", [this](const auto& v, const auto& p) { label(v, config_.green.alumet.database, p); });
    special("green.alumet.broker", [this](const auto& v, const auto& p) { label(v, config_.green.alumet.broker, p); });
  }

  template <class Read>
  void special(std::string_view dotted, Read read) {
    const KeyPath path = key_path(dotted);
    if (const toml::Value* value = documents_.find(path)) read(*value, path);
  }

  template <class T>
  void deprecated(const toml::Value& value, const KeyPath& path) {
    T ignored{};
    assign(value, ignored, path);
    problems_.advise("deprecated key " + path_text(path) + " has no effect: network transport is always included");
  }

  // Reads `entry.key` when present; a missing required key is an error at the entry.
  template <class T>
  bool part(const toml::Value& entry, std::string_view key, T& out, const KeyPath& path, bool required = false) {
    const toml::Value* value = entry.find(key);
    if (value != nullptr) {
      assign(*value, out, path / key);
    } else if (required) {
      problems_.wrong_type(path, "missing key " + std::string(key));
    }
    return value != nullptr;
  }

  bool is_table(const toml::Value& entry, const KeyPath& path) {
    if (entry.as<toml::Table>() != nullptr) return true;
    problems_.wrong_type(path, mismatch("a table", entry));
    return false;
  }

  void matcher(const std::string& service, const toml::Value& entry, const KeyPath& path) {
    if (!is_table(entry, path)) return;
    ProcessMatcher& out = config_.green.scaphandre.process_map[service];
    part(entry, "exe_contains", out.exe_contains, path, true);
    part(entry, "cmdline_contains", out.cmdline_contains, path);
    constexpr std::string_view kKnown[] = {"exe_contains", "cmdline_contains"};
    unknown_keys(entry, path, kKnown, true);
  }

  void redfish(const std::string& chassis, const toml::Value& entry, const KeyPath& path) {
    if (!is_table(entry, path)) return;
    RedfishEndpoint& out = config_.green.redfish.endpoints[chassis];
    std::string schema;
    part(entry, "url", out.url, path, true);
    if (part(entry, "schema", schema, path, true)) {
      if (schema == "environment_metrics") {
        out.schema = RedfishEndpoint::Schema::kEnvironmentMetrics;
      } else if (schema != "legacy_power" && entry.find("schema")->as<std::string>() != nullptr) {
        problems_.wrong_type(path / "schema", "expected legacy_power or environment_metrics, got " + shown(schema));
      }
    }
    constexpr std::string_view kKnown[] = {"url", "schema"};
    unknown_keys(entry, path, kKnown, true);
  }

  void cloud(const std::string& service, const toml::Value& entry, const KeyPath& path) {
    if (!is_table(entry, path)) return;
    CloudService& out = config_.green.cloud.services[service];
    part(entry, "provider", out.provider, path);
    part(entry, "instance_type", out.instance_type, path);
    part(entry, "idle_watts", out.idle_watts, path);
    part(entry, "max_watts", out.max_watts, path);
    part(entry, "cpu_query", out.cpu_query, path);
    constexpr std::string_view kKnown[] = {"provider", "instance_type", "idle_watts", "max_watts", "cpu_query"};
    unknown_keys(entry, path, kKnown, false);
  }

  void label(const toml::Value& entry, std::optional<AlumetLabel>& out, const KeyPath& path) {
    if (entry.as<toml::Table>() == nullptr) return;  // said by section()
    out.emplace();
    part(entry, "label_value", out->label_value, path, true);
    part(entry, "region", out->region, path);
  }

  // -- unknown keys

  void unknown_keys(const toml::Value& table, const KeyPath& path, std::span<const std::string_view> known, bool strict) {
    for (const auto& [key, value] : *table.as<toml::Table>()) {
      if (std::ranges::find(known, key) != known.end()) continue;
      const std::string hint = hint_for(key, path_text(path), known);
      if (strict) {
        problems_.wrong_type(path / key, "unknown key" + hint);
      } else {
        problems_.advise("unknown key " + path_text(path / key) + " is ignored" + hint);
      }
    }
  }

  void unknown_at_top() {
    std::vector<std::string_view> known;
    for (const SectionRow& row : section_table())
      if (row.name.find('.') == std::string_view::npos) known.push_back(row.name);
    known.push_back("rules");  // rule_reader.h
    unknown_keys(documents_.merged(), {}, known, false);
  }

  // The closest key of this table, or the section where a key of this very name belongs.
  static std::string hint_for(std::string_view key, std::string_view section, std::span<const std::string_view> known) {
    if (const std::string_view near = closest(key, known); !near.empty()) return ": did you mean " + std::string(near) + "?";
    for (const KeyRow& row : key_table())
      if (row.bound_name == key && row.section == section) return ": did you mean " + std::string(row.key) + "?";
    for (const KeyRow& row : key_table())
      if (row.key == key && row.section != section) return ": it belongs under [" + std::string(row.section) + "]";
    return {};
  }

  const Documents& documents_;
  Config& config_;
  Spellings& spellings_;
  Problems& problems_;
};

}  // namespace

void read_config(const Documents& documents, Config& config, Spellings& spellings, Problems& problems) {
  Reader(documents, config, spellings, problems).run();
}

}  // namespace sentinel::config
