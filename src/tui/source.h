// Where a browser's data comes from: an analysed trace file, a saved report, or a daemon (chapter 06 §9.5).
//
// Everything is taken once, before the view opens; only span trees are made when asked for. A source owns what its views point
// to and outlives the browser. One thread.
#pragma once

#include <cstdint>
#include <optional>
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

  // A daemon's: whether it has a finding accepted, and by whom ("" where it does not say); spans are then those it still had.
  [[nodiscard]] virtual bool is_live() const { return false; }
  [[nodiscard]] virtual std::optional<std::string_view> accepted_by(const model::Finding& /*finding*/) const {
    return std::nullopt;
  }
  // A daemon's: how often it saw each finding of the report, every one of which then stands for all of its kind.
  [[nodiscard]] virtual std::span<const std::uint64_t> seen_counts() const { return {}; }

  // Every trace, with findings or without, in any order, each once.
  [[nodiscard]] virtual std::span<const std::string_view> traces() const = 0;

  // The spans of a trace; nullptr where there are none. Valid until the next call.
  [[nodiscard]] virtual const analysis::ExplainTree* tree(std::string_view trace_id) = 0;
};

}  // namespace sentinel::tui
