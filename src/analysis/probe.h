// Asking the detectors about some spans: what they say under given thresholds, and at which value of one threshold their
// verdict turns. The detectors themselves answer, so a figure from here is theirs by construction. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "model/finding.h"
#include "model/report.h"
#include "model/span_record.h"
#include "model/symbols.h"

namespace sentinel::analysis {

struct Probe {
  const model::Symbols& symbols;
  model::TextId trace;
  std::vector<const model::SpanRecord*> spans;
  std::function<bool(const model::Finding&)> meant;  // the findings that the question is about

  // The largest finding meant; its texts may live in `texts`.
  [[nodiscard]] std::optional<model::Finding> ask(const model::DetectionSettings& settings, base::Arena& texts) const;
  [[nodiscard]] bool fires(const model::DetectionSettings& settings) const;
};

// A whole number of [detection], and which way it has to go for more findings.
enum class Way : std::uint8_t { kDown, kUp };
struct ProbedKey {
  std::string_view name;
  Way way = Way::kDown;
};

// The value nearest to that of `settings`, within the bounds of the key, at which a silent probe fires; nullopt when this key
// alone cannot do it. A logarithmic number of runs.
[[nodiscard]] std::optional<std::uint64_t> turning_value(const Probe& probe, const model::DetectionSettings& settings,
                                                         const ProbedKey& key);

}  // namespace sentinel::analysis
