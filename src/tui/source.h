// Where a browser's data comes from: an analysed trace file, a saved report, or a daemon (chapter 06 §9.5).
//
// Everything is taken once, before the view opens; only span trees are made when asked for. A source owns what its views point
// to and outlives the browser. One thread.
#pragma once

#include <span>
#include <string_view>

#include "analysis/explain.h"
#include "model/report.h"

namespace sentinel::tui {

class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  // Findings, correlations, and the summary where there is one.
  [[nodiscard]] virtual const model::Report& report() const = 0;
  [[nodiscard]] virtual bool has_summary() const { return true; }

  // Every trace, with findings or without, in any order, each once.
  [[nodiscard]] virtual std::span<const std::string_view> traces() const = 0;

  // The spans of a trace; nullptr where there are none. Valid until the next call.
  [[nodiscard]] virtual const analysis::ExplainTree* tree(std::string_view trace_id) = 0;
};

}  // namespace sentinel::tui
