// The comparison of two runs: what is new, what is gone, what changed its severity, and which endpoints do more or less I/O
// (chapter 03 §12, chapter 07 §8).
//
// Findings of one problem in several traces count as one: the worst of them, its occurrences summed. Findings and texts are
// views into the two reports, which must outlive the result. Pure function; linear but for sorting what differs.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/report.h"

namespace sentinel::analysis {

struct SeverityChange {
  model::Finding finding;  // of the later run
  model::Severity before = model::Severity::kInfo;
  model::Severity after = model::Severity::kInfo;

  [[nodiscard]] bool is_regression() const { return after < before; }  // worse comes first
};

struct EndpointDelta {
  std::string_view service;
  std::string_view endpoint;
  std::uint64_t before_io_ops = 0;
  std::uint64_t after_io_ops = 0;
  std::int64_t delta = 0;  // after - before, clamped
};

struct Diff {
  std::vector<model::Finding> new_findings;       // canonical order
  std::vector<model::Finding> resolved_findings;  // canonical order
  std::vector<SeverityChange> severity_changes;   // regressions first
  std::vector<EndpointDelta> endpoint_deltas;     // largest first; only counts that differ

  [[nodiscard]] bool empty() const {
    return new_findings.empty() && resolved_findings.empty() && severity_changes.empty() && endpoint_deltas.empty();
  }
  [[nodiscard]] std::size_t regressions() const;
};

// Findings of both reports must stand in canonical order (report_order.h): of several equally bad ones the first is kept.
[[nodiscard]] Diff compare(const model::Report& before, const model::Report& after);

}  // namespace sentinel::analysis
