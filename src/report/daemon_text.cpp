#include "report/daemon_text.h"

#include <algorithm>
#include <array>

#include "base/number_format.h"
#include "base/text.h"
#include "report/terminal.h"
#include "report/text_blocks.h"

namespace sentinel::report {
namespace {

constexpr double kStrong = 0.8;  // of a correlation's confidence
constexpr double kNotable = 0.5;
constexpr std::uint64_t kListedAtMost = 1000;  // acceptances in one answer of a daemon

void append_title(TerminalText& text, std::string_view title) { text.line_end().add(title, style::kBoldCyan).line_end(); }

std::string_view confidence_style(double confidence) {
  if (confidence >= kStrong) return style::kRed;
  return confidence >= kNotable ? style::kYellow : style::kDim;
}

void append_correlation(TerminalText& text, const model::Correlation& c, std::size_t number) {
  text.add("  #").number(number).add(" ").add(model::slug(c.source.type)).add(" in ").untrusted(c.source.service).line_end();
  text.add("    -> ").add(model::slug(c.target.type)).add(" in ").untrusted(c.target.service).line_end();
  const std::string_view color = confidence_style(c.confidence);
  text.add("    Observed: ")
      .number(c.co_occurrence_count)
      .add(" times, median lag: ")
      .add(base::text_fixed(c.median_lag_ms, 1));
  text.add("ms, confidence: ").begin(color).add(base::text_fixed(c.confidence * 100.0, 0)).add("%").end(color).line_end();
  text.add("    Period: ").untrusted(c.first_seen).add(" .. ").untrusted(c.last_seen).line_end();
  text.line_end();
}

// "2026-03-02T08:20:11.482915Z" to the minute; what is no such time stays.
std::string to_the_minute(std::string_view time) {
  constexpr std::size_t kMinutes = 16;  // bytes up to them
  const std::string safe = base::for_terminal(time);
  if (safe.size() > kMinutes && safe[10] == 'T' && safe.back() == 'Z') return safe.substr(0, kMinutes) + "Z";
  return safe;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string daemon_findings_text(std::span<const model::Finding> findings, std::span<const std::uint64_t> seen_counts,
                                 std::string_view source, bool colors) {
  TerminalText text(colors);
  append_title(text, "=== perf-sentinel daemon findings (" + std::to_string(findings.size()) + " results) ===");
  text.add("Source: ", style::kDim).untrusted(source).line_end();
  std::uint64_t recurring = 0;
  std::uint64_t detections = 0;
  for (const std::uint64_t seen : seen_counts) {
    if (seen <= 1) continue;
    ++recurring;
    detections += seen;
  }
  if (recurring > 0) {
    text.number(recurring).add(recurring == 1 ? " of them recurs: " : " of them recur: ").number(detections);
    text.add(" detections across traces are shown as one each").line_end();
  }
  text.line_end();
  append_coalesced_findings(text, findings, seen_counts);
  return text.take();
}

std::string correlations_text(std::span<const model::Correlation> correlations, bool colors) {
  TerminalText text(colors);
  append_title(text, "=== Findings that occur together (" + std::to_string(correlations.size()) + " active) ===");
  text.line_end();
  for (std::size_t i = 0; i < correlations.size(); ++i) append_correlation(text, correlations[i], i + 1);
  return text.take();
}

std::string daemon_status_text(const DaemonStatus& status, bool colors) {
  TerminalText text(colors);
  append_title(text, "=== perf-sentinel daemon status ===");
  text.line_end();
  if (status.version) text.add("  Version:          ").untrusted(*status.version).line_end();
  if (const auto& up = status.uptime_seconds) {
    text.add("  Uptime:           ")
        .number(*up / 3600)
        .add("h ")
        .number(*up / 60 % 60)
        .add("m ")
        .number(*up % 60)
        .add("s")
        .line_end();
  }
  if (status.active_traces) text.add("  Active traces:    ").number(*status.active_traces).line_end();
  if (status.stored_findings) text.add("  Stored findings:  ").number(*status.stored_findings).line_end();
  text.line_end();
  return text.take();
}

std::string acknowledgments_text(std::span<const DaemonAck> acks) {
  constexpr std::size_t kColumns = 5;
  std::vector<std::array<std::string, kColumns>> rows = {{"SIGNATURE", "BY", "AT", "EXPIRES_AT", "REASON"}};
  for (const DaemonAck& ack : acks) {
    rows.push_back({base::for_terminal(ack.signature), base::for_terminal(ack.by), to_the_minute(ack.at),
                    ack.expires_at.empty() ? "never" : to_the_minute(ack.expires_at), base::for_terminal(ack.reason)});
  }
  std::array<std::size_t, kColumns> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], code_points(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) {
      if (i > 0) out += "  ";
      out += row[i];
      if (i + 1 < kColumns) out.append(widths[i] - code_points(row[i]), ' ');
    }
    out += '\n';
  }
  out += "\n" + std::to_string(acks.size()) + " shown, at most " + std::to_string(kListedAtMost) + "\n";
  return out;
}

}  // namespace sentinel::report
