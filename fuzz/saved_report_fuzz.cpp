// Reading a saved report on any bytes: what passes the check can be read, explained and printed.
#include <cstdint>
#include <cstdlib>

#include "analysis/report_reader.h"
#include "report/explain_report.h"

namespace {

using namespace sentinel;

void check(bool holds) {
  if (!holds) std::abort();
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
  for (analysis::EmbeddedTrace& trace : report->embedded_traces) {
    const std::size_t spans = trace.spans.size();
    const analysis::ExplainTree tree =
        analysis::build_explain_tree(trace.trace_id, std::move(trace.spans), report->report.findings);
    check(tree.nodes.size() <= spans);
    check(!report::explain_text(tree, true).empty() && !report::explain_json(tree).empty());
  }
  return 0;
}
