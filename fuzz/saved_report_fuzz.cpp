// Reading a saved report on any bytes: what passes the check can be read, explained, compared and printed.
#include <cstdint>

#include "analysis/diff.h"
#include "analysis/report_order.h"
#include "analysis/report_reader.h"
#include "check.h"
#include "report/diff_report.h"
#include "report/explain_report.h"

namespace {

using namespace sentinel;
using fuzz::check;

// A report does not differ from itself; against nothing, all of it is new or gone.
void compare_with_itself_and_nothing(model::Report& report) {
  analysis::sort_canonical(report.findings);
  const analysis::Diff same = analysis::compare(report, report);
  check(same.new_findings.empty() && same.resolved_findings.empty() && same.severity_changes.empty());
  check(same.endpoint_deltas.empty());
  const model::Report nothing;
  const analysis::Diff fresh = analysis::compare(nothing, report);
  const analysis::Diff gone = analysis::compare(report, nothing);
  // Against a baseline without grouping, groups do not count.
  check(fresh.new_findings.size() <= gone.resolved_findings.size() && fresh.resolved_findings.empty());
  check(fresh.new_findings.empty() == report.findings.empty() && fresh.new_findings.size() <= report.findings.size());
  check(fresh.endpoint_deltas.size() == gone.endpoint_deltas.size());
  check(!report::diff_text(fresh, report.warning_details, nullptr, true).empty());
  check(!report::diff_json(gone, report.warning_details).empty());
}

// Every problem that all its findings call otherwise than before has changed, and is neither new nor gone.
void compare_with_other_severities(const model::Report& report) {
  model::Report worse;
  for (model::Finding finding : report.findings) {
    if (finding.severity == model::Severity::kCritical) return;
    finding.severity = model::Severity::kCritical;
    worse.findings.push_back(finding);
  }
  const analysis::Diff up = analysis::compare(report, worse);
  const analysis::Diff down = analysis::compare(worse, report);
  check(up.new_findings.empty() && up.resolved_findings.empty());
  check(up.severity_changes.empty() == report.findings.empty() && up.severity_changes.size() <= report.findings.size());
  check(up.regressions() == up.severity_changes.size());
  check(down.severity_changes.size() == up.severity_changes.size() && down.regressions() == 0);
}

// What the beginning shows, the whole shows, too.
void look_at_the_beginning(std::string_view document) {
  const bool whole = analysis::begins_like_report(document);
  for (const std::size_t size : {document.size() / 2, document.size() - document.size() / 8}) {
    check(whole || !analysis::begins_like_report(document.substr(0, size)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view document(reinterpret_cast<const char*>(data), size);
  look_at_the_beginning(document);
  const bool looks = analysis::looks_like_report(document);
  base::Result<analysis::SavedReport> report = analysis::read_saved_report(document);
  if (!report) {
    check(!report.error().what.empty() && !report.error().what.starts_with("bug:"));
    return 0;
  }
  check(looks);
  compare_with_itself_and_nothing(report->report);
  compare_with_other_severities(report->report);
  for (analysis::EmbeddedTrace& trace : report->embedded_traces) {
    const std::size_t spans = trace.spans.size();
    const analysis::ExplainTree tree =
        analysis::build_explain_tree(trace.trace_id, std::move(trace.spans), report->report.findings);
    check(tree.nodes.size() <= spans);
    check(!report::explain_text(tree, true).empty() && !report::explain_json(tree).empty());
  }
  return 0;
}
