#include "tui/saved_source.h"

#include <unordered_set>

namespace sentinel::tui {

SavedSource::SavedSource(const analysis::SavedReport& saved) : saved_(saved) {
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < saved.embedded_traces.size(); ++i) {
    const std::string_view id = saved.embedded_traces[i].trace_id;
    if (!seen.insert(id).second) continue;
    ids_.push_back(id);
    embedded_.emplace(id, i);
  }
  for (const model::Finding& finding : saved.report.findings) {
    if (seen.insert(finding.trace_id).second) ids_.push_back(finding.trace_id);
  }
}

const analysis::ExplainTree* SavedSource::tree(std::string_view trace_id) {
  if (tree_ && tree_->trace_id == trace_id) return &*tree_;
  const auto at = embedded_.find(trace_id);
  if (at == embedded_.end()) return nullptr;
  const analysis::EmbeddedTrace& trace = saved_.embedded_traces[at->second];
  tree_ = analysis::build_explain_tree(trace.trace_id, trace.spans, saved_.report.findings);
  return &*tree_;
}

}  // namespace sentinel::tui
