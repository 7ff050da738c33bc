// SARIF 2.1.0 for code scanning (chapter 07 §5).
//
// The default is valid against the OASIS schema and holds what hosts ask for: a location for each result, suppressions for
// acknowledged ones, partial fingerprints, notifications. `compat` gives the shape of perf-sentinel 0.11 instead, whole and
// without a limit. Results stand in the order given; past the limit, worst severity first. Pure function, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/report.h"
#include "report/ci/code_path.h"

namespace sentinel::report {

inline constexpr std::uint64_t kSarifResults = 5'000;      // shown of one run by GitHub
inline constexpr std::uint64_t kMaxSarifResults = 25'000;  // of a run; a file with more is refused there

struct SarifContent {
  std::span<const model::Finding> findings;
  std::span<const model::AcknowledgedFinding> acknowledged;
  std::span<const model::Warning> warnings;
  std::string_view version;  // of the program
};

struct SarifOptions {
  bool compat = false;
  std::uint64_t max_results = kSarifResults;
  std::string_view fallback_file = kDefaultFallbackFile;
  std::string_view baseline_state = {};  // new, unchanged, updated or absent, for every result; empty = no baseline
};

// Appends one log with one run. The number of results that were left out, 0 for all written.
std::uint64_t append_sarif(std::string& out, const SarifContent& content, const SarifOptions& options);

}  // namespace sentinel::report
