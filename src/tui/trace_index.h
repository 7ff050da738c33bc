// The traces of a source with their findings, in the order asked for and narrowed by a search (chapter 06 §9.2, §9.3).
//
// Built once a view; views into the source, which outlives it. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/report_order.h"
#include "tui/source.h"

namespace sentinel::tui {

enum class TraceOrder : std::uint8_t { kId, kSeverity, kImpact };
[[nodiscard]] std::string_view name_of(TraceOrder order);
[[nodiscard]] TraceOrder next(TraceOrder order);

class TraceIndex {
 public:
  struct Row {
    std::string_view id;
    std::uint32_t first = 0;  // into findings_
    std::uint32_t count = 0;
    model::Severity worst = model::Severity::kInfo;  // kInfo without findings
    std::uint64_t impact = 0;                        // avoidable operations of all its problems, wherever they occur
  };

  explicit TraceIndex(const Source& source);

  // Sorts: by id; worst severity, then impact, then id; impact, then worst severity, then id.
  void sort(TraceOrder order);

  // Keeps traces whose id, or one of whose findings' texts, contains the search; ASCII letters match in either case.
  void search(std::string_view text);

  [[nodiscard]] std::size_t size() const { return shown_.size(); }
  [[nodiscard]] std::size_t total() const { return rows_.size(); }
  [[nodiscard]] const Row& row(std::size_t i) const { return rows_[shown_[i]]; }

  // Findings of a row as indices into the report, in report order; those that match the search, or all where only the trace id
  // does.
  [[nodiscard]] std::vector<std::uint32_t> findings(const Row& row) const;

  // Where a trace stands among those shown; size() when it does not.
  [[nodiscard]] std::size_t find(std::string_view trace_id) const;

  [[nodiscard]] const analysis::Recurrence::Group& problem(std::uint32_t finding) const {
    return recurrence_.groups[recurrence_.group_of[finding]];
  }
  [[nodiscard]] const analysis::Recurrence& recurrence() const { return recurrence_; }

 private:
  [[nodiscard]] bool matches(const model::Finding& finding) const;
  [[nodiscard]] bool matches(const Row& row) const;
  void refresh();

  const model::Report& report_;
  analysis::Recurrence recurrence_;
  std::vector<std::uint32_t> findings_;  // by trace, in report order
  std::vector<Row> rows_;
  std::vector<std::uint32_t> shown_;
  std::string search_;
};

}  // namespace sentinel::tui
