#include "tui/summary_lines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>

#include "base/number_format.h"
#include "report/labels.h"
#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

constexpr std::size_t kSummaryLabelColumns = 20;
constexpr std::size_t kProblemsShown = 5;
constexpr std::size_t kOffendersShown = 10;
constexpr int kFigureDecimals = 6;

Line field(std::string_view label, std::string value) {
  return labelled(std::string("  ").append(label), kSummaryLabelColumns, std::move(value));
}
std::string figure(double value) { return base::text_fixed(value, kFigureDecimals); }

void heading(Lines& lines, std::string text) {
  if (!lines.empty()) lines.emplace_back();
  lines.emplace_back(std::move(text), kHeading);
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

void add_run(Lines& lines, const model::AnalysisInfo& analysis) {
  heading(lines, "Run");
  lines.push_back(field("Analyzed", counted(analysis.traces_analyzed, "trace", "traces") + " with " +
                                        counted(analysis.events_processed, "event", "events") + " in " +
                                        std::to_string(analysis.duration_ms) + " ms"));
  if (!analysis.ingest || analysis.ingest->filtered() == 0) return;
  const model::IngestTally& tally = *analysis.ingest;
  std::string text = counted(tally.received, "span", "spans") + " ingested, " + std::to_string(tally.filtered()) + " filtered";
  if (const std::uint64_t gaps = tally.missing_db_statement + tally.missing_http_url; gaps > 0) {
    text += ", " + std::to_string(gaps) + " of them calls without statement or URL";
  }
  lines.push_back(field("Spans", std::move(text)));
}

void add_findings(Lines& lines, std::span<const model::Finding> findings) {
  heading(lines, "Findings");
  std::array<std::uint64_t, 3> counts{};
  for (const model::Finding& finding : findings) ++counts[static_cast<std::size_t>(finding.severity)];
  Line& line = lines.emplace_back(field("Found", counted(findings.size(), "finding", "findings") + ": "));
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto severity = static_cast<model::Severity>(i);
    if (i > 0) line.add(", ");
    line.add(std::to_string(counts[i]) + " " + std::string(model::slug(severity)), style_of(severity));
  }
}

// Columns as wide as their widest text, up to a bound; the last one takes what it needs.
void pad_columns(std::vector<std::vector<Piece>>& rows) {
  constexpr std::size_t kWidest = 40;
  for (std::size_t column = 0; !rows.empty() && column + 1 < rows.front().size(); ++column) {
    std::size_t width = 0;
    for (const auto& row : rows) width = std::max(width, std::min(kWidest, columns_of(row[column].text)));
    for (auto& row : rows) {
      std::string& text = row[column].text;
      text = fit(text, kWidest);
      text.append(width - std::min(width, columns_of(text)) + 2, ' ');
    }
  }
}

void add_table(Lines& lines, std::vector<std::vector<Piece>> rows, std::size_t hang) {
  pad_columns(rows);
  for (std::vector<Piece>& row : rows) {
    Line& line = lines.emplace_back("  ");
    for (Piece& piece : row) line.add(std::move(piece.text), piece.style);
    line.continue_with(std::string(hang, ' '));
  }
}

// The problems that are worth most, each once however often it occurs.
void add_fix_first(Lines& lines, const model::Report& report, const analysis::Recurrence& recurrence) {
  std::vector<std::uint32_t> order(recurrence.groups.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto finding_of = [&](std::uint32_t group) -> const model::Finding& {
    return report.findings[recurrence.groups[group].first];
  };
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
    if (finding_of(a).severity != finding_of(b).severity) return finding_of(a).severity < finding_of(b).severity;
    return recurrence.groups[a].extra_io_ops > recurrence.groups[b].extra_io_ops;
  });
  if (order.empty()) return;
  heading(lines, "Fix first");
  std::vector<std::vector<Piece>> rows;
  for (std::size_t i = 0; i < std::min(order.size(), kProblemsShown); ++i) {
    const analysis::Recurrence::Group& group = recurrence.groups[order[i]];
    const model::Finding& finding = finding_of(order[i]);
    std::string gain = "in " + counted(group.traces, "trace", "traces");
    if (group.extra_io_ops > 0) gain = counted(group.extra_io_ops, "avoidable op ", "avoidable ops ") + gain;
    rows.push_back({{std::string(report::severity_word(finding.severity)), style_of(finding.severity)},
                    {std::string(model::info(finding.type).label), kBold},
                    {std::string(finding.service), kPlain},
                    {std::string(finding.source_endpoint), kPlain},
                    {std::move(gain), kDim}});
  }
  add_table(lines, std::move(rows), 12);
  if (order.size() > kProblemsShown) {
    const std::string others = counted(order.size() - kProblemsShown, "other problem", "other problems");
    lines.emplace_back("  and " + others + ": Enter shows them all", kDim);
  }
}

