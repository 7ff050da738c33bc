// The database's or the broker's figure of the live summary: measured energy comes in lumps, so that a figure stands on for a
// while when the next batches have none (chapter 04 §14.4).
//
// Estimates are shares of their own batch and never stand on. Times are milliseconds since 1970. One thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "config/config.h"
#include "model/report.h"

namespace sentinel::daemon {

// How long figures stand on; 0: not at all.
[[nodiscard]] inline std::uint64_t sticky_ms(const config::Config& config) {
  const config::GreenConfig& green = config.green;
  constexpr std::uint64_t kAlumetPeriods = 6;
  const std::uint64_t alumet = green.alumet.active() ? kAlumetPeriods * green.alumet.scrape_interval_secs * 1000 : 0;
  return std::max(alumet, green.broker_static.active() ? config.daemon.trace_ttl_ms : 0);
}

class StickyFigure {
 public:
  // A batch has been analysed.
  void see(const std::optional<model::WasteFigure>& figure, std::uint64_t now_ms) {
    own_ = figure.has_value();
    if (!own_) return;
    figure_ = figure;
    seen_ms_ = now_ms;
  }

  // That of the last batch, or an earlier one that is not yet too old.
  [[nodiscard]] std::optional<model::WasteFigure> at(std::uint64_t now_ms, std::uint64_t sticky_ms) const {
    if (own_ || !figure_) return figure_;
    const std::uint64_t age = now_ms > seen_ms_ ? now_ms - seen_ms_ : 0;
    if (figure_->model == "estimated" || sticky_ms == 0 || age > sticky_ms) return std::nullopt;
    return figure_;
  }

 private:
  std::optional<model::WasteFigure> figure_;
  std::uint64_t seen_ms_ = 0;
  bool own_ = false;  // of the last batch
};

}  // namespace sentinel::daemon
