// The dashboard: one self-contained HTML file with the report in it (chapter 07 §7). docs/dashboard.md describes it.
//
// The page is built from web/ and compiled in; here its blanks are filled: title, content policy and the data, a JSON text in
// which every "<" is escaped, so that no text of a report can end the block it stands in. What is too much for the size budget
// is left out by the rules of §7.2, and the data says so. Pure function, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "analysis/report_reader.h"
#include "analysis/run.h"
#include "model/report.h"

namespace sentinel::report {

// Bytes of data that a page may hold. Findings get seven tenths of it; what is left is for traces.
inline constexpr std::size_t kDashboardBudget = 4'921'797;
inline constexpr std::size_t kFindingsBudget = kDashboardBudget / 100 * 70 + kDashboardBudget % 100 * 70 / 100;
inline constexpr std::size_t kShownOffenders = 25;

struct DashboardInput {
  const model::Report& report;
  std::string_view label;                                      // what was read: a file name, "-", "demo dataset"
  const analysis::Run* run = nullptr;                          // whose traces may be embedded; null for a saved report
  std::span<const analysis::EmbeddedTrace> saved_traces = {};  // of a saved report
  std::optional<std::uint64_t> max_traces = std::nullopt;      // explicit number of traces instead of the budget
  bool show_acknowledged = false;
  // Already encoded parts, empty = absent.
  std::string_view pg_stat = {};
  std::string_view mysql_stat = {};
  std::string_view diff = {};
  std::string_view daemon_url = {};  // that the page may talk to: scheme, host and port, characters of host names; empty: none
};

struct Kept {
  std::size_t kept = 0;
  std::size_t total = 0;
  [[nodiscard]] bool trimmed() const { return kept < total; }
};

struct Dashboard {
  std::string page;
  Kept findings;
  Kept traces;
};

[[nodiscard]] Dashboard dashboard(const DashboardInput& input);

}  // namespace sentinel::report
