#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/number_format.h"
#include "base/text.h"
#include "config/key_table.h"
#include "config/rules.h"
#include "config/validate.h"
#include "config/value_text.h"

namespace sentinel::config {
namespace {

constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kMaxCommBytes = 15;  // what the kernel keeps of a process name
constexpr std::string_view kRegionRule = " is no region id: expected 1 to 64 of A-Z, a-z, 0-9, _ and -";

// What is wrong with the name of a service, a label or a chassis; empty when nothing is.
std::string name_problem(std::string_view text, std::size_t max_bytes = kMaxNameBytes) {
  if (text.empty()) return "is empty";
  if (base::has_control(text)) return "holds control characters";
  return text.size() > max_bytes ? "is longer than " + std::to_string(max_bytes) + " bytes" : "";
}

// User information may be a password.
std::string shown_url(std::string_view url) {
  return url.find('@') == std::string_view::npos ? shown(url) : "(not shown: it may hold a password)";
}

// Rules of one section; every message begins with its name in brackets.
class Section {
 public:
  Section(std::string_view name, const Facts& facts, Problems& problems) : name_(name), facts_(facts), problems_(problems) {}

  void fail(std::string_view key, std::string_view what) {
    problems_.broken_rule("[" + name_ + "] " + std::string(key) + " " + std::string(what), {name_ + "." + std::string(key)});
  }
  void fail_entry(std::string_view key, const std::string& entry, std::string_view what) {
    KeyPath path = key_path(name_ + "." + std::string(key));
    path.push_back(entry);
    problems_.broken_rule("[" + name_ + "] " + std::string(key) + " entry " + shown(entry) + ": " + std::string(what),
                          std::move(path));
  }
  // A key of an entry that is a table of its own: "[green.cloud.services.cart] idle_watts …".
  void fail_key_of_entry(std::string_view key, const std::string& entry, std::string_view inner, std::string_view what) {
    KeyPath path = key_path(name_ + "." + std::string(key));
    path.push_back(entry);
    std::string text = "[" + path_text(path) + "] " + std::string(inner) + " " + std::string(what);
    path.emplace_back(inner);
    problems_.broken_rule(std::move(text), std::move(path));
  }
  void advise(std::string_view key, std::string_view what) {
    problems_.advise("[" + name_ + "] " + std::string(key) + " " + std::string(what));
  }

  void bounds(std::string_view key, double value) {
    const std::string path = name_ + "." + std::string(key);
    const KeyRow& row = *find_key(path);
    if (std::string wrong = bound_problem(row.name_in_bounds(), value, row.min, row.max); !wrong.empty())
      problems_.broken_rule(std::move(wrong), {path});
  }

  void url(std::string_view key, std::string_view address, Scheme scheme = Scheme::kRequired) {
    if (const std::string wrong = url_problem(address, scheme); !wrong.empty()) fail(key, shown_url(address) + ": " + wrong);
  }

  void auth_header(const std::optional<std::string>& header, std::string_view endpoint) {
    if (!header) return;
    if (const base::Result<Header> parsed = parse_auth_header(*header); !parsed) {
      fail("auth_header", "is malformed: " + parsed.error().text());
    } else if (endpoint.starts_with("http://")) {
      advise("auth_header", "travels in clear text: the endpoint is plain http");
    }
  }

  // Names on both sides; `max_value` bytes of a value.
  void mappings(std::string_view key, const StringMap& map, std::size_t max_value = kMaxNameBytes) {
    if (map.size() > kMaxServiceMappings) return fail(key, "has more than 1024 entries");
    for (const auto& [service, value] : map) {
      if (const std::string wrong = name_problem(service); !wrong.empty()) fail_entry(key, service, "the name " + wrong);
      if (const std::string wrong = name_problem(value, max_value); !wrong.empty())
        fail_entry(key, service, "the value " + shown(value) + " " + wrong);
    }
  }

  void required_name(std::string_view key, const std::optional<std::string>& text) {
    if (!text) return fail(key, "is required with an endpoint");
    if (const std::string wrong = name_problem(*text); !wrong.empty()) fail(key, wrong);
  }

  void region(const std::optional<std::string>& id) {
    if (!id) return;
    if (!base::is_region_id(*id)) return fail("region", shown(*id) + std::string(kRegionRule));
    if (facts_.is_known_region && !facts_.is_known_region(base::ascii_lower(*id)))
      advise("region", shown(*id) + " is not in the table of regions: its carbon is not computed");
  }

  void instance_type(std::string_view key, const std::string& type) {
    if (!type.empty() && facts_.is_known_instance_type && !facts_.is_known_instance_type(type))
      advise(key, shown(type) + " is unknown: the provider's default power is used");
  }

