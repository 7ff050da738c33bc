// What happens to traces that have left the window: findings, figures, and everybody who is told of them (chapter 05 §4.5).
//
// One thread. What it hands out by reference is its own state and changes with the next batch.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/signer.h"
#include "config/config.h"
#include "daemon/archive_writer.h"
#include "daemon/correlator.h"
#include "daemon/daemon_metrics.h"
#include "daemon/findings_ring.h"
#include "daemon/span_trees.h"
#include "daemon/sticky_waste.h"
#include "daemon/window.h"
#include "model/report.h"
#include "score/energy.h"

namespace sentinel::energy {
class Sources;
}

namespace sentinel::daemon {

// Who is told. Pointers may be null: that part is off.
struct AnalysisSinks {
  DaemonMetrics& metrics;
  Correlator* correlator = nullptr;
  ArchiveWriter* archive = nullptr;
  std::function<void(std::string_view lines)> print;  // findings as JSON lines
  energy::Sources* energy = nullptr;
};

class BatchAnalysis {
 public:
  BatchAnalysis(const config::Config& config, AnalysisSinks sinks);

  // Analyses traces that left together. `wall_ms` is since 1970.
  void run(std::span<const ClosedTrace> traces, const model::Symbols& symbols, std::uint64_t wall_ms);

  // Texts have moved: rewrites what is kept by `move(record)` and forgets what was known of the old ones.
  template <class Move>
  void renew(Move move) {
    trees_.renew(move);
    begin_generation();
  }

  // -- what clients ask for

  [[nodiscard]] const FindingsRing& findings() const { return ring_; }
  [[nodiscard]] const SpanTrees& trees() const { return trees_; }
  // Of the last batch, with measured waste figures that stand on; `now_ms` is since 1970.
  [[nodiscard]] model::GreenSummary live_summary(std::uint64_t now_ms) const;
  [[nodiscard]] std::uint64_t spans_analyzed() const { return spans_; }
  [[nodiscard]] std::uint64_t traces_analyzed() const { return traces_; }
  [[nodiscard]] std::uint64_t last_batch_ms() const { return last_batch_ms_; }  // since 1970; 0 = none yet

 private:
  struct Batch;
  void observe_slow(const Batch& batch);
  void begin_generation();
  void keep(Batch& batch, std::uint64_t wall_ms);
  void correlate(const Batch& batch, std::uint64_t wall_ms);
  void count(const Batch& batch);
  void archive(Batch& batch, std::uint64_t wall_ms);
  void price(Batch& batch);

  const config::Config& config_;
  AnalysisSinks sinks_;
  const model::Confidence confidence_;
  FindingsRing ring_;
  SpanTrees trees_;
  std::optional<analysis::Signer> signer_{std::in_place};
  std::optional<score::EnergyModel> energy_;  // of this generation's texts
  model::GreenSummary live_;
  StickyFigure database_waste_;
  StickyFigure messaging_waste_;
  std::uint64_t spans_ = 0;
  std::uint64_t traces_ = 0;
  std::uint64_t io_ops_ = 0;
  std::uint64_t avoidable_ = 0;
  std::uint64_t last_batch_ms_ = 0;
  std::string lines_;
};

// The number of span trees that are kept: none where nobody could ask for them.
[[nodiscard]] std::size_t retained_traces(const config::DaemonConfig& config);

}  // namespace sentinel::daemon