std::string estimate_text(const model::CarbonEstimate& estimate, bool with_model) {
  return figure(estimate.mid) + " g (low " + figure(estimate.low) + " g, high " + figure(estimate.high) + " g" +
         (with_model ? ", model " + estimate.model : "") + ")";
}

std::string why_no_carbon(const model::AnalysisInfo& analysis) {
  return analysis.traces_analyzed == 0 ? "no traces were analyzed" : "green scoring is switched off, [green] enabled = false";
}

void add_carbon(Lines& lines, const model::Report& report) {
  if (!report.green_summary.co2) {
    lines.push_back(field("CO₂", "not computed: " + why_no_carbon(report.analysis)));
    return;
  }
  const model::CarbonReport& carbon = *report.green_summary.co2;
  lines.push_back(field("Est. CO₂", estimate_text(carbon.total, true)));
  lines.push_back(field("Avoidable CO₂", estimate_text(carbon.avoidable, false)));
  lines.push_back(field("Operational CO₂", figure(carbon.operational_gco2) + " g"));
  lines.push_back(field("Embodied CO₂", figure(carbon.embodied_gco2) + " g"));
  if (carbon.transport_gco2)
    lines.push_back(field("Transport CO₂", figure(*carbon.transport_gco2) + " g, network between regions"));
  lines.push_back(field("Methodology", carbon.total.methodology));
}

std::string waste_text(const std::optional<model::WasteFigure>& waste, const model::Report& report, std::uint64_t operations,
                       std::string_view kind, std::string_view backend) {
  if (waste) {
    return base::text_fixed(waste->waste_kwh, kFigureDecimals) + " kWh of " +
           base::text_fixed(waste->energy_kwh, kFigureDecimals) + " kWh (model " + (waste->model.empty() ? "-" : waste->model) +
           ")";
  }
  if (!report.green_summary.co2) return "not measured: " + why_no_carbon(report.analysis);
  if (operations == 0) return "not measured: no " + std::string(kind) + " operations were seen";
  return "not measured: needs a known region, or a declared " + std::string(backend) + " energy source";
}

void add_costs(Lines& lines, const model::Report& report) {
  const model::GreenSummary& green = report.green_summary;
  heading(lines, "Waste, energy and carbon");
  Line& ratio = lines.emplace_back(field("I/O waste ratio", base::text_fixed(green.io_waste_ratio * 100.0, 1) + "% "));
  ratio.add("(" + std::string(model::slug(green.io_waste_ratio_band)) + ")", style_of(green.io_waste_ratio_band));
  lines.push_back(
      field("Avoidable I/O", std::to_string(green.avoidable_io_ops) + " of " + std::to_string(green.total_io_ops) + " ops"));
  if (green.energy_kwh > 0)
    lines.push_back(field("Energy", figure(green.energy_kwh) + " kWh (model " + green.energy_model + ")"));
  add_carbon(lines, report);
  lines.push_back(field("Database waste", waste_text(green.database_waste, report, green.total_sql_io_ops, "SQL", "database")));
  lines.push_back(
      field("Broker waste", waste_text(green.messaging_waste, report, green.total_messaging_io_ops, "messaging", "broker")));
}

