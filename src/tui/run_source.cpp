#include "tui/run_source.h"

#include <algorithm>
#include <iterator>

namespace sentinel::tui {

RunSource::RunSource(const analysis::Run& run) : run_(run) {
  ids_.reserve(run.traces.size());
  for (std::size_t i = 0; i < run.traces.size(); ++i) {
    ids_.push_back(run.symbols.text(run.traces.traces[i].trace));
    index_of_.emplace(ids_.back(), i);
  }
}

const analysis::ExplainTree* RunSource::tree(std::string_view trace_id) {
  if (tree_ && tree_of_ == trace_id) return &*tree_;
  const auto at = index_of_.find(trace_id);
  if (at == index_of_.end()) return nullptr;
  tree_.reset();
  texts_.rewind();
  findings_.clear();
  std::ranges::copy_if(run_.report.findings, std::back_inserter(findings_),
                       [&](const model::Finding& finding) { return finding.trace_id == trace_id; });
  tree_of_ = at->first;
  tree_ = analysis::build_explain_tree(at->first, analysis::explain_spans(run_.traces.view(at->second), run_.symbols, texts_),
                                       findings_);
  return &*tree_;
}

}  // namespace sentinel::tui
