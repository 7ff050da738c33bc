// Why a template made no finding in a trace: each detector's rule with what it saw and what it wanted.
//
// Nothing is judged anew here. The figures come from findings of the detectors themselves, run on the spans in question with
// their own thresholds opened wide; the value at which the verdict turns is searched by running them again. So the answer
// cannot drift from the detectors. Rules of the configuration count as in analyze(). Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "model/span_record.h"
#include "model/symbols.h"

namespace sentinel::analysis {

enum class Comparison : std::uint8_t { kAtLeast, kAbove, kAtMost };
[[nodiscard]] std::string_view sign(Comparison comparison);  // ">=", ">", "<="

// One condition of a detector. A detector fires when all hold; `instead` stands in for the condition before it.
struct Condition {
  std::string_view what = {};  // in words, with its unit
  std::uint64_t actual = 0;
  Comparison comparison = Comparison::kAtLeast;
  std::uint64_t required = 0;
  std::string_view key = {};  // of [detection]; empty: fixed
  bool instead = false;
  bool yes_or_no = false;  // `actual` is 0 or 1

  [[nodiscard]] bool holds() const;
};

// Changing this one key to this value would make the detector fire; any value beyond, too.
struct TurningPoint {
  std::string_view key;
  std::uint64_t value = 0;
};

enum class Answer : std::uint8_t { kFired, kSilent, kNotApplicable };
[[nodiscard]] std::string_view slug(Answer verdict);  // fired, silent, not_applicable

// The span whose children a detector looks at.
struct Ancestor {
  std::string span_id;
  std::string_view service;        // null data(): the span is not in the trace
  std::string_view template_text;  // null data(): the span is not in the trace
};

struct DetectorAnswer {
  std::string_view detector = {};
  Answer verdict = Answer::kSilent;
  std::string_view note = {};  // why it does not apply, or what to know
  std::vector<Condition> conditions = {};
  std::vector<TurningPoint> turning_points = {};  // of a silent one
  std::optional<Ancestor> ancestor = {};
};

struct WhyNot {
  std::string_view trace_id;
  std::string_view template_text;
  model::EventType type = model::EventType::kSql;
  std::uint64_t spans = 0;         // of the group looked at: the largest of this template
  std::uint64_t other_groups = 0;  // groups of the same template with another grouping or type
  std::string_view service;        // of its first span
  std::string_view endpoint;
  std::vector<DetectorAnswer> detectors;
};

// nullopt when no span of the trace has the template. Texts are views into `symbols`.
[[nodiscard]] std::optional<WhyNot> why_not(const model::TraceView& trace, const model::Symbols& symbols,
                                            const config::Config& config, std::string_view template_text);

}  // namespace sentinel::analysis