void add_offenders(Lines& lines, const std::vector<model::TopOffender>& offenders) {
  if (offenders.empty()) return;
  heading(lines, "Top offenders, by I/O intensity (IIS: I/O ops per request)");
  std::vector<std::vector<Piece>> rows;
  for (std::size_t i = 0; i < std::min(offenders.size(), kOffendersShown); ++i) {
    const model::TopOffender& offender = offenders[i];
    std::string score = base::text_fixed(offender.io_intensity_score, 1);
    if (score.size() < 6) score.insert(0, 6 - score.size(), ' ');
    rows.push_back({{"IIS " + score, kPlain},
                    {"(" + std::string(model::slug(offender.band)) + ")", style_of(offender.band)},
                    {offender.endpoint, kPlain},
                    {"service: " + offender.service, kDim}});
  }
  add_table(lines, std::move(rows), 12);
  if (offenders.size() > kOffendersShown) {
    lines.emplace_back("  and " + counted(offenders.size() - kOffendersShown, "other endpoint", "other endpoints"), kDim);
  }
}

// Rules count findings or bound a share.
std::string rule_value(const model::GateRule& rule, double value) {
  const bool share = rule.rule.ends_with("_ratio_max") || rule.rule.ends_with("_ratio");
  if (share) return base::text_fixed(value * 100.0, 1) + "%";
  if (value != std::floor(value)) return base::text_fixed(value, 2);
  return base::text_fixed(value, 0) + (value == 1.0 ? " finding" : " findings");
}

void add_gate(Lines& lines, const model::QualityGate& gate) {
  heading(lines, "Quality gate");
  if (gate.rules.empty()) {
    lines.emplace_back("  not evaluated: it has no rules");
    return;
  }
  lines.emplace_back("  ").add(gate.passed ? "PASSED" : "FAILED",
                               Style{.color = gate.passed ? Color::kGreen : Color::kRed, .bold = true});
  for (const model::GateRule& rule : gate.rules) {
    Line& line = lines.emplace_back();
    line.add("  - ").add(rule.passed ? "PASS  " : "FAIL  ", rule.passed ? kGood : kBad);
    line.add(std::string(report::gate_rule_label(rule.rule)) + ": " + rule_value(rule, rule.threshold));
    line.add(" (actual " + rule_value(rule, rule.actual) + ")").continue_with(std::string(10, ' '));
  }
}

void add_warnings(Lines& lines, const model::Report& report) {
  if (report.warnings.empty() && report.warning_details.empty()) return;
  heading(lines, "Warnings");
  const auto add = [&](std::string text) { lines.emplace_back("  " + std::move(text)).continue_with("    "); };
  for (const model::Warning& warning : report.warning_details) add("[" + warning.kind + "] " + warning.message);
  if (report.warning_details.empty()) {
    for (const std::string& warning : report.warnings) add(warning);
  }
}

void add_notes(Lines& lines, const model::Report& report) {
  heading(lines, "Notes");
  const auto add = [&](std::string text) { lines.emplace_back("  " + std::move(text), kDim).continue_with("  "); };
  if (!report.acknowledged_findings.empty()) {
    add(counted(report.acknowledged_findings.size(), "acknowledged finding is", "acknowledged findings are") + " left out.");
  }
  if (report.green_summary.co2)
    add("CO₂ figures are estimates good to a factor of two: low is half of the middle, high is twice as much.");
  add("Bands (healthy, moderate, high, critical) are fixed and do not follow the configured thresholds.");
  add("Carbon by region and the scoring settings are in the report that analyze prints.");
}

}  // namespace

Lines summary_lines(const Source& source, const TraceIndex& index) {
  Lines lines;
  if (!source.has_summary()) {
    lines.emplace_back("No summary of this run is at hand; its findings and traces are under Inspect (Enter).", kDim);
    return lines;
  }
  const model::Report& report = source.report();
  add_run(lines, report.analysis);
  add_findings(lines, report.findings);
  add_fix_first(lines, report, index.recurrence());
  add_costs(lines, report);
  add_offenders(lines, report.green_summary.top_offenders);
  add_gate(lines, report.quality_gate);
  add_warnings(lines, report);
  add_notes(lines, report);
  return lines;
}

}  // namespace sentinel::tui
