#include "report/ci/diff_markdown.h"

#include <algorithm>
#include <array>
#include <vector>

#include "model/impact.h"
#include "report/ci/markdown.h"
#include "report/ci/markdown_finding.h"
#include "report/ci/markdown_text.h"
#include "report/labels.h"

namespace sentinel::report {
namespace {

using analysis::Diff;
using analysis::SeverityChange;
using model::Finding;

// Room kept for each part, so that a later one always finds some.
constexpr std::size_t kNewEnd = kMarkdownBytes / 3;
constexpr std::size_t kWorseEnd = kMarkdownBytes / 2;
constexpr std::size_t kDiffDetailsEnd = kMarkdownBytes - 2048;
constexpr std::size_t kDiffWarnings = 10;
constexpr std::size_t kWarningText = 300;

class DiffComment {
 public:
  DiffComment(std::string& out, const Diff& diff) : out_(out), start_(out.size()), text_(out), diff_(diff) {
    for (const SeverityChange& change : diff.severity_changes) (change.is_regression() ? worse_ : better_).push_back(&change);
  }

  std::uint64_t write(std::span<const model::Warning> warnings, const analysis::Verdict* verdict) {
    write_head();
    if (verdict != nullptr) write_verdict(*verdict);
    write_warnings(warnings);
    const std::size_t fresh = write_new();
    const std::size_t worse = write_worse();
    write_gone();
    write_details(fresh);
    return (diff_.new_findings.size() - fresh) + (worse_.size() - worse);
  }

 private:
  // Keeps what `write` appends only when it ends before `end`.
  template <class F>
  bool fits(std::size_t end, F write) {
    const std::size_t before = out_.size();
    write();
    if (out_.size() - start_ <= end) return true;
    out_.resize(before);
    return false;
  }

  void write_head() {
    text_.add(kDiffMarkdownMarker).add("\n## perf-sentinel: ");
    if (diff_.empty()) {
      text_.add("nothing changed\n");
      return;
    }
    append_count(text_, diff_.new_findings.size(), "new finding").add(", ").number(worse_.size()).add(" worse, ");
    text_.number(diff_.resolved_findings.size()).add(" resolved\n");
  }

  void write_verdict(const analysis::Verdict& verdict) {
    text_.add("\nVerdict: **").add(analysis::word(verdict.band)).add("**");
    for (const analysis::RuleHits& hit : verdict.hits) {
      text_.add(&hit == &verdict.hits.front() ? ": " : ", ").add(analysis::flag_of(hit.band)).add(" ");
      text_.code(hit.rule, kCellName).add(" (").number(hit.findings).add(")");
    }
    text_.add("\n");
  }

  void write_warnings(std::span<const model::Warning> warnings) {
    if (warnings.empty()) return;
    text_.add("\n");
    for (const model::Warning& warning : warnings.first(std::min(warnings.size(), kDiffWarnings))) {
      text_.add("- Warning: ").prose(warning.message, kWarningText).add("\n");
    }
    if (warnings.size() <= kDiffWarnings) return;
    text_.add("- ");
    append_count(text_, warnings.size() - kDiffWarnings, "more warning").add("\n");
  }

  void say_left_out(std::size_t count, std::string_view noun) {
    if (count == 0) return;
    text_.add("\n");
    append_count(text_, count, noun).add(" left out of this comment.\n");
  }

  // These two give the number of rows that had room.
  std::size_t write_new() {
    const std::vector<Finding>& findings = diff_.new_findings;
    if (findings.empty()) return 0;
    text_.add("\n### New\n\n| | Problem | Service | Endpoint | Template | Calls | Saving |\n");
    text_.add("| --- | --- | --- | --- | --- | ---: | ---: |\n");
    for (const model::Severity severity : {model::Severity::kCritical, model::Severity::kWarning, model::Severity::kInfo}) {
      for (const Finding& finding : findings) {
        if (finding.severity == severity) fresh_.push_back(&finding);
      }
    }
    std::size_t rows = 0;
    while (rows < fresh_.size() && fits(kNewEnd, [&] { write_new_row(*fresh_[rows]); })) ++rows;
    say_left_out(fresh_.size() - rows, "more new finding");
    return rows;
  }

  void write_new_row(const Finding& finding) {
    text_.add("| ");
    append_severity(text_, finding.severity);
    text_.add(" | ").add(model::info(finding.type).label);
    append_place_cells(text_, finding);
    const bool known = finding.impact != nullptr && finding.impact->predicted();
    text_.add(" | ").add(known ? duration_text(finding.impact->saving_us()) : "").add(" |\n");
  }

  std::size_t write_worse() {
    if (worse_.empty()) return 0;
    text_.add("\n### Worse\n\n| Before | Now | Problem | Service | Endpoint | Template | Calls |\n");
    text_.add("| --- | --- | --- | --- | --- | --- | ---: |\n");
    std::size_t rows = 0;
    while (rows < worse_.size() && fits(kWorseEnd, [&] { write_worse_row(*worse_[rows]); })) ++rows;
    say_left_out(worse_.size() - rows, "more worsened finding");
    return rows;
  }

  void write_worse_row(const SeverityChange& change) {
    text_.add("| ");
    append_severity(text_, change.before);
    text_.add(" | ");
    append_severity(text_, change.after);
    text_.add(" | ").add(model::info(change.finding.type).label);
    append_place_cells(text_, change.finding);
    text_.add(" |\n");
  }

  // What is better now, in figures: nobody has to act on it.
  void write_gone() {
    if (diff_.empty()) return;
    text_.add("\n");
    append_count(text_, diff_.resolved_findings.size(), "finding").add(" resolved");
    std::array<std::uint64_t, 3> severities{};
    for (const Finding& finding : diff_.resolved_findings) ++severities[static_cast<std::size_t>(finding.severity)];
    if (!diff_.resolved_findings.empty()) {
      text_.add(" (").number(severities[0]).add(" critical, ").number(severities[1]).add(" warning, ");
      text_.number(severities[2]).add(" info)");
    }
    text_.add(", ").number(better_.size()).add(" less severe than before; ");
    append_count(text_, diff_.endpoint_deltas.size(), "endpoint").add(" with more or fewer I/O operations.\n");
  }

  void write_details(std::size_t rows) {
    std::size_t written = 0;
    while (written < rows && fits(kDiffDetailsEnd, [&] { append_details(text_, written + 1, *fresh_[written], 1); })) ++written;
    if (written == rows) return;
    text_.add("\nDetails of ");
    append_count(text_, rows - written, "new finding").add(" left out of this comment.\n");
  }

  std::string& out_;
  std::size_t start_;
  MarkdownText text_;
  const Diff& diff_;
  std::vector<const Finding*> fresh_;  // the new ones, worst first
  std::vector<const SeverityChange*> worse_, better_;
};

}  // namespace

std::uint64_t append_diff_markdown(std::string& out, const Diff& diff, std::span<const model::Warning> warnings,
                                   const analysis::Verdict* verdict) {
  return DiffComment(out, diff).write(warnings, verdict);
}

}  // namespace sentinel::report
