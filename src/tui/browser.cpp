#include "tui/browser.h"

#include "tui/detail_lines.h"
#include "tui/summary_lines.h"

namespace sentinel::tui {

Browser::Browser(Source& source, const BrowserStart& start)
    : source_(source),
      acknowledger_(start.acknowledger),
      author_(start.author),
      index_(source),
      place_(start.place),
      order_(start.order) {
  index_.sort(order_);
  if (!start.trace.empty()) traces_.select(index_.find(start.trace));
  if (place_ == Place::kExplain) panel_ = Panel::kDetail;
  summary_.show(summary_lines(source_, index_));
  trace_changed();
  if (place_ == Place::kExplain) fill_explain(false);
}

const TraceIndex::Row* Browser::selected_trace() const {
  return traces_.row() < index_.size() ? &index_.row(traces_.row()) : nullptr;
}

const model::Finding* Browser::selected_finding() const {
  if (findings_.row() >= shown_findings_.size()) return nullptr;
  return &source_.report().findings[shown_findings_[findings_.row()]];
}

void Browser::trace_changed() {
  findings_.reset();
  const TraceIndex::Row* trace = selected_trace();
  shown_findings_ = trace != nullptr ? index_.findings(*trace) : std::vector<std::uint32_t>{};
  finding_changed();
}

void Browser::finding_changed() { fill_detail(false); }

void Browser::fill_detail(bool keep_position) {
  const model::Finding* finding = selected_finding();
  if (finding != nullptr) {
    const std::uint32_t number = shown_findings_[findings_.row()];
    detail_.show(detail_lines(*finding, index_.problem(number), source_.tree(finding->trace_id), source_.is_live(), repeats_),
                 keep_position);
    return;
  }
  Lines lines;
  lines.emplace_back(selected_trace() != nullptr ? "This trace has no findings." : "No trace is selected.");
  lines.emplace_back("Keys: ↑↓ select · ←→ panels · Enter deeper · Esc up · ? all keys · q quit", kDim);
  detail_.show(std::move(lines), keep_position);
}

void Browser::fill_explain(bool keep_position) {
  const TraceIndex::Row* trace = selected_trace();
  const analysis::ExplainTree* tree = trace != nullptr ? source_.tree(trace->id) : nullptr;
  explain_.show(tree != nullptr ? tree_lines(*tree, repeats_) : no_spans_lines(source_.is_live()), keep_position);
}

// A search keeps the selected trace if it is still shown.
void Browser::search(std::string text) {
  const TraceIndex::Row* trace = selected_trace();
  const std::string_view id = trace != nullptr ? trace->id : std::string_view();
  search_ = std::move(text);
  index_.search(search_);
  const std::size_t at = index_.find(id);
  traces_.select(at < index_.size() ? at : 0);
  trace_changed();
}

}  // namespace sentinel::tui
