// What one region key means under a configuration and what is known of it just now: its grid intensity by hour, its PUE, its
// place in the table (chapter 04 §4.3, §4.4). Immutable after construction; views the configuration, the reading and the
// compiled-in tables.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "config/config.h"
#include "model/report.h"
#include "score/grid_data.h"
#include "score/readings.h"
#include "score/span_clock.h"

namespace sentinel::score {

struct Intensity {
  double grams_per_kwh = 0.0;
  model::IntensitySource source = model::IntensitySource::kAnnual;
};

class Region {
 public:
  // `key` is lower case. A real-time reading counts before profiles and tables; nullptr: there is none.
  Region(std::string_view key, const config::GreenConfig& config, const GridReading* live = nullptr);

  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] bool in_table() const { return facts_ != nullptr; }
  [[nodiscard]] double pue() const { return pue_; }

  // False when every hour has one value, so that the clock need not be asked.
  [[nodiscard]] bool varies() const { return profile_source_ != model::IntensitySource::kAnnual; }

  // Intensity where no hour is known or none matters: the real-time value, else the annual one, 0 out of the table.
  [[nodiscard]] Intensity at_any_hour() const {
    if (live_ != nullptr) return {live_->grams_per_kwh, model::IntensitySource::kRealTime};
    return {annual_, model::IntensitySource::kAnnual};
  }

  // nullptr: there is none.
  [[nodiscard]] const GridReading* live() const { return live_; }

  // Intensity of an hour; precondition: varies() and when.known().
  [[nodiscard]] Intensity at(UtcHour when) const { return {(*rows_[when.month])[when.hour], profile_source_}; }

 private:
  void use_profile(std::span<const Hours> months);

  std::string key_;
  const RegionFacts* facts_;
  const GridReading* live_;
  double annual_ = 0.0;
  double pue_ = 0.0;
  model::IntensitySource profile_source_ = model::IntensitySource::kAnnual;
  std::array<const Hours*, 13> rows_{};  // by month; the last where the month is not known
  std::unique_ptr<Hours> mean_;          // over twelve months
};

}  // namespace sentinel::score
