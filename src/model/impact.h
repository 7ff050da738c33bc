// What a finding costs one request and what its fix would save (docs/impact.md). Plain data; texts live in the run's arenas.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/finding.h"

namespace sentinel::model {

// How a finding would be fixed, as far as the replay can play it through.
enum class Fix : std::uint8_t {
  kNone,      // no prediction: the spans do not show what would be saved
  kBatch,     // one call a statement or destination instead of many
  kCache,     // the first call stays, its repetitions vanish
  kParallel,  // the calls of a chain no longer wait for each other
  kSpeedUp,   // each call takes no longer than the threshold of slow ones
};
[[nodiscard]] std::string_view slug(Fix fix);
[[nodiscard]] std::optional<Fix> fix_named(std::string_view slug);  // not of kNone

struct FindingImpact {
  std::uint64_t trace_us = 0;          // end to end, as it was
  std::uint64_t critical_path_us = 0;  // of it, time on the critical path that passes inside the finding's spans
  std::uint64_t avoidable_ops = 0;
  std::optional<double> energy_kwh;  // of the finding's operations; absent with green scoring off

  Fix fix = Fix::kNone;
  bool too_large = false;  // the replay was not run: the trace and its findings are beyond the cap
  // With a fix, unless too_large.
  std::uint64_t fixed_trace_us = 0;  // end to end with the finding fixed; longer than trace_us where the fix would cost time
  std::uint64_t saved_ops = 0;
  std::optional<double> saved_energy_kwh;

  std::uint64_t spans = 0;                     // of the finding, in its trace
  std::uint64_t critical_spans = 0;            // of them, those on the critical path
  std::span<const std::string_view> span_ids;  // of the first ones

  [[nodiscard]] bool predicted() const { return fix != Fix::kNone && !too_large; }
  [[nodiscard]] std::uint64_t saving_us() const {
    return predicted() && fixed_trace_us < trace_us ? trace_us - fixed_trace_us : 0;
  }
};

// What fixing a finding would save of its trace, 0 when nothing is known.
[[nodiscard]] inline std::uint64_t saving_us(const Finding& finding) {
  return finding.impact != nullptr ? finding.impact->saving_us() : 0;
}

}  // namespace sentinel::model
