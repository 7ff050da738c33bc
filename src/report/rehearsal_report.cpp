#include "report/rehearsal_report.h"

#include <algorithm>
#include <vector>

#include "base/json_writer.h"
#include "report/terminal.h"

namespace sentinel::report {
namespace {

using analysis::Rehearsal;
using analysis::RehearsedValue;

constexpr std::array<model::Severity, 3> kSeverities = {model::Severity::kCritical, model::Severity::kWarning,
                                                        model::Severity::kInfo};

// Types that at least one value finds: the columns of the table.
std::vector<std::size_t> types_found(const Rehearsal& rehearsal) {
  std::vector<std::size_t> types;
  for (std::size_t t = 0; t < model::kFindingTypes; ++t) {
    if (std::ranges::any_of(rehearsal.values, [&](const RehearsedValue& v) { return v.by_type[t] > 0; })) types.push_back(t);
  }
  return types;
}

struct Table {
  std::vector<std::vector<std::string>> rows;  // the first is the heading

  [[nodiscard]] std::size_t width(std::size_t column) const {
    std::size_t widest = 0;
    for (const auto& row : rows) widest = std::max(widest, row[column].size());
    return widest;
  }
};

Table make_table(const Rehearsal& rehearsal) {
  const std::vector<std::size_t> types = types_found(rehearsal);
  Table table;
  std::vector<std::string>& heading = table.rows.emplace_back();
  heading = {"value", "findings"};
  for (const model::Severity s : kSeverities) heading.emplace_back(model::slug(s));
  heading.emplace_back("gate");
  for (const std::size_t t : types) heading.emplace_back(model::slug(static_cast<model::FindingType>(t)));
  for (const RehearsedValue& v : rehearsal.values) {
    std::vector<std::string>& row = table.rows.emplace_back();
    row = {(v.value == rehearsal.configured ? "* " : "") + std::to_string(v.value), std::to_string(v.findings)};
    for (const std::size_t n : v.by_severity) row.push_back(std::to_string(n));
    row.emplace_back(v.gate_passed ? "passed" : "failed");
    for (const std::size_t t : types) row.push_back(std::to_string(v.by_type[t]));
  }
  return table;
}

void append_table(TerminalText& text, const Rehearsal& rehearsal) {
  const Table table = make_table(rehearsal);
  for (const auto& row : table.rows) {
    const bool heading = &row == table.rows.data();
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      line.append(2 + table.width(column) - row[column].size(), ' ');
      line += row[column];
    }
    text.add(line, heading ? style::kDim : style::kNone).line_end();
  }
}

void write_value(base::JsonWriter& json, const RehearsedValue& v) {
  json.begin_object();
  json.field("value", v.value).field("findings", std::uint64_t{v.findings});
  json.key("by_severity").begin_object();
  for (const model::Severity s : kSeverities)
    json.field(model::slug(s), std::uint64_t{v.by_severity[static_cast<std::size_t>(s)]});
  json.end_object();
  json.key("by_type").begin_object();
  for (std::size_t t = 0; t < model::kFindingTypes; ++t) {
    if (v.by_type[t] > 0) json.field(model::slug(static_cast<model::FindingType>(t)), std::uint64_t{v.by_type[t]});
  }
  json.end_object();
  json.field_bool("quality_gate_passed", v.gate_passed);
  json.end_object();
}

}  // namespace

std::string rehearsal_text(const RehearsalFrame& frame, std::span<const Rehearsal> rehearsals, bool colors) {
  TerminalText text(colors);
  text.line_end().add("=== perf-sentinel rehearse ===", style::kBoldCyan).line_end();
  text.begin(style::kDim).number(frame.events).add(" events across ").number(frame.traces).add(" traces").end(style::kDim);
  text.line_end().line_end();
  for (const Rehearsal& rehearsal : rehearsals) {
    text.begin(style::kBold).add("detection.").add(rehearsal.key->key).end(style::kBold);
    text.add(" (* configured: ").number(rehearsal.configured).add(")").line_end();
    append_table(text, rehearsal);
    text.line_end();
  }
  return text.take();
}

std::string rehearsal_json(const RehearsalFrame& frame, std::span<const Rehearsal> rehearsals) {
  std::string out;
  base::JsonWriter json(out, base::JsonWriter::Style::kPretty);
  json.begin_object();
  json.field("events_processed", frame.events).field("traces_analyzed", frame.traces);
  json.key("rehearsals").begin_array();
  for (const Rehearsal& rehearsal : rehearsals) {
    json.begin_object();
    json.field("key", "detection." + std::string(rehearsal.key->key)).field("configured", rehearsal.configured);
    json.key("values").begin_array();
    for (const RehearsedValue& v : rehearsal.values) write_value(json, v);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  out += '\n';
  return out;
}

}  // namespace sentinel::report
