#include <algorithm>
#include <array>

#include "base/number_format.h"
#include "base/text.h"
#include "report/diff_report.h"
#include "report/terminal.h"

namespace sentinel::report {
namespace {

using analysis::Diff;
using model::Finding;

constexpr std::size_t kLabelWidth = 12;     // labels of a finding's block, the colon included
constexpr std::size_t kTimestampSize = 16;  // up to the minute

std::string_view severity_word(model::Severity severity) {
  constexpr std::string_view kWords[] = {"CRITICAL", "WARNING", "INFO"};
  return kWords[static_cast<std::size_t>(severity)];
}

void append_count(TerminalText& text, std::size_t count, std::string_view what, std::string_view color) {
  text.begin(color).number(count).add(what).end(color);
}

void append_header(TerminalText& text, const Diff& diff) {
  text.line_end().add("=== perf-sentinel diff ===", style::kBoldCyan).line_end().add("  ");
  append_count(text, diff.new_findings.size(), " new", style::kRed);
  append_count(text.add(", "), diff.resolved_findings.size(), " resolved", style::kGreen);
  append_count(text.add(", "), diff.severity_changes.size(), " severity changed", style::kYellow);
  text.add(" (").number(diff.regressions()).add(" regression(s)), ");
  text.number(diff.endpoint_deltas.size()).add(" endpoint count change(s)").line_end().line_end();
}

void append_warnings(TerminalText& text, std::span<const model::Warning> warnings) {
  if (warnings.empty()) return;
  text.add("Warnings (after run):", style::kBoldYellow).line_end();
  for (const model::Warning& warning : warnings) {
    text.add("  [").untrusted(warning.kind).add("] ").untrusted(warning.message).line_end();
  }
  text.line_end();
}

void append_title(TerminalText& text, std::string_view title, std::size_t count, std::string_view color) {
  text.begin(style::kBold).begin(color).add(title).add(" (").number(count).add("):").end(color).line_end();
}

// "N1+ SQL on GET / (service)"
void append_subject(TerminalText& text, const Finding& f) {
  text.add(model::info(f.type).label).add(" on ").untrusted(f.source_endpoint);
  text.add(" (").untrusted(f.service).add(")").line_end();
}

TerminalText& label(TerminalText& text, std::string_view name, std::string_view color = style::kDim) {
  text.add("      ").add(name, color);
  for (std::size_t width = name.size(); width < kLabelWidth; ++width) text.add(" ");
  return text.add(" ");
}

// The first characters, not bytes, of a timestamp: sources may put anything there.
std::string_view up_to_minute(std::string_view timestamp) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < timestamp.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(timestamp[i]) & 0xC0U) != 0x80U;
    if (begins && characters++ == kTimestampSize) return timestamp.substr(0, i);
  }
  return timestamp;
}

// "850ms", "59s", "1m5s", "2h10m"
void append_compact_duration(TerminalText& text, std::uint64_t ms) {
  const std::uint64_t seconds = ms / 1000;
  const std::uint64_t minutes = seconds / 60;
  if (seconds == 0) {
    text.number(ms).add("ms");
  } else if (minutes == 0) {
    text.number(seconds).add("s");
  } else if (minutes < 60) {
    text.number(minutes).add("m");
    if (seconds % 60 != 0) text.number(seconds % 60).add("s");
  } else {
    text.number(minutes / 60).add("h");
    if (minutes % 60 != 0) text.number(minutes % 60).add("m");
  }
}

void append_diff_fix(TerminalText& text, const model::SuggestedFix& fix) {
  text.add("      ").begin(style::kCyan).add("Fix [").untrusted(fix.framework).add("]:").end(style::kCyan);
  text.add(" ").advice(fix.recommendation);
  if (base::is_safe_url(fix.reference_url)) text.add(" (").untrusted(fix.reference_url).add(")");
  text.line_end();
}

