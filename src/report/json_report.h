// The JSON report (chapter 07 §3): one pretty-printed object with a final newline, keys in the order of the chapter.
//
// Texts are written as they are, escaped but not sanitised. Pure function, any thread.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "model/report.h"

namespace sentinel::report {

// `show_acknowledged` keeps acknowledged_findings.
[[nodiscard]] std::string json_report(const model::Report& report, bool show_acknowledged);
// The same bytes in pieces, findings written by up to `threads` threads.
[[nodiscard]] std::vector<std::string> json_report_pieces(const model::Report& report, bool show_acknowledged,
                                                          unsigned threads);

// The same object as a value, whole or in part.
struct ReportParts {
  const std::vector<const model::Finding*>* findings = nullptr;  // null: all
  std::string* after_findings = nullptr;  // where not null: others write them, at least one, and what follows them goes here
  std::span<const std::string_view> encoded_findings = {};  // findings that are JSON already, after the others
  std::span<const std::string> encoded_traces = {};         // embedded_traces, the same
  std::size_t most_offenders = std::numeric_limits<std::size_t>::max();
  bool endpoints = true;
  bool acknowledged = true;
  bool evidence = true;  // that member of findings
};
// The array of correlations.
void write_correlations(base::JsonWriter& json, const std::vector<model::Correlation>& correlations);
void write_report(base::JsonWriter& json, const model::Report& report, const ReportParts& parts);

}  // namespace sentinel::report
