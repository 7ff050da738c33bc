// The green block of the text report (chapter 07 §2.4, chapter 04 §17). Labels carry their padding: values start at column 22.
#include <string>

#include "base/number_format.h"
#include "report/text_blocks.h"

namespace sentinel::report {
namespace {

constexpr int kCarbonDecimals = 6;

std::string grams(double value) { return base::text_fixed(value, kCarbonDecimals); }

void append_operations(TerminalText& text, const model::GreenSummary& summary) {
  text.add("  Total I/O ops:     ").number(summary.total_io_ops).line_end();
  text.add("  Avoidable I/O ops: ").number(summary.avoidable_io_ops).line_end();
  if (summary.total_sql_io_ops > 0) {
    text.add("  SQL share:         ").number(summary.avoidable_sql_io_ops).add(" of ").number(summary.total_sql_io_ops);
    text.add(" SQL ops avoidable").line_end();
  }
  text.add("  I/O waste ratio:   ").add(base::text_fixed(summary.io_waste_ratio * 100.0, 1)).add("% ");
  const std::string_view color = band_style(summary.io_waste_ratio_band);
  text.begin(color).add("(").add(model::slug(summary.io_waste_ratio_band)).add(")").end(color).line_end();
}

void append_estimate(TerminalText& text, std::string_view label, const model::CarbonEstimate& estimate, bool with_model) {
  text.add(label).add(grams(estimate.mid)).add(" g (low ").add(grams(estimate.low)).add(", high ").add(grams(estimate.high));
  if (with_model) text.add(", model ").untrusted(estimate.model);
  text.add(")").line_end();
}

void append_carbon(TerminalText& text, const model::CarbonReport& carbon) {
  append_estimate(text, "  Est. CO₂:          ", carbon.total, true);
  append_estimate(text, "  Avoidable CO₂:     ", carbon.avoidable, false);
  text.add("  Operational:       ")
      .add(grams(carbon.operational_gco2))
      .add(" g    Embodied: ")
      .add(grams(carbon.embodied_gco2));
  text.add(" g    Methodology: ").untrusted(carbon.total.methodology).line_end();
  if (carbon.transport_gco2) {
    text.add("  Transport:         ").add(grams(*carbon.transport_gco2)).add(" g    (cross-region network bytes)").line_end();
  }
}

std::string_view why_no_carbon(const model::AnalysisInfo& analysis) {
  return analysis.traces_analyzed == 0 ? "no traces were analyzed" : "green scoring is disabled: [green] enabled = false";
}

// What sets the two waste figures apart.
struct WasteKind {
  std::string_view label;
  std::string_view ratio;
  std::string_view nothing_seen;  // why there is no figure when no operation was seen
  std::string_view no_energy;     // why there is none although there were operations
};
constexpr WasteKind kDatabase = {"  Database waste:    ", "SQL", "no SQL operations were seen",
                                 "needs SQL operations in a known region, or a declared database energy source"};
constexpr WasteKind kBroker = {"  Broker waste:      ", "messaging", "no messaging operations were seen",
                               "needs messaging operations in a known region, or a declared broker energy source"};

void append_absent(TerminalText& text, std::string_view label, std::string_view state, std::string_view reason) {
  text.begin(style::kDim).add(label).add(state).add(" (").add(reason).add(")").end(style::kDim).line_end();
}

void append_no_waste(TerminalText& text, const WasteKind& kind, const model::Report& report, std::uint64_t operations) {
  std::string_view reason = operations == 0 ? kind.nothing_seen : kind.no_energy;
  if (!report.green_summary.co2) reason = why_no_carbon(report.analysis);
  append_absent(text, kind.label, "not measured", reason);
}

void append_waste(TerminalText& text, const WasteKind& kind, const model::WasteFigure& figure) {
  text.add(kind.label).add(base::text_tiny(figure.waste_kwh)).add(" kWh of ").add(base::text_tiny(figure.energy_kwh));
  text.add(" kWh (").add(base::text_fixed(figure.ratio * 100.0, 0)).add("% ").add(kind.ratio).add(" ratio, model ");
  text.untrusted(figure.model.empty() ? std::string_view("-") : std::string_view(figure.model)).add(")");
  if (figure.waste_gco2) text.add(", ").add(base::text_tiny(*figure.waste_gco2)).add(" gCO₂");
  if (figure.region) text.add(", region ").untrusted(*figure.region);
  text.add(figure.model == "estimated" ? " [within the report totals]" : " [excluded from totals]").line_end();
}

void append_scoring(TerminalText& text, const model::ScoringConfig& scoring) {
  if (!scoring.electricity_maps.value_or(true)) return;
  text.line_end().add("  Carbon scoring: Electricity Maps ").untrusted(scoring.api_version).add(", ");
  text.untrusted(scoring.emission_factor_type).add(", ").untrusted(scoring.temporal_granularity).line_end();
}

void append_regions(TerminalText& text, const std::vector<model::RegionRow>& regions) {
  if (regions.empty()) return;
  text.line_end().add("  ").add("Per-region breakdown:", style::kBold).line_end();
  for (const model::RegionRow& row : regions) {
    text.add("    - ")
        .untrusted(row.region)
        .add(": ")
        .number(row.io_ops)
        .add(" I/O ops, ")
        .add(grams(row.co2_gco2))
        .add(" gCO₂ (");
    if (row.status == "unresolved") {
      text.add("intensity: unresolved, source: -)").line_end();
      continue;
    }
    text.add(base::text_fixed(row.grid_intensity, 0)).add(" gCO₂/kWh, source: ").add(model::slug(row.source));
    if (row.estimated) text.add(*row.estimated ? ", estimated" : ", measured");
    if (row.estimated.value_or(false) && row.estimation_method) text.add("/").untrusted(*row.estimation_method);
    text.add(")").line_end();
  }
}

void append_offenders(TerminalText& text, const std::vector<model::TopOffender>& offenders) {
  if (offenders.empty()) return;
  text.line_end().add("  ").add("Top offenders:", style::kBold).line_end();
  for (const model::TopOffender& offender : offenders) {
    const std::string_view color = band_style(offender.band);
    text.add("    - ")
        .untrusted(offender.endpoint)
        .add(": IIS ")
        .add(base::text_fixed(offender.io_intensity_score, 1))
        .add(" ");
    text.begin(color).add("(").add(model::slug(offender.band)).add(")").end(color);
    text.add(" (service: ").untrusted(offender.service).add(")");
    if (offender.co2_grams) text.add(", ").add(grams(*offender.co2_grams)).add(" gCO₂");
    text.line_end();
  }
}

void append_notes(TerminalText& text, bool has_carbon) {
  if (has_carbon) {
    text.line_end();
    text.add("  CO₂ figures are estimates good to a factor of two (low = mid/2, high = mid×2); see docs/limitations.md.",
             style::kDim);
    text.line_end();
  }
  text.add("  Bands (healthy to critical) are fixed and do not follow your configured thresholds.", style::kDim).line_end();
  text.line_end();
}

}  // namespace

void append_green_summary(TerminalText& text, const model::Report& report) {
  const model::GreenSummary& summary = report.green_summary;
  text.add("--- GreenOps Summary ---", style::kBoldCyan).line_end();
  append_operations(text, summary);
  if (summary.co2) {
    append_carbon(text, *summary.co2);
  } else {
    append_absent(text, "  Carbon:            ", "not computed", why_no_carbon(report.analysis));
  }
  if (summary.database_waste) {
    append_waste(text, kDatabase, *summary.database_waste);
  } else {
    append_no_waste(text, kDatabase, report, summary.total_sql_io_ops);
  }
  if (summary.messaging_waste) {
    append_waste(text, kBroker, *summary.messaging_waste);
  } else {
    append_no_waste(text, kBroker, report, summary.total_messaging_io_ops);
  }
  if (summary.scoring_config) append_scoring(text, *summary.scoring_config);
  append_regions(text, summary.regions);
  append_offenders(text, summary.top_offenders);
  append_notes(text, summary.co2.has_value());
}

}  // namespace sentinel::report
