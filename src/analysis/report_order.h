// The order of findings in reports, and which of them are instances of one problem (chapter 03 §6.1, chapter 07 §1).
//
// All sorts are stable and byte-wise, so that equal input gives equal output. Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/finding.h"

namespace sentinel::analysis {

// Type, severity (worst first), trace id, source endpoint, template. Ties keep detection order, which does not depend on
// threads.
void sort_canonical(std::vector<model::Finding>& findings);

// What --sort asks for, over the canonical order: severity then impact, impact then severity, or what the fix would save
// (findings without a prediction last), then severity and impact.
enum class SortBy : std::uint8_t { kSeverity, kImpact, kSaving };
void sort_findings(std::vector<model::Finding>& findings, SortBy order);

// Findings that share a signature and a grouping identity are instances of one problem.
struct Recurrence {
  struct Group {
    std::size_t first = 0;           // index of its first finding
    std::uint64_t traces = 0;        // distinct trace ids
    std::uint64_t extra_io_ops = 0;  // sum of estimated_extra_io_ops, its aggregate impact
  };
  std::vector<std::uint32_t> group_of;  // by finding
  std::vector<Group> groups;            // in order of first appearance
};
[[nodiscard]] Recurrence find_recurrence(std::span<const model::Finding> findings);

}  // namespace sentinel::analysis
