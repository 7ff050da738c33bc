#include "report/ci/markdown.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "analysis/report_order.h"
#include "base/number_format.h"
#include "report/ci/markdown_finding.h"
#include "report/ci/markdown_text.h"
#include "report/labels.h"

namespace sentinel::report {
namespace {

using model::Finding;

// Room kept for each part, so that a later one always finds some: the table may fill half, details most of the rest.
constexpr std::size_t kTableEnd = kMarkdownBytes / 2;
constexpr std::size_t kDetailsEnd = kMarkdownBytes - 4096;
constexpr std::size_t kAcknowledgedEnd = kMarkdownBytes - 1024;
constexpr std::size_t kWarnings = 10;

// All instances of one problem.
struct Problem {
  const Finding* worst = nullptr;  // the first of the worst severity
  std::uint64_t findings = 0;
  std::uint64_t traces = 0;
  std::uint64_t extra_io_ops = 0;
};

// Severity, then what a fix would save in all, then report order.
std::vector<Problem> problems_of(std::span<const Finding> findings) {
  const analysis::Recurrence recurrence = analysis::find_recurrence(findings);
  std::vector<Problem> out(recurrence.groups.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    Problem& problem = out[recurrence.group_of[i]];
    if (problem.worst == nullptr || findings[i].severity < problem.worst->severity) problem.worst = &findings[i];
    ++problem.findings;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].traces = recurrence.groups[i].traces;
    out[i].extra_io_ops = recurrence.groups[i].extra_io_ops;
  }
  std::ranges::stable_sort(out, [](const Problem& a, const Problem& b) {
    if (a.worst->severity != b.worst->severity) return a.worst->severity < b.worst->severity;
    return a.extra_io_ops > b.extra_io_ops;
  });
  return out;
}

// Four decimals at most, unless that would show a value beyond the limit as the limit.
std::string actual_text(const model::GateRule& rule) {
  const double rounded = std::round(rule.actual * 1e4) / 1e4;
  return base::text_plain(rounded == rule.threshold ? rule.actual : rounded);
}

class MarkdownReport {
 public:
  MarkdownReport(std::string& out, const model::Report& report)
      : out_(out), start_(out.size()), text_(out), report_(report), problems_(problems_of(report.findings)) {}

  std::uint64_t write(bool show_acknowledged) {
    write_head();
    write_gate();
    write_warnings();
    const std::size_t rows = write_table();
    write_details(rows);
    write_acknowledged(show_acknowledged);
    return std::accumulate(problems_.begin() + static_cast<std::ptrdiff_t>(rows), problems_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Problem& problem) { return sum + problem.findings; });
  }

 private:
  [[nodiscard]] std::size_t used() const { return out_.size() - start_; }

  // Keeps what `write` appends only when it ends before `end`.
  template <class F>
  bool fits(std::size_t end, F write) {
    const std::size_t before = out_.size();
    write();
    if (used() <= end) return true;
    out_.resize(before);
    return false;
  }

  MarkdownText& counted(std::uint64_t count, std::string_view noun) { return append_count(text_, count, noun); }

  void write_head() {
    text_.add(kMarkdownMarker).add("\n## perf-sentinel: quality gate ");
    text_.add(report_.quality_gate.passed ? "passed" : "failed").add("\n\n");
    std::array<std::uint64_t, 3> severities{};
    for (const Finding& finding : report_.findings) ++severities[static_cast<std::size_t>(finding.severity)];
    if (report_.findings.empty()) {
      text_.add("No performance anti-patterns found");
    } else {
      text_.add("**");
      counted(report_.findings.size(), "finding").add("** of ");
      counted(problems_.size(), "problem").add(": ");
      text_.number(severities[0]).add(" critical, ").number(severities[1]).add(" warning, ").number(severities[2]).add(" info");
    }
    const model::GreenSummary& green = report_.green_summary;
    text_.add(", in ");
    counted(report_.analysis.traces_analyzed, "trace").add(" with ");
    counted(green.total_io_ops, "I/O operation");
    if (green.total_io_ops > 0 && green.avoidable_io_ops > 0) {
      text_.add(", of which ").number(green.avoidable_io_ops).add(" avoidable (");
      text_.add(base::text_fixed(green.io_waste_ratio * 100, 1)).add(" %)");
    }
    text_.add(".\n");
  }

