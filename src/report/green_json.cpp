#include "report/green_json.h"

#include <algorithm>
#include <span>

namespace sentinel::report {
namespace {

using base::JsonWriter;

void optional_real(JsonWriter& json, std::string_view name, const std::optional<double>& value) {
  if (value) json.field_real(name, *value);
}

void optional_bool(JsonWriter& json, std::string_view name, const std::optional<bool>& value) {
  if (value) json.field_bool(name, *value);
}

void write_value(JsonWriter& json, double value) { json.real(value); }
void write_value(JsonWriter& json, const std::string& value) { json.string(value); }

template <class Value>
void write_map(JsonWriter& json, std::string_view name, const std::map<std::string, Value>& map) {
  if (map.empty()) return;
  json.key(name).begin_object();
  for (const auto& [key, value] : map) write_value(json.key(key), value);
  json.end_object();
}

void write_offenders(JsonWriter& json, std::span<const model::TopOffender> offenders) {
  json.key("top_offenders").begin_array();
  for (const model::TopOffender& offender : offenders) {
    json.begin_object();
    json.field("endpoint", offender.endpoint);
    json.field("service", offender.service);
    json.field_real("io_intensity_score", offender.io_intensity_score);
    json.field("io_intensity_band", model::slug(offender.band));
    optional_real(json, "co2_grams", offender.co2_grams);
    json.end_object();
  }
  json.end_array();
}

void write_estimate(JsonWriter& json, std::string_view name, const model::CarbonEstimate& estimate) {
  json.key(name).begin_object();
  json.field_real("low", estimate.low).field_real("mid", estimate.mid).field_real("high", estimate.high);
  json.field("model", estimate.model).field("methodology", estimate.methodology);
  json.end_object();
}

void write_carbon(JsonWriter& json, const model::CarbonReport& carbon) {
  json.key("co2").begin_object();
  write_estimate(json, "total", carbon.total);
  write_estimate(json, "avoidable", carbon.avoidable);
  json.field_real("operational_gco2", carbon.operational_gco2);
  json.field_real("embodied_gco2", carbon.embodied_gco2);
  optional_real(json, "transport_gco2", carbon.transport_gco2);
  if (carbon.sci_per_trace) write_estimate(json, "sci_per_trace", *carbon.sci_per_trace);
  if (!carbon.functional_unit.empty()) json.field("functional_unit", carbon.functional_unit);
  json.end_object();
}

void write_regions(JsonWriter& json, const std::vector<model::RegionRow>& regions) {
  json.key("regions").begin_array();
  for (const model::RegionRow& row : regions) {
    json.begin_object();
    json.field("status", row.status);
    json.field("region", row.region);
    json.field_real("grid_intensity_gco2_kwh", row.grid_intensity);
    json.field_real("pue", row.pue);
    json.field("io_ops", row.io_ops);
    json.field_real("co2_gco2", row.co2_gco2);
    json.field("intensity_source", model::slug(row.source));
    optional_bool(json, "intensity_estimated", row.estimated);
    if (row.estimation_method) json.field("intensity_estimation_method", *row.estimation_method);
    json.end_object();
  }
  json.end_array();
}

void write_scoring(JsonWriter& json, const model::ScoringConfig& scoring) {
  json.key("scoring_config").begin_object();
  json.field("api_version", scoring.api_version);
  json.field("emission_factor_type", scoring.emission_factor_type);
  json.field("temporal_granularity", scoring.temporal_granularity);
  optional_bool(json, "electricity_maps", scoring.electricity_maps);
  optional_real(json, "embodied_per_request_gco2", scoring.embodied_per_request_gco2);
  optional_real(json, "network_energy_per_byte_kwh", scoring.network_energy_per_byte_kwh);
  optional_bool(json, "per_operation_coefficients", scoring.per_operation_coefficients);
  optional_bool(json, "use_hourly_profiles", scoring.use_hourly_profiles);
  json.end_object();
}

void write_waste(JsonWriter& json, std::string_view name, std::string_view ratio_name,
                 const std::optional<model::WasteFigure>& waste) {
  if (!waste) return;
  json.key(name).begin_object();
  json.field_real("energy_kwh", waste->energy_kwh);
  json.field_real("waste_kwh", waste->waste_kwh);
  optional_real(json, "waste_gco2", waste->waste_gco2);
  optional_real(json, "energy_gco2", waste->energy_gco2);
  if (waste->region) json.field("region", *waste->region);
  json.field_real(ratio_name, waste->ratio);
  json.field("model", waste->model);
  json.end_object();
}

}  // namespace

void write_green_summary(JsonWriter& json, const model::GreenSummary& summary, std::size_t most_offenders) {
  json.begin_object();
  json.field("total_io_ops", summary.total_io_ops);
  json.field("avoidable_io_ops", summary.avoidable_io_ops);
  json.field("total_sql_io_ops", summary.total_sql_io_ops);
  json.field("avoidable_sql_io_ops", summary.avoidable_sql_io_ops);
  json.field("total_messaging_io_ops", summary.total_messaging_io_ops);
  json.field("avoidable_messaging_io_ops", summary.avoidable_messaging_io_ops);
  json.field_real("io_waste_ratio", summary.io_waste_ratio);
  json.field("io_waste_ratio_band", model::slug(summary.io_waste_ratio_band));
  const std::span<const model::TopOffender> offenders = summary.top_offenders;
  write_offenders(json, offenders.first(std::min(offenders.size(), most_offenders)));
  if (summary.co2) write_carbon(json, *summary.co2);
  if (!summary.regions.empty()) write_regions(json, summary.regions);
  optional_real(json, "transport_gco2", summary.transport_gco2);
  if (summary.scoring_config) write_scoring(json, *summary.scoring_config);
  json.field_real("energy_kwh", summary.energy_kwh);
  json.field("energy_model", summary.energy_model);
  write_map(json, "per_service_carbon_kgco2eq", summary.per_service_carbon_kgco2eq);
  write_map(json, "per_service_energy_kwh", summary.per_service_energy_kwh);
  write_map(json, "per_service_region", summary.per_service_region);
  write_map(json, "per_service_energy_model", summary.per_service_energy_model);
  write_map(json, "per_service_measured_ratio", summary.per_service_measured_ratio);
  write_waste(json, "database_waste", "sql_waste_ratio", summary.database_waste);
  write_waste(json, "messaging_waste", "messaging_waste_ratio", summary.messaging_waste);
  json.end_object();
}

}  // namespace sentinel::report
