// Energy of a database and a broker that waits to be billed to the traces that are analysed (chapter 04 §13.3, §13.6, §19.4).
//
// Alumet's scrapes put energy on a balance, a declared broker cluster uses its share of each second, and every analysed batch
// takes what there is. A broker that is both measured and declared is never billed twice: while its label keeps coming, only
// the measured energy counts; once it stays away the declared energy takes over, and what was measured around the change is
// thrown away. Times are milliseconds of a clock that never goes back. Not locked: its owner is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/green_config.h"
#include "score/readings.h"

namespace sentinel::energy {

using Millis = std::uint64_t;

// Periods without news after which a reading counts as old.
inline constexpr std::uint64_t kStalePeriods = 3;

// later - earlier, 0 when it is not later.
[[nodiscard]] inline Millis since(Millis earlier, Millis later) { return later > earlier ? later - earlier : 0; }

// Energy between a scrape and whoever takes it.
class Balance {
 public:
  void add(double kwh) { kwh_ += kwh; }
  void confirm(Millis now) { alive_ = now; }  // the source answered, with or without energy
  void discard() { kwh_ = 0.0; }
  // What there is, unless the source has been silent for more than `limit`: then it stays.
  [[nodiscard]] std::optional<double> take(Millis now, Millis limit);

 private:
  double kwh_ = 0.0;
  Millis alive_ = 0;
};

class Workloads {
 public:
  Workloads(const config::AlumetConfig& alumet, const config::BrokerStaticConfig& broker, Millis started);

  // A good scrape of Alumet with the energy of the two labels, as far as they were there.
  void scraped(std::optional<double> database_kwh, std::optional<double> broker_kwh, Millis now);

  // Energy since the last call.
  [[nodiscard]] score::Workload take_database(Millis now);
  [[nodiscard]] score::Workload take_broker(Millis now);

 private:
  [[nodiscard]] std::optional<double> take_declared(Millis now);
  [[nodiscard]] score::Workload measured_broker(std::optional<double> kwh) const;

  // Fixed at construction.
  const std::optional<config::AlumetLabel> database_;
  const std::optional<config::AlumetLabel> broker_;
  const std::optional<std::string> declared_region_;
  const bool declared_;
  double declared_watts_ = 0.0;
  const Millis limit_;  // of Alumet's silence

  Balance database_balance_;
  Balance broker_balance_;
  std::optional<Millis> broker_sampled_;
  Millis billed_until_;  // of the declared cluster
  bool outage_ = false;  // the declared energy has stood in for the measured one
};

}  // namespace sentinel::energy