  void write_gate() {
    text_.add("\n| Quality gate | Limit | Actual | |\n| --- | ---: | ---: | --- |\n");
    for (const model::GateRule& rule : report_.quality_gate.rules) {
      text_.add("| ").prose(gate_rule_label(rule.rule), kCellName).add(" | ").add(base::text_plain(rule.threshold));
      text_.add(" | ").add(actual_text(rule)).add(rule.passed ? " | pass |\n" : " | **fail** |\n");
    }
  }

  void write_warnings() {
    const auto& warnings = report_.warning_details;
    if (warnings.empty()) return;
    text_.add("\n");
    for (std::size_t i = 0; i < std::min(warnings.size(), kWarnings); ++i) {
      text_.add("- Warning: ").prose(warnings[i].message, kFullText).add("\n");
    }
    if (warnings.size() > kWarnings) {
      text_.add("- ");
      counted(warnings.size() - kWarnings, "more warning").add("\n");
    }
  }

  // The number of rows that had room.
  std::size_t write_table() {
    if (problems_.empty()) return 0;
    text_.add("\n| | Problem | Service | Endpoint | Template | Calls | Avoidable | Traces |\n");
    text_.add("| --- | --- | --- | --- | --- | ---: | ---: | ---: |\n");
    std::size_t rows = 0;
    while (rows < problems_.size() && fits(kTableEnd, [&] { write_row(problems_[rows]); })) ++rows;
    if (rows < problems_.size()) {
      text_.add("\n");
      counted(problems_.size() - rows, "more problem").add(", less severe or with less to save, left out of this comment.\n");
    }
    return rows;
  }

  void write_row(const Problem& problem) {
    const Finding& finding = *problem.worst;
    text_.add("| ");
    append_severity(text_, finding.severity);
    text_.add(" | ").add(model::info(finding.type).label);
    append_place_cells(text_, finding);
    text_.add(" | ").number(problem.extra_io_ops).add(" | ").number(problem.traces).add(" |\n");
  }

  void write_details(std::size_t rows) {
    std::size_t written = 0;
    while (written < rows &&
           fits(kDetailsEnd, [&] { append_details(text_, written + 1, *problems_[written].worst, problems_[written].traces); }))
      ++written;
    if (written == rows) return;
    text_.add("\nDetails of ");
    counted(rows - written, "problem").add(" left out of this comment.\n");
  }

  void write_acknowledged(bool shown) {
    const auto& acknowledged = report_.acknowledged_findings;
    if (acknowledged.empty()) return;
    text_.add("\n");
    counted(acknowledged.size(), "acknowledged finding").add(" not counted.\n");
    if (!shown) return;
    text_.add("\n<details>\n<summary>Acknowledged</summary>\n\n");
    std::size_t written = 0;
    while (written < acknowledged.size() && fits(kAcknowledgedEnd, [&] {
             const model::Acknowledgment& ack = acknowledged[written].acknowledgment;
             text_.add("- ").code(ack.signature, kFullText).add(" by ").prose(ack.acknowledged_by, kCellName).add(", ");
             text_.prose(ack.acknowledged_at, kCellName).add(": ").prose(ack.reason, kFullText).add("\n");
           })) {
      ++written;
    }
    if (written < acknowledged.size()) {
      text_.add("- ");
      counted(acknowledged.size() - written, "more finding").add("\n");
    }
    text_.add("\n</details>\n");
  }

  std::string& out_;
  std::size_t start_;
  MarkdownText text_;
  const model::Report& report_;
  std::vector<Problem> problems_;
};

}  // namespace

std::uint64_t append_markdown(std::string& out, const model::Report& report, bool show_acknowledged) {
  out.reserve(out.size() + kMarkdownBytes);
  return MarkdownReport(out, report).write(show_acknowledged);
}

}  // namespace sentinel::report
