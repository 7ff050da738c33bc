#include "config/apply.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "config/backends.h"
#include "config/key_table.h"
#include "config/profiles_file.h"
#include "config/value_text.h"

namespace sentinel::config {
namespace {

std::string lower_trimmed(std::string_view text) { return base::ascii_lower(base::trim(text)); }

void trim_in_place(std::optional<std::string>& text) {
  if (text) *text = std::string(base::trim(*text));
}

// -- spellings

void convert_environment(const Spellings& spellings, Config& config, Problems& problems) {
  if (!spellings.environment) return;
  const std::string name = lower_trimmed(*spellings.environment);
  if (name == "production") {
    config.daemon.environment = DaemonConfig::Environment::kProduction;
  } else if (name != "staging") {
    problems.broken_rule("[daemon] environment " + shown(*spellings.environment) + " is neither staging nor production",
                         {"daemon.environment"});
  }
}

void convert_metric_kind(const Spellings& spellings, Config& config, Problems& problems) {
  if (!spellings.metric_kind) return;
  const std::string name = lower_trimmed(*spellings.metric_kind);
  if (name == "process") {
    config.green.kepler.metric_kind = KeplerConfig::MetricKind::kProcess;
  } else if (name != "container") {
    const bool removed = name == "process_package" || name == "process_dram";
    problems.broken_rule("[green.kepler] metric_kind " + shown(*spellings.metric_kind) +
                             (removed ? " was removed: use process" : " is neither container nor process"),
                         {"green.kepler.metric_kind"});
  }
}

void convert_sanitizer(const Spellings& spellings, Config& config, Problems& problems) {
  using Mode = model::DetectionSettings::Sanitizer;
  if (!spellings.sanitizer) return;
  const std::string name = lower_trimmed(*spellings.sanitizer);
  for (const Mode mode : {Mode::kAuto, Mode::kStrict, Mode::kAlways, Mode::kNever}) {
    if (name != model::slug(mode)) continue;
    config.detection.settings.sanitizer = mode;
    return;
  }
  if (name.empty()) return;
  constexpr std::size_t kShownBytes = 32;
  std::string value(base::truncate_utf8(*spellings.sanitizer, kShownBytes));
  for (char& c : value)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '_';
  problems.advise("[detection] sanitizer_aware_classification " + quoted(value) +
                  " is unknown, auto is used: expected auto, always, never or strict");
}

// -- sections that need something else to make sense

void check_alumet_labels(const GreenConfig& green, Problems& problems) {
  if (green.alumet.active()) return;
  if (green.alumet.database)
    problems.broken_rule("[green.alumet.database] needs [green.alumet] endpoint", {"green.alumet.database"});
  if (green.alumet.broker) problems.broken_rule("[green.alumet.broker] needs [green.alumet] endpoint", {"green.alumet.broker"});
}

void check_broker_pair(const GreenConfig& green, Problems& problems) {
  if (green.broker_static.nodes.has_value() == green.broker_static.instance_type.has_value()) return;
  problems.broken_rule("[green.broker_static] nodes and instance_type must be set together",
                       {"green.broker_static.nodes", "green.broker_static.instance_type"});
}

// -- conversion

void convert_grouping(std::vector<std::string>& attributes, Problems& problems) {
  std::erase_if(attributes, [](const std::string& name) { return base::is_blank(name); });
  if (attributes.size() <= kMaxGroupingAttributes) return;
  std::string extra;
  for (std::size_t i = kMaxGroupingAttributes; i < attributes.size(); ++i)
    extra += (extra.empty() ? "" : ", ") + quoted(attributes[i]);
  problems.advise("[detection] grouping_attributes: only the first 8 are used, ignored: " + extra);
  attributes.resize(kMaxGroupingAttributes);
}

// Keys in lower case; of keys that become equal the last in byte order stays.
template <class Map>
void lower_keys(Map& map) {
  Map lowered;
  for (auto& [key, value] : map) lowered[base::ascii_lower(key)] = std::move(value);
  map = std::move(lowered);
}

void convert_embodied(GreenConfig& green, Problems& problems) {
  if (green.embodied_carbon_per_request_gco2 != 0.0) return;
  green.embodied_carbon_per_request_gco2 = GreenConfig().embodied_carbon_per_request_gco2;
  problems.advise("[green] embodied_carbon_per_request_gco2 is 0: hardware is never free, the default 0.001 is used");
}

// One of `allowed` in lower case, else a warning and the first of them.
void convert_choice(std::string& value, std::string_view key, std::span<const std::string_view> allowed, Problems& problems) {
  std::string lowered = base::ascii_lower(value);
  if (std::ranges::find(allowed, lowered) == allowed.end()) {
    problems.advise("[green.electricity_maps] " + std::string(key) + " " + shown(value) + " is unknown, " +
                    std::string(allowed.front()) + " is used");
    lowered = allowed.front();
  }
  value = std::move(lowered);
}

std::string api_version_of(std::string_view endpoint) {
  for (const std::string_view version : {"v3", "v4"}) {
    const std::string part = "/" + std::string(version);
    if (endpoint.ends_with(part) || endpoint.find(part + "/") != std::string_view::npos) return std::string(version);
  }
  return "custom";
}

void convert_electricity_maps(GreenConfig& green, Problems& problems) {
  ElectricityMapsConfig& maps = green.emaps;
  while (maps.endpoint.ends_with('/')) maps.endpoint.pop_back();
  lower_keys(maps.region_map);
  if (!maps.active()) return;
  constexpr std::array<std::string_view, 2> kFactors = {"lifecycle", "direct"};
  constexpr std::array<std::string_view, 3> kSteps = {"hourly", "5_minutes", "15_minutes"};
  convert_choice(maps.emission_factor_type, "emission_factor_type", kFactors, problems);
  convert_choice(maps.temporal_granularity, "temporal_granularity", kSteps, problems);
  if (maps.endpoint.starts_with("http://"))
    problems.advise("[green.electricity_maps] endpoint is plain http: the token travels in clear text");
  green.electricity_maps = true;
  green.emaps_api_version = api_version_of(maps.endpoint);
  green.emaps_emission_factor_type = maps.emission_factor_type;
  green.emaps_temporal_granularity = maps.temporal_granularity;
}

void convert_broker(BrokerStaticConfig& broker) {
  trim_in_place(broker.instance_type);
  if (!broker.active()) return;
  broker.provider = lower_trimmed(broker.provider.value_or(""));
  if (broker.provider->empty()) broker.provider = "generic";
}

void load_named_profiles(const Facts& facts, GreenConfig& green, Problems& problems, std::string& profiles_error) {
  if (!green.hourly_profiles_file) return;
  base::Result<Profiles> profiles = load_profiles(*green.hourly_profiles_file);
  if (!profiles) {
    profiles_error = "[green] hourly_profiles_file " + shown(*green.hourly_profiles_file) + ": " + profiles.error().what;
    return;
  }
  for (std::string& remark : doubtful_profiles(*profiles, facts.annual_intensity)) problems.advise(std::move(remark));
  green.custom_profiles = std::move(*profiles);
}

// Left out when it cannot be used: figures are then uncalibrated.
void load_named_calibration(GreenConfig& green, Problems& problems) {
  if (!green.calibration_file) return;
  const std::string about = "[green] calibration_file " + shown(*green.calibration_file) + " is left out: ";
  if (base::has_control(*green.calibration_file)) return problems.advise(about + "the path holds control characters");
  base::Result<Calibration> factors = load_calibration(*green.calibration_file);
  if (!factors) return problems.advise(about + factors.error().what);
  for (std::string& remark : doubtful_factors(*factors)) problems.advise(std::move(remark));
  green.calibration_factors = std::move(*factors);
}

void convert_green(const Facts& facts, GreenConfig& green, Problems& problems, std::string& profiles_error) {
  if (green.default_region) green.default_region = base::ascii_lower(*green.default_region);
  lower_keys(green.service_regions);
  convert_embodied(green, problems);
  trim_in_place(green.alumet.metric_name);
  trim_in_place(green.alumet.label_key);
  convert_broker(green.broker_static);
  convert_electricity_maps(green, problems);
  for (const Backend& backend : backends())
    if (backend.active(green)) green.configured_backends.emplace_back(backend.name);
  load_named_profiles(facts, green, problems, profiles_error);
  load_named_calibration(green, problems);
}

}  // namespace

void apply_environment(const EnvironmentReader& environment, const Documents& documents, Config& config, Origins& origins,
                       Problems& problems) {
  for (const KeyRow& row : key_table()) {
    if (row.environment.empty()) continue;
    std::optional<std::string>& field = (*std::get_if<std::optional<std::string>& (*)(Config&)>(&row.field))(config);
    const bool is_header = row.key == "auth_header";
    if (is_header && !find_backend(row.section)->active(config.green)) continue;
    std::optional<std::string> value = environment ? environment(std::string(row.environment).c_str()) : std::nullopt;
    const bool is_ack_key = row.section == "daemon.ack";
    // Without any file a token alone cannot mean anything: there is no region_map.
    if (documents.labels().empty() && !is_ack_key) value.reset();
    if (value) {
      field = std::move(value);
      origins[row.path()] = {Origin::Kind::kEnvironment, std::string(row.environment), 0};
    } else if (field && !field->empty() && !is_ack_key) {
      problems.advise("[" + std::string(row.section) + "] " + std::string(row.key) + " stands in a file: prefer the variable " +
                      std::string(row.environment));
    }
  }
  trim_in_place(config.daemon.ack.api_key);
}

void convert(const Spellings& spellings, const Facts& facts, Config& config, Problems& problems, std::string& profiles_error) {
  convert_environment(spellings, config, problems);
  convert_metric_kind(spellings, config, problems);
  check_alumet_labels(config.green, problems);
  check_broker_pair(config.green, problems);
  convert_sanitizer(spellings, config, problems);
  convert_grouping(config.detection.grouping_attributes, problems);
  convert_green(facts, config.green, problems, profiles_error);
  if (config.reporting.disclose_output_path && !config.reporting.disclose_output_path->empty())
    problems.advise("[reporting] disclose_output_path is reserved and has no effect yet");
}

}  // namespace sentinel::config
