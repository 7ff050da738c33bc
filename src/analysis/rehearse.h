// What another threshold would find: the same spans analysed once for each value of one key of [detection].
//
// Spans are read and correlated once; each row is what a separate analysis with that value would say. Pure but for the threads
// that analyze() uses.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "analysis/run.h"
#include "base/result.h"
#include "config/config.h"
#include "config/key_table.h"

namespace sentinel::analysis {

// At most this many values a key: each is an analysis.
inline constexpr std::size_t kMaxRehearsedValues = 1000;

struct RehearsalPlan {
  const config::KeyRow* key = nullptr;
  std::vector<std::uint64_t> values;  // as given, each once
};

// "KEY=3..20", "KEY=100..1000/50" (in steps of 50) or "KEY=3,5,8", KEY a whole number of [detection]. The error says which part
// is wrong and what may stand there.
[[nodiscard]] base::Result<RehearsalPlan> parse_rehearsal(std::string_view text);

struct RehearsedValue {
  std::uint64_t value = 0;
  std::size_t findings = 0;
  std::array<std::size_t, 3> by_severity{};
  std::array<std::size_t, model::kFindingTypes> by_type{};
  bool gate_passed = false;
};

struct Rehearsal {
  const config::KeyRow* key = nullptr;
  std::uint64_t configured = 0;
  std::vector<RehearsedValue> values;
};

// `finish` is what the caller does to every report after analyze(), such as applying acknowledgments. Leaves `run` without a
// report.
[[nodiscard]] Rehearsal rehearse(Run& run, const RehearsalPlan& plan, config::Config config, unsigned threads,
                                 const std::function<void(model::Report&)>& finish);

}  // namespace sentinel::analysis
