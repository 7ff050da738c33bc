// A browser's data from a saved report: its findings, and the spans of the traces embedded in it (chapter 06 §9.5).
//
// A finding of a trace that is not embedded has that trace without spans. The report outlives the source. One thread.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/report_reader.h"
#include "tui/source.h"

namespace sentinel::tui {

class SavedSource final : public Source {
 public:
  explicit SavedSource(const analysis::SavedReport& saved);

  [[nodiscard]] const model::Report& report() const override { return saved_.report; }
  [[nodiscard]] std::span<const std::string_view> traces() const override { return ids_; }
  [[nodiscard]] const analysis::ExplainTree* tree(std::string_view trace_id) override;

 private:
  const analysis::SavedReport& saved_;
  std::vector<std::string_view> ids_;
  std::unordered_map<std::string_view, std::size_t> embedded_;  // trace id -> its place in the report
  std::optional<analysis::ExplainTree> tree_;
};

}  // namespace sentinel::tui
