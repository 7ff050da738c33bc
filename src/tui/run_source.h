// A browser's data from an analysed trace file (chapter 06 §9.5).
//
// Trees are made when asked for, one at a time; the latest stays. One thread.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/run.h"
#include "tui/source.h"

namespace sentinel::tui {

// The run is analysed, its report final; it outlives the source.
class RunSource final : public Source {
 public:
  explicit RunSource(const analysis::Run& run);

  [[nodiscard]] const model::Report& report() const override { return run_.report; }
  [[nodiscard]] std::span<const std::string_view> traces() const override { return ids_; }
  [[nodiscard]] const analysis::ExplainTree* tree(std::string_view trace_id) override;

 private:
  const analysis::Run& run_;
  std::vector<std::string_view> ids_;
  std::unordered_map<std::string_view, std::size_t> index_of_;
  // The latest tree and what it points to.
  std::string_view tree_of_;
  base::Arena texts_;
  std::vector<model::Finding> findings_;
  std::optional<analysis::ExplainTree> tree_;
};

}  // namespace sentinel::tui
