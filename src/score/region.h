// What one region key means under a configuration: its grid intensity by hour, its PUE, its place in the table
// (chapter 04 §4.3, §4.4). Immutable after construction; views the configuration and the compiled-in tables.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "config/config.h"
#include "model/report.h"
#include "score/grid_data.h"
#include "score/span_clock.h"

namespace sentinel::score {

struct Intensity {
  double grams_per_kwh = 0.0;
  model::IntensitySource source = model::IntensitySource::kAnnual;
};

class Region {
 public:
  // `key` is lower case.
  Region(std::string_view key, const config::GreenConfig& config);

  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] bool in_table() const { return facts_ != nullptr; }
  [[nodiscard]] double pue() const { return pue_; }

  // False when every hour has the annual value, so that the clock need not be asked.
  [[nodiscard]] bool varies() const { return profile_source_ != model::IntensitySource::kAnnual; }

  // Intensity where no hour is known or none matters: the annual value, 0 out of the table.
  [[nodiscard]] Intensity annual() const { return {annual_, model::IntensitySource::kAnnual}; }

  // Intensity of an hour; precondition: varies() and when.known().
  [[nodiscard]] Intensity at(UtcHour when) const { return {(*rows_[when.month])[when.hour], profile_source_}; }

 private:
  void use_profile(std::span<const Hours> months);

  std::string key_;
  const RegionFacts* facts_;
  double annual_ = 0.0;
  double pue_ = 0.0;
  model::IntensitySource profile_source_ = model::IntensitySource::kAnnual;
  std::array<const Hours*, 13> rows_{};  // by month; the last where the month is not known
  std::unique_ptr<Hours> mean_;          // over twelve months
};

}  // namespace sentinel::score
