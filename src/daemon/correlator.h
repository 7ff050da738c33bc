// Findings of different services that keep following one another across traces (chapters 03 §9 and 05 §6).
//
// ingest() is called by one thread, once for every analysed batch, also one without findings; active() may be called by any
// and waits for at most one ingest(). Memory is bounded by max_tracked_pairs (of 256 lags each) and kMaxOccurrences;
// what is refused, evicted or dropped is told. Time comes in from the caller; the same calls give the same answers.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "config/daemon_config.h"
#include "model/report.h"

namespace sentinel::daemon {

inline constexpr std::size_t kMaxOccurrences = 65'536;
inline constexpr std::size_t kMaxActiveCorrelations = 1'000;
inline constexpr std::size_t kMaxSampleTraceIdBytes = 128;

// What correlation needs of a finding; its views need to live for the call only.
struct SeenFinding {
  model::FindingType type = model::FindingType::kNPlusOneSql;
  std::string_view service;
  std::string_view template_text;
  const model::GroupPair* grouping = nullptr;  // the identity: first pair, or none
  std::string_view trace_id;

  static SeenFinding of(const model::Finding& finding) {
    return {finding.type, finding.service, finding.pattern.template_text,
            finding.grouping.empty() ? nullptr : &finding.grouping[0], finding.trace_id};
  }
};

class Correlator {
 public:
  struct Losses {
    std::uint64_t pairs_evicted = 0;  // refused ones included: correlator_pairs_evicted_total
    std::uint64_t occurrences_dropped = 0;
  };

  explicit Correlator(const config::CorrelationConfig& config, std::size_t max_occurrences = kMaxOccurrences);
  ~Correlator();
  Correlator(const Correlator&) = delete;
  Correlator& operator=(const Correlator&) = delete;

  // Findings in detection order; all of them happened at `now_ms`.
  Losses ingest(std::span<const SeenFinding> findings, std::uint64_t now_ms);

  // Pairs that are frequent and certain enough: by confidence and count, both falling, then by source and target. At most
  // kMaxActiveCorrelations. Aged to `now_ms`, or to the last batch where that is later.
  [[nodiscard]] std::vector<model::Correlation> active(std::uint64_t now_ms) const;

  [[nodiscard]] std::size_t pairs() const;
  [[nodiscard]] std::size_t occurrences() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The hash that seeds a pair's lag samples (03 §9.4).
[[nodiscard]] std::uint64_t endpoint_hash(model::FindingType type, std::string_view service, std::string_view template_text);

}  // namespace sentinel::daemon
