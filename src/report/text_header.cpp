#include "report/text_blocks.h"

namespace sentinel::report {
namespace {

void append_ingest(TerminalText& text, const model::IngestTally& tally) {
  if (tally.filtered() == 0) return;
  text.begin(style::kDim).add("Ingested ").number(tally.received).add(" spans, ").number(tally.filtered());
  text.add(" filtered as non-analyzable");
  if (const std::uint64_t gap = tally.missing_db_statement + tally.missing_http_url; gap > 0) {
    text.add(", ").number(gap).add(" I/O span(s) missing db.statement/http.url");
  }
  text.end(style::kDim).line_end();
}

void append_warnings(TerminalText& text, const model::Report& report) {
  if (report.warnings.empty() && report.warning_details.empty()) return;
  text.add("Warnings:", style::kBoldYellow).line_end();
  for (const model::Warning& warning : report.warning_details) {
    text.add("  [").untrusted(warning.kind).add("] ").untrusted(warning.message).line_end();
  }
  if (report.warning_details.empty()) {
    for (const std::string& warning : report.warnings) text.add("  ").untrusted(warning).line_end();
  }
  text.line_end();
}

}  // namespace

void append_header(TerminalText& text, const model::Report& report, const TextOptions& options) {
  const model::AnalysisInfo& analysis = report.analysis;
  text.line_end()
      .begin(style::kBoldCyan)
      .add("=== perf-sentinel ")
      .add(options.label)
      .add(" ===")
      .end(style::kBoldCyan)
      .line_end();
  text.begin(style::kDim).add("Analyzed ").number(analysis.events_processed).add(" events across ");
  text.number(analysis.traces_analyzed).add(" traces in ").number(analysis.duration_ms).add("ms").end(style::kDim).line_end();
  if (analysis.ingest) append_ingest(text, *analysis.ingest);
  text.line_end();
  append_warnings(text, report);
}

}  // namespace sentinel::report
