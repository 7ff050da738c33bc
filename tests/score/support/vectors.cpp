#include "score/support/vectors.h"

#include <charconv>
#include <fstream>

#include "base/text.h"
#include "support/files.h"

namespace sentinel::score::test {

using nlohmann::json;

json read_vectors(const std::string& file, const std::string& key) {
  std::ifstream in(test_data(file));
  return parsed_json<json>(in).at(key);
}

namespace {

double number(std::string_view text) {
  double value = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string unquoted(std::string_view text) {
  text = base::trim(text);
  if (text.starts_with('"')) text = text.substr(1, text.size() - 2);
  return std::string(text);
}

// Calls use(section, key, value) for each line of a TOML text with one pair a line.
template <class Use>
void for_each_pair(std::string_view toml, Use use) {
  std::string section;
  while (!toml.empty()) {
    const std::string_view line = toml.substr(0, toml.find('\n'));
    toml.remove_prefix(std::min(line.size() + 1, toml.size()));
    if (line.starts_with('[')) {
      section = line.substr(1, line.size() - 2);
    } else if (const std::size_t equals = line.find('='); equals != std::string_view::npos) {
      use(section, unquoted(line.substr(0, equals)), base::trim(line.substr(equals + 1)));
    }
  }
}

config::HourlyProfile profile_of(const json& entry) {
  config::HourlyProfile profile;
  profile.monthly = entry["type"] == "monthly";
  const json months = profile.monthly ? entry["months"] : json::array({entry["hours"]});
  for (std::size_t month = 0; month < months.size(); ++month) {
    for (std::size_t hour = 0; hour < 24; ++hour) profile.months[month][hour] = months[month][hour].get<double>();
  }
  return profile;
}

}  // namespace

config::GreenConfig green_config(std::string_view toml, const json& profiles, std::string_view calibration) {
  config::GreenConfig green;
  for_each_pair(toml, [&](std::string_view section, const std::string& key, std::string_view value) {
    if (section == "green.service_regions") {
      green.service_regions[base::ascii_lower(key)] = unquoted(value);
    } else if (key == "enabled") {
      green.enabled = value == "true";
    } else if (key == "default_region") {
      green.default_region = base::ascii_lower(unquoted(value));
    } else if (key == "use_hourly_profiles") {
      green.use_hourly_profiles = value == "true";
    } else if (key == "per_operation_coefficients") {
      green.per_operation_coefficients = value == "true";
    } else if (key == "embodied_carbon_per_request_gco2") {
      green.embodied_carbon_per_request_gco2 = number(value);
    } else if (key == "calibration_file") {
      auto& factors = green.calibration_factors.emplace();
      for_each_pair(calibration, [&](std::string_view table, const std::string& service, std::string_view entry) {
        if (table != "calibration.services") return;
        entry.remove_prefix(std::string_view("{ factor = ").size());
        factors[service] = number(entry);
      });
    } else if (key == "hourly_profiles_file") {
      for (const auto& [region, entry] : profiles["profiles"].items()) {
        green.custom_profiles[base::ascii_lower(region)] = profile_of(entry);
      }
    }
  });
  return green;
}

void add_event(Scene& scene, const json& event) {
  const auto text = [&](const char* key) { return event[key].get<std::string>(); };
  SpanBuilder span = scene.span(text("trace_id"), text("service"), event["source"]["endpoint"].get<std::string>());
  span.at(text("timestamp"));
  const std::string type = text("type");
  if (type == "sql") span.sql(text("target"));
  if (type == "http_out") span.http(text("target"));
  if (type == "messaging") span.messaging();
  if (event.contains("response_size_bytes")) span.response(event["response_size_bytes"].get<std::uint64_t>());
  if (event.contains("cloud_region") && base::is_region_id(text("cloud_region"))) span.region(text("cloud_region"));
}

void add_finding(Scene& scene, const json& finding) {
  const auto text = [&](const char* key) { return finding[key].get<std::string>(); };
  for (std::size_t i = 0; i < model::kFindingTypes; ++i) {
    const auto type = static_cast<model::FindingType>(i);
    if (model::slug(type) != text("type")) continue;
    scene.finding(type, text("trace_id"), finding["pattern"]["template"].get<std::string>(),
                  finding["pattern"]["occurrences"].get<std::uint64_t>(), text("service"), text("source_endpoint"));
  }
}

namespace {

json part_json(const model::CarbonEstimate& e) {
  return {{"low", e.low}, {"mid", e.mid}, {"high", e.high}, {"model", e.model}, {"methodology", e.methodology}};
}

json part_json(const model::CarbonReport& c) {
  json out = {{"total", part_json(c.total)},
              {"avoidable", part_json(c.avoidable)},
              {"operational_gco2", c.operational_gco2},
              {"embodied_gco2", c.embodied_gco2}};
  if (c.transport_gco2) out["transport_gco2"] = *c.transport_gco2;
  if (c.sci_per_trace) out["sci_per_trace"] = part_json(*c.sci_per_trace);
  if (!c.functional_unit.empty()) out["functional_unit"] = c.functional_unit;
  return out;
}

json part_json(const model::RegionRow& r) {
  return {{"status", r.status}, {"region", r.region},     {"grid_intensity_gco2_kwh", r.grid_intensity}, {"pue", r.pue},
          {"io_ops", r.io_ops}, {"co2_gco2", r.co2_gco2}, {"intensity_source", model::slug(r.source)}};
}

json part_json(const model::TopOffender& o) {
  json out = {{"endpoint", o.endpoint},
              {"service", o.service},
              {"io_intensity_score", o.io_intensity_score},
              {"io_intensity_band", model::slug(o.band)}};
  if (o.co2_grams) out["co2_grams"] = *o.co2_grams;
  return out;
}

json part_json(const model::ScoringConfig& c) {
  return {{"api_version", c.api_version},
          {"emission_factor_type", c.emission_factor_type},
          {"temporal_granularity", c.temporal_granularity},
          {"electricity_maps", c.electricity_maps.value()},
          {"embodied_per_request_gco2", c.embodied_per_request_gco2.value()},
          {"network_energy_per_byte_kwh", c.network_energy_per_byte_kwh.value()},
          {"per_operation_coefficients", c.per_operation_coefficients.value()},
          {"use_hourly_profiles", c.use_hourly_profiles.value()}};
}

json part_json(const model::WasteFigure& w, const char* ratio) {
  json out = {{"energy_kwh", w.energy_kwh}, {"waste_kwh", w.waste_kwh}, {ratio, w.ratio}, {"model", w.model}};
  if (w.waste_gco2) out["waste_gco2"] = *w.waste_gco2;
  if (w.energy_gco2) out["energy_gco2"] = *w.energy_gco2;
  if (w.region) out["region"] = *w.region;
  return out;
}

}  // namespace

json to_json(const model::GreenSummary& s) {
  json out = {{"total_io_ops", s.total_io_ops},
              {"avoidable_io_ops", s.avoidable_io_ops},
              {"total_sql_io_ops", s.total_sql_io_ops},
              {"avoidable_sql_io_ops", s.avoidable_sql_io_ops},
              {"total_messaging_io_ops", s.total_messaging_io_ops},
              {"avoidable_messaging_io_ops", s.avoidable_messaging_io_ops},
              {"io_waste_ratio", s.io_waste_ratio},
              {"io_waste_ratio_band", model::slug(s.io_waste_ratio_band)},
              {"top_offenders", json::array()},
              {"energy_kwh", s.energy_kwh},
              {"energy_model", s.energy_model}};
  for (const model::TopOffender& offender : s.top_offenders) out["top_offenders"].push_back(part_json(offender));
  if (s.co2) out["co2"] = part_json(*s.co2);
  for (const model::RegionRow& row : s.regions) out["regions"].push_back(part_json(row));
  if (s.transport_gco2) out["transport_gco2"] = *s.transport_gco2;
  if (s.scoring_config) out["scoring_config"] = part_json(*s.scoring_config);
  const auto add_map = [&](const char* key, const auto& map) {
    if (!map.empty()) out[key] = map;
  };
  add_map("per_service_carbon_kgco2eq", s.per_service_carbon_kgco2eq);
  add_map("per_service_energy_kwh", s.per_service_energy_kwh);
  add_map("per_service_region", s.per_service_region);
  add_map("per_service_energy_model", s.per_service_energy_model);
  add_map("per_service_measured_ratio", s.per_service_measured_ratio);
  if (s.database_waste) out["database_waste"] = part_json(*s.database_waste, "sql_waste_ratio");
  if (s.messaging_waste) out["messaging_waste"] = part_json(*s.messaging_waste, "messaging_waste_ratio");
  return out;
}

}  // namespace sentinel::score::test
