#include "daemon/archive_report.h"

#include <algorithm>
#include <vector>

#include "base/json_writer.h"
#include "detect/detect.h"
#include "report/json_report.h"
#include "score/waste.h"

namespace sentinel::daemon {
namespace {

using base::JsonWriter;

// The threshold that disclosures of different operators have in common.
constexpr std::uint32_t kCanonicalThreshold = 2;

struct Tier {
  std::uint64_t io_ops;
  double kwh;
  double gco2;
  std::uint32_t threshold;
};

void write_tier(JsonWriter& json, std::string_view name, const Tier& tier) {
  json.key(name).begin_object();
  json.field("avoidable_io_ops", tier.io_ops);
  json.field_real("avoidable_kwh", tier.kwh).field_real("avoidable_gco2", tier.gco2);
  json.field("n_plus_one_threshold", std::uint64_t{tier.threshold});
  json.end_object();
}

void write_block(JsonWriter& json, std::string_view name, const std::optional<model::WasteFigure>& figure,
                 std::uint64_t avoidable, std::uint64_t total) {
  if (!figure) return;
  const double share = std::min(score::share(avoidable, total), 1.0);
  json.key(name).begin_object();
  json.field_real("energy_kwh", figure->energy_kwh);
  json.field("model", figure->model);
  json.field_real("operational_waste_kwh", figure->waste_kwh);
  json.field_real("canonical_waste_kwh", figure->energy_kwh * share);
  if (figure->energy_gco2) json.field_real("energy_gco2", *figure->energy_gco2);
  if (figure->waste_gco2) json.field_real("operational_waste_gco2", *figure->waste_gco2);
  if (figure->energy_gco2) json.field_real("canonical_waste_gco2", *figure->energy_gco2 * share);
  json.end_object();
}

std::string tiers(const model::Report& report, const model::TraceSet& traces, const model::Symbols& symbols) {
  const model::GreenSummary& summary = report.green_summary;
  std::uint64_t accounted = summary.total_io_ops;
  for (const model::RegionRow& row : summary.regions) {
    if (row.status == "unresolved") accounted -= std::min(accounted, row.io_ops);
  }
  model::DetectionSettings canonical = *report.detection_config;
  canonical.n_plus_one_threshold = kCanonicalThreshold;
  std::vector<base::Arena> texts;
  const score::AvoidableOps avoidable =
      score::avoidable_ops(detect::detect(traces, symbols, canonical, 1, texts, detect::Evidence::kLeftOut));
  const double operational_share = std::min(score::share(summary.avoidable_io_ops, accounted), 1.0);
  const double canonical_share = std::min(score::share(avoidable.total, accounted), 1.0);

  std::string out;
  JsonWriter json(out, JsonWriter::Style::kCompact);
  json.begin_object();
  write_tier(json, "operational",
             {summary.avoidable_io_ops, summary.energy_kwh * operational_share, summary.co2->avoidable.mid,
              report.detection_config->n_plus_one_threshold});
  write_tier(json, "canonical",
             {avoidable.total, summary.energy_kwh * canonical_share, summary.co2->operational_gco2 * canonical_share,
              kCanonicalThreshold});
  write_block(json, "database", summary.database_waste, avoidable.sql, summary.total_sql_io_ops);
  write_block(json, "messaging", summary.messaging_waste, avoidable.messaging, summary.total_messaging_io_ops);
  json.end_object();
  return out;
}

}  // namespace

std::string archive_report(const model::Report& report, const model::TraceSet& traces, const model::Symbols& symbols) {
  std::string out;
  JsonWriter json(out, JsonWriter::Style::kCompact);
  report::write_report(json, report, {});
  if (report.green_summary.co2 && report.detection_config) {
    out.pop_back();  // the brace that ends it
    out += ",\"disclosure_waste\":" + tiers(report, traces, symbols) + "}";
  }
  return out;
}

}  // namespace sentinel::daemon
