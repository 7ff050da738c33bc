// The spans behind findings whose detectors group by more than a template: redundant calls, fan-out, saturated pools,
// serialised calls (chapter 03 §4.9).
//
// The groups are formed as the detectors form them, and the one that gives the finding's place, count and bounds is its
// evidence. Two groups that do are ambiguous and count as none. One thread; trace and Symbols must outlive the object.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "detect/intervals.h"
#include "detect/trace_index.h"
#include "model/finding.h"
#include "model/report.h"
#include "model/symbols.h"

namespace sentinel::analysis {

class EvidenceSearch {
 public:
  EvidenceSearch(const model::TraceView& trace, const model::Symbols& symbols, const model::DetectionSettings& settings);

  // Places in the trace, in span order; of serialised calls in order of time. Empty for other types and where nothing, or more
  // than one group, is the finding's.
  [[nodiscard]] std::vector<std::uint32_t> find(const model::Finding& finding);

 private:
  using Spans = std::vector<std::uint32_t>;

  // What a finding of such a group would say; its evidence may be a part of the group.
  struct Group {
    Spans spans;     // bounds are over these
    Spans evidence;  // empty = the same
    std::uint32_t place = 0;
    std::uint64_t occurrences = 0;
    std::string_view template_text;
  };

  [[nodiscard]] const model::SpanRecord& span(std::uint32_t i) const { return *trace_.spans[i]; }

  // Forms the groups of a type once and files each under what its finding would say.
  void collect(model::FindingType type);
  void file(model::FindingType type, Group group);

  [[nodiscard]] std::vector<Group> repeated(model::EventType type) const;
  [[nodiscard]] std::vector<Group> families();
  [[nodiscard]] std::vector<Group> chains();
  [[nodiscard]] std::vector<Group> pools() const;
  [[nodiscard]] Group pool(Spans spans) const;

  model::TraceView trace_;
  const model::Symbols& symbols_;
  const model::DetectionSettings& settings_;
  detect::TraceIndex index_;
  detect::LongestChain chain_;
  base::Arena texts_;
  std::array<bool, model::kFindingTypes> collected_{};
  std::unordered_map<std::string, Spans> by_statement_;  // no spans: ambiguous
};

}  // namespace sentinel::analysis
