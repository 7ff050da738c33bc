// The green_summary of a saved report.
#include "analysis/report_fields.h"
#include "analysis/report_reader_parts.h"
#include "analysis/report_shape.h"

namespace sentinel::analysis {
namespace {

using base::JsonReader;
using namespace fields;

model::TopOffender read_offender(JsonReader& in) {
  model::TopOffender out;
  each_member(in, [&](std::string_view key) {
    if (key == "endpoint") return read(in, out.endpoint);
    if (key == "service") return read(in, out.service);
    if (key == "io_intensity_score") return read(in, out.io_intensity_score);
    if (key == "io_intensity_band") return read(in, out.band, band_named);
    if (key == "co2_grams") return read(in, out.co2_grams);
    in.skip();
  });
  return out;
}

model::CarbonEstimate read_estimate(JsonReader& in) {
  model::CarbonEstimate out;
  each_member(in, [&](std::string_view key) {
    if (key == "low") return read(in, out.low);
    if (key == "mid") return read(in, out.mid);
    if (key == "high") return read(in, out.high);
    if (key == "model") return read(in, out.model);
    if (key == "methodology") return read(in, out.methodology);
    in.skip();
  });
  return out;
}

model::CarbonReport read_carbon(JsonReader& in) {
  model::CarbonReport out;
  each_member(in, [&](std::string_view key) {
    if (key == "total") return void(out.total = read_estimate(in));
    if (key == "avoidable") return void(out.avoidable = read_estimate(in));
    if (key == "operational_gco2") return read(in, out.operational_gco2);
    if (key == "embodied_gco2") return read(in, out.embodied_gco2);
    if (key == "transport_gco2") return read(in, out.transport_gco2);
    if (key == "sci_per_trace") {
      if (!in.read_null()) out.sci_per_trace = read_estimate(in);
      return;
    }
    if (key == "functional_unit") return read(in, out.functional_unit);
    in.skip();
  });
  return out;
}

model::RegionRow read_region(JsonReader& in) {
  model::RegionRow out;
  each_member(in, [&](std::string_view key) {
    if (key == "status") return read(in, out.status);
    if (key == "region") return read(in, out.region);
    if (key == "grid_intensity_gco2_kwh") return read(in, out.grid_intensity);
    if (key == "pue") return read(in, out.pue);
    if (key == "io_ops") return read(in, out.io_ops);
    if (key == "co2_gco2") return read(in, out.co2_gco2);
    if (key == "intensity_source") return read(in, out.source, intensity_source_named);
    if (key == "intensity_estimated") return read(in, out.estimated);
    if (key == "intensity_estimation_method") return read(in, out.estimation_method);
    in.skip();
  });
  return out;
}

model::ScoringConfig read_scoring(JsonReader& in) {
  model::ScoringConfig out;
  each_member(in, [&](std::string_view key) {
    if (key == "api_version") return read(in, out.api_version);
    if (key == "emission_factor_type") return read(in, out.emission_factor_type);
    if (key == "temporal_granularity") return read(in, out.temporal_granularity);
    if (key == "electricity_maps") return read(in, out.electricity_maps);
    if (key == "embodied_per_request_gco2") return read(in, out.embodied_per_request_gco2);
    if (key == "network_energy_per_byte_kwh") return read(in, out.network_energy_per_byte_kwh);
    if (key == "per_operation_coefficients") return read(in, out.per_operation_coefficients);
    if (key == "use_hourly_profiles") return read(in, out.use_hourly_profiles);
    in.skip();
  });
  return out;
}

model::WasteFigure read_waste(JsonReader& in) {
  model::WasteFigure out;
  each_member(in, [&](std::string_view key) {
    if (key == "energy_kwh") return read(in, out.energy_kwh);
    if (key == "waste_kwh") return read(in, out.waste_kwh);
    if (key == "waste_gco2") return read(in, out.waste_gco2);
    if (key == "energy_gco2") return read(in, out.energy_gco2);
    if (key == "region") return read(in, out.region);
    if (key == "sql_waste_ratio" || key == "messaging_waste_ratio") return read(in, out.ratio);
    if (key == "model") return read(in, out.model);
    in.skip();
  });
  return out;
}

template <class Value>
void read_map(JsonReader& in, std::map<std::string, Value>& out) {
  each_member(in, [&](std::string_view key) { read(in, out[std::string(key)]); });
}

void read_totals(JsonReader& in, std::string_view key, model::GreenSummary& out) {
  if (key == "total_io_ops") return read(in, out.total_io_ops);
  if (key == "avoidable_io_ops") return read(in, out.avoidable_io_ops);
  if (key == "total_sql_io_ops") return read(in, out.total_sql_io_ops);
  if (key == "avoidable_sql_io_ops") return read(in, out.avoidable_sql_io_ops);
  if (key == "total_messaging_io_ops") return read(in, out.total_messaging_io_ops);
  if (key == "avoidable_messaging_io_ops") return read(in, out.avoidable_messaging_io_ops);
  if (key == "io_waste_ratio") return read(in, out.io_waste_ratio);
  if (key == "io_waste_ratio_band") return read(in, out.io_waste_ratio_band, band_named);
  if (key == "transport_gco2") return read(in, out.transport_gco2);
  if (key == "energy_kwh") return read(in, out.energy_kwh);
  if (key == "energy_model") return read(in, out.energy_model);
  if (key == "per_service_carbon_kgco2eq") return read_map(in, out.per_service_carbon_kgco2eq);
  if (key == "per_service_energy_kwh") return read_map(in, out.per_service_energy_kwh);
  if (key == "per_service_region") return read_map(in, out.per_service_region);
  if (key == "per_service_energy_model") return read_map(in, out.per_service_energy_model);
  if (key == "per_service_measured_ratio") return read_map(in, out.per_service_measured_ratio);
  in.skip();
}

// An object that null may stand for.
template <class Part>
void read_part(JsonReader& in, std::optional<Part>& out, Part (*reader)(JsonReader&)) {
  if (!in.read_null()) out = reader(in);
}

}  // namespace

model::GreenSummary read_green_summary(JsonReader& in) {
  model::GreenSummary out;
  each_member(in, [&](std::string_view key) {
    if (key == "top_offenders") return each_item(in, [&] { out.top_offenders.push_back(read_offender(in)); });
    if (key == "regions") return each_item(in, [&] { out.regions.push_back(read_region(in)); });
    if (key == "co2") return read_part(in, out.co2, read_carbon);
    if (key == "scoring_config") return read_part(in, out.scoring_config, read_scoring);
    if (key == "database_waste") return read_part(in, out.database_waste, read_waste);
    if (key == "messaging_waste") return read_part(in, out.messaging_waste, read_waste);
    read_totals(in, key, out);
  });
  return out;
}

}  // namespace sentinel::analysis