 private:
  std::string name_;
  const Facts& facts_;
  Problems& problems_;
};

constexpr std::string_view kProviders[] = {"aws", "gcp", "azure"};
bool is_provider(std::string_view name) { return std::ranges::find(kProviders, name) != std::end(kProviders); }

void check_regions(const GreenConfig& green, Section section) {
  if (green.default_region && !base::is_region_id(*green.default_region))
    section.fail("default_region", shown(*green.default_region) + std::string(kRegionRule));
  if (green.service_regions.size() > kMaxServiceRegions) return section.fail("service_regions", "has more than 1024 entries");
  for (const auto& [service, region] : green.service_regions) {
    if (!base::is_region_id(service))
      section.fail_entry("service_regions", service, "expected 1 to 64 of A-Z, a-z, 0-9, _ and - in the name");
    if (!base::is_region_id(region)) section.fail_entry("service_regions", service, shown(region) + std::string(kRegionRule));
  }
}

void check_scaphandre(const ScaphandreConfig& scaphandre, Section section) {
  if (!scaphandre.active()) return;
  section.url("endpoint", *scaphandre.endpoint);
  section.bounds("scrape_interval_secs", static_cast<double>(scaphandre.scrape_interval_secs));
  for (const auto& [service, matcher] : scaphandre.process_map) {
    if (const std::string wrong = name_problem(service); !wrong.empty())
      section.fail_entry("process_map", service, "the name " + wrong);
    if (const std::string wrong = name_problem(matcher.exe_contains); !wrong.empty())
      section.fail_entry("process_map", service, "exe_contains " + wrong);
    if (!matcher.cmdline_contains) continue;
    if (const std::string wrong = name_problem(*matcher.cmdline_contains); !wrong.empty())
      section.fail_entry("process_map", service, "cmdline_contains " + wrong);
  }
  section.auth_header(scaphandre.auth_header, *scaphandre.endpoint);
}

void check_kepler(const KeplerConfig& kepler, Section section) {
  if (!kepler.active()) return;
  section.url("endpoint", *kepler.endpoint);
  section.bounds("scrape_interval_secs", static_cast<double>(kepler.scrape_interval_secs));
  const bool process = kepler.metric_kind == KeplerConfig::MetricKind::kProcess;
  section.mappings("service_mappings", kepler.service_mappings, process ? kMaxCommBytes : kMaxNameBytes);
  section.auth_header(kepler.auth_header, *kepler.endpoint);
}

void check_alumet_label(const std::optional<AlumetLabel>& label, const AlumetConfig& alumet, Section section) {
  if (!label) return;
  if (base::is_blank(label->label_value)) {
    section.fail("label_value", "is blank");
  } else if (const std::string wrong = name_problem(label->label_value); !wrong.empty()) {
    section.fail("label_value", wrong);
  }
  if (std::ranges::any_of(alumet.service_mappings, [&](const auto& entry) { return entry.second == label->label_value; }))
    section.fail("label_value", shown(label->label_value) + " is also a value of [green.alumet] service_mappings");
  section.region(label->region);
}

void check_alumet(const AlumetConfig& alumet, const Facts& facts, Problems& problems) {
  if (!alumet.active()) return;
  Section section("green.alumet", facts, problems);
  section.url("endpoint", *alumet.endpoint);
  section.bounds("scrape_interval_secs", static_cast<double>(alumet.scrape_interval_secs));
  section.required_name("metric_name", alumet.metric_name);
  section.required_name("label_key", alumet.label_key);
  if (alumet.energy_interval_secs <= 0.0) {  // the row of the key has 0 itself as its bound
    section.fail("energy_interval_secs", "must be > 0, got " + base::text_plain(alumet.energy_interval_secs));
  } else {
    section.bounds("energy_interval_secs", alumet.energy_interval_secs);
  }
  section.mappings("service_mappings", alumet.service_mappings);
  section.auth_header(alumet.auth_header, *alumet.endpoint);
  check_alumet_label(alumet.database, alumet, Section("green.alumet.database", facts, problems));
  Section broker("green.alumet.broker", facts, problems);
  check_alumet_label(alumet.broker, alumet, broker);
  if (alumet.database && alumet.broker && alumet.database->label_value == alumet.broker->label_value)
    broker.fail("label_value", shown(alumet.broker->label_value) + " is also that of [green.alumet.database]");
}

void check_redfish(const RedfishConfig& redfish, Section section) {
  if (!redfish.active()) return;
  std::string_view clear_text;
  for (const auto& [chassis, endpoint] : redfish.endpoints) {
    if (const std::string wrong = name_problem(chassis); !wrong.empty())
      section.fail_entry("endpoints", chassis, "the name " + wrong);
    if (const std::string wrong = url_problem(endpoint.url); !wrong.empty())
      section.fail_entry("endpoints", chassis, "url " + shown_url(endpoint.url) + ": " + wrong);
    if (endpoint.url.starts_with("http://")) clear_text = endpoint.url;
  }
  section.bounds("scrape_interval_secs", static_cast<double>(redfish.scrape_interval_secs));
  for (const auto& [service, chassis] : redfish.service_mappings) {
    if (const std::string wrong = name_problem(service); !wrong.empty())
      section.fail_entry("service_mappings", service, "the name " + wrong);
    if (!redfish.endpoints.contains(chassis))
      section.fail_entry("service_mappings", service, "chassis " + shown(chassis) + " is not in endpoints");
  }
  if (redfish.ca_bundle_path && redfish.ca_bundle_path->empty()) section.fail("ca_bundle_path", "is empty");
  section.auth_header(redfish.auth_header, clear_text);
}

void check_cloud_service(const std::string& name, const CloudService& service, Section& section) {
  const auto fail = [&](std::string_view key, const std::string& what) {
    section.fail_key_of_entry("services", name, key, what);
  };
  if (const std::string wrong = name_problem(name); !wrong.empty()) section.fail_entry("services", name, "the name " + wrong);
  if (service.cpu_query && base::has_control(*service.cpu_query)) fail("cpu_query", "holds control characters");
  if (!service.manual()) {
    if (service.provider && !is_provider(*service.provider))
      fail("provider", shown(*service.provider) + " is none of aws, gcp, azure");
    if (base::has_control(service.instance_type)) return fail("instance_type", "holds control characters");
    return section.instance_type("services." + key_text(name) + ".instance_type", service.instance_type);
  }
  const double idle = service.idle_watts.value_or(0.0);
  const double max = service.max_watts.value_or(0.0);
  for (const auto& [key, watts] : {std::pair("idle_watts", idle), std::pair("max_watts", max)}) {
    if (!std::isfinite(watts)) return fail(key, "must be finite");
    if (watts < 0.0) return fail(key, "must be >= 0, got " + base::text_plain(watts));
  }
  if (max < idle) fail("max_watts", "must be >= idle_watts " + base::text_plain(idle) + ", got " + base::text_plain(max));
}

void check_cloud(const CloudConfig& cloud, Section section) {
  if (!cloud.active()) return;
  section.url("prometheus_endpoint", *cloud.prometheus_endpoint);
  section.bounds("scrape_interval_secs", static_cast<double>(cloud.scrape_interval_secs));
  if (cloud.default_provider && !is_provider(*cloud.default_provider))
    section.fail("default_provider", shown(*cloud.default_provider) + " is none of aws, gcp, azure");
  if (cloud.default_instance_type) section.instance_type("default_instance_type", *cloud.default_instance_type);
  if (cloud.cpu_metric && base::has_control(*cloud.cpu_metric)) section.fail("cpu_metric", "holds control characters");
  if (cloud.services.size() > kMaxCloudServices) return section.fail("services", "has more than 256 entries");
  for (const auto& [name, service] : cloud.services) check_cloud_service(name, service, section);
  section.auth_header(cloud.auth_header, *cloud.prometheus_endpoint);
}

void check_broker_static(const BrokerStaticConfig& broker, Section section) {
  if (broker.nodes) section.bounds("nodes", *broker.nodes);
  if (broker.instance_type) {
    if (const std::string wrong = name_problem(*broker.instance_type); !wrong.empty()) section.fail("instance_type", wrong);
    section.instance_type("instance_type", *broker.instance_type);
  }
  if (!broker.active()) return;
  if (*broker.provider != "generic" && !is_provider(*broker.provider))
    section.fail("provider", shown(*broker.provider) + " is none of aws, gcp, azure, generic");
  section.region(broker.region);
}

void check_electricity_maps(const ElectricityMapsConfig& maps, Section section, Problems& problems) {
  if (!maps.active()) return;
  if (base::has_control(*maps.api_key)) section.fail("api_key", "holds control characters");
  section.url("endpoint", maps.endpoint, Scheme::kOptional);
  section.bounds("poll_interval_secs", static_cast<double>(maps.poll_interval_secs));
  if (maps.region_map.empty())
    problems.broken_rule("[green.electricity_maps] region_map needs at least one region",
                         {"green.electricity_maps.region_map", "green.electricity_maps.api_key"});
  for (const auto& [region, zone] : maps.region_map) {
    if (base::has_control(region)) section.fail_entry("region_map", region, "the region holds control characters");
    if (zone.empty()) section.fail_entry("region_map", region, "the zone is empty");
    if (base::has_control(zone) || zone.find_first_of("&#=?%+ ") != std::string::npos)
      section.fail_entry("region_map", region, "zone " + shown(zone) + " holds one of & # = ? % + or a blank");
  }
}

}  // namespace

void validate_green(const GreenConfig& green, const Facts& facts, const std::string& profiles_error, Problems& problems) {
  const auto section = [&](std::string_view name) { return Section(name, facts, problems); };
  check_regions(green, section("green"));
  check_scaphandre(green.scaphandre, section("green.scaphandre"));
  check_kepler(green.kepler, section("green.kepler"));
  check_alumet(green.alumet, facts, problems);
  check_redfish(green.redfish, section("green.redfish"));
  check_cloud(green.cloud, section("green.cloud"));
  check_broker_static(green.broker_static, section("green.broker_static"));
  if (!profiles_error.empty()) problems.broken_rule(profiles_error, {"green.hourly_profiles_file"});
  check_electricity_maps(green.emaps, section("green.electricity_maps"), problems);
}

}  // namespace sentinel::config