void append_block(TerminalText& text, const Finding& f) {
  for (const model::GroupPair& pair : f.grouping) {
    text.add("      ").begin(style::kDim).untrusted(pair.key).add(":").end(style::kDim).add(" ");
    text.untrusted(pair.value).line_end();
  }
  label(text, "Template:").untrusted(f.pattern.template_text).line_end();
  label(text, "Occurrences:").number(f.pattern.occurrences).line_end();
  label(text, "Window:").untrusted(up_to_minute(f.first_timestamp)).add(" -> ");
  text.untrusted(up_to_minute(f.last_timestamp)).add(" (");
  append_compact_duration(text, f.pattern.window_ms);
  text.add(")").line_end();
  label(text, "Suggestion:", style::kCyan).advice(f.suggestion).line_end();
  if (f.suggested_fix) append_diff_fix(text, *f.suggested_fix);
  if (f.green_impact) {
    const std::string_view color = band_style(f.green_impact->band);
    label(text, "IIS:").add(base::text_fixed(f.green_impact->io_intensity_score, 1)).add(" ");
    text.begin(color).add("(").add(model::slug(f.green_impact->band)).add(")").end(color).line_end();
    label(text, "Extra I/O:").number(f.green_impact->extra_io_ops).add(" avoidable ops").line_end();
  }
  if (const std::string location = location_text(f.code_location); !location.empty()) {
    label(text, "Location:").untrusted(location).line_end();
  }
  if (f.confidence == model::Confidence::kDaemonStaging || f.confidence == model::Confidence::kDaemonProduction) {
    label(text, "Confidence:").add(model::slug(f.confidence)).line_end();
  }
}

void append_findings(TerminalText& text, std::string_view title, std::span<const Finding> findings, std::string_view sign,
                     std::string_view color) {
  if (findings.empty()) return;
  append_title(text, title, findings.size(), color);
  for (const Finding& f : findings) {
    const std::string_view severity = severity_style(f.severity);
    text.add("  ").add(sign, color).add(" ").begin(severity).add("[").add(severity_word(f.severity)).add("]").end(severity);
    append_subject(text.add(" "), f);
    append_block(text, f);
  }
  text.line_end();
}

void append_severity_changes(TerminalText& text, const Diff& diff) {
  if (diff.severity_changes.empty()) return;
  append_title(text, "Severity changes", diff.severity_changes.size(), style::kYellow);
  for (const analysis::SeverityChange& change : diff.severity_changes) {
    text.add("  [").add(severity_word(change.before)).add("] ");
    text.add("->", change.is_regression() ? style::kRed : style::kGreen);
    append_subject(text.add(" [").add(severity_word(change.after)).add("] "), change.finding);
  }
  text.line_end();
}

void append_endpoint_deltas(TerminalText& text, const Diff& diff) {
  if (diff.endpoint_deltas.empty()) return;
  append_title(text, "Endpoint I/O op deltas", diff.endpoint_deltas.size(), style::kCyan);
  for (const analysis::EndpointDelta& row : diff.endpoint_deltas) {
    std::string delta = row.delta > 0 ? "+" : "";
    base::append_signed(delta, row.delta);
    text.add("  ").add(delta, row.delta > 0 ? style::kRed : style::kGreen).add("  ").untrusted(row.endpoint).add(" on ");
    text.untrusted(row.service).add(" (").number(row.before_io_ops).add(" -> ").number(row.after_io_ops).add(")").line_end();
  }
  text.line_end();
}

void append_verdict(TerminalText& text, const analysis::Verdict& verdict) {
  constexpr std::array<std::string_view, 3> kStyles = {style::kBoldGreen, style::kBoldYellow, style::kBoldRed};
  text.add("Verdict: ", style::kBold).add(analysis::word(verdict.band), kStyles[static_cast<std::size_t>(verdict.band)]);
  text.line_end();
  for (const analysis::RuleHits& hit : verdict.hits) {
    text.add("  - ").add(analysis::flag_of(hit.band)).add(" ").untrusted(hit.rule).add(": ").number(hit.findings);
    text.add(hit.findings == 1 ? " finding" : " findings").line_end();
  }
  text.line_end();
}

}  // namespace

std::string diff_text(const Diff& diff, std::span<const model::Warning> warnings, const analysis::Verdict* verdict,
                      bool colors) {
  TerminalText text(colors);
  append_header(text, diff);
  append_warnings(text, warnings);
  append_findings(text, "New findings", diff.new_findings, "+", style::kRed);
  append_findings(text, "Resolved findings", diff.resolved_findings, "-", style::kGreen);
  append_severity_changes(text, diff);
  append_endpoint_deltas(text, diff);
  if (diff.empty()) text.add("No differences between the two runs.", style::kGreen).line_end();
  if (verdict != nullptr) append_verdict(text, *verdict);
  return text.take();
}

}  // namespace sentinel::report
