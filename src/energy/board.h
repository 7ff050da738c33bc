// What the sources know just now, between the threads that read them and the one that scores (chapter 04 §13.1, §14.1).
//
// Sources write from any thread. take() is for one thread: what it gives stays as it is until the next take(), whatever is read
// meanwhile. A reading counts for three periods of its source; rows are kept, so that a source that comes back goes on.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "energy/backend.h"
#include "energy/workloads.h"
#include "score/readings.h"

namespace sentinel::energy {

// Energy of one operation of a service.
struct Coefficient {
  std::string service;
  double kwh_per_op = 0.0;
};

struct RegionReading {
  std::string region;  // lower case
  score::GridReading reading;
};

class Board {
 public:
  Board(const config::GreenConfig& config, Millis started);

  // -- sources

  // Services that are not named keep what they had.
  void put(score::EnergySource source, std::span<const Coefficient> coefficients, Millis now);
  void put(std::span<const RegionReading> readings, Millis now);
  // A good scrape of Alumet: energy of the database and the broker, as far as it was there.
  void bank(std::optional<double> database_kwh, std::optional<double> broker_kwh, Millis now);

  // -- scoring

  // What is fresh, of each service the best source, with the energy of the workloads since the last call.
  [[nodiscard]] const score::Readings& take(Millis now);

 private:
  struct MeasuredRow {
    double kwh_per_op = 0.0;
    Millis at = 0;
  };
  struct GridRow {
    score::GridReading reading;
    Millis at = 0;
  };
  void merge(Millis now);

  // Fixed at construction: milliseconds that a reading counts.
  std::array<Millis, score::kEnergySources> lives_{};
  const Millis grid_life_;

  // Shared.
  std::mutex mutex_;
  std::array<std::map<std::string, MeasuredRow, std::less<>>, score::kEnergySources> measured_;
  std::map<std::string, GridRow, std::less<>> grid_;
  Workloads workloads_;
  bool changed_ = false;

  // The scorer's.
  score::Readings taken_;
  Millis good_until_ = UINT64_MAX;  // taken_ holds until then, unless something changes
};

}  // namespace sentinel::energy
