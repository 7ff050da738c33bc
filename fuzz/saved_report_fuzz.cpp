// Reading a saved report on any bytes: what passes the check can be read, explained, compared and printed.
#include <cstdint>
#include <cstdlib>

#include "analysis/diff.h"
#include "analysis/report_order.h"
#include "analysis/report_reader.h"
#include "report/diff_report.h"
#include "report/explain_report.h"

namespace {

using namespace sentinel;

void check(bool holds) {
  if (!holds) std::abort();
}

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view document(reinterpret_cast<const char*>(data), size);
  const bool looks = analysis::looks_like_report(document);
  base::Result<analysis::SavedReport> report = analysis::read_saved_report(document);
  if (!report) {
    check(!report.error().what.empty() && !report.error().what.starts_with("bug:"));
    return 0;
  }
  check(looks);
  compare_with_itself_and_nothing(report->report);
  for (analysis::EmbeddedTrace& trace : report->embedded_traces) {
    const std::size_t spans = trace.spans.size();
    const analysis::ExplainTree tree =
        analysis::build_explain_tree(trace.trace_id, std::move(trace.spans), report->report.findings);
    check(tree.nodes.size() <= spans);
    check(!report::explain_text(tree, true).empty() && !report::explain_json(tree).empty());
  }
  return 0;
}
