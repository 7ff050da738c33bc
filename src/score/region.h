// What one region key means under a configuration: its grid intensity by hour, its PUE, its place in the table
// (chapter 04 §4.3, §4.4). Immutable after construction; views the configuration and the compiled-in tables.
#pragma once

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
  [[nodiscard]] bool varies() const { return !months_.empty(); }

  // Intensity where no hour is known or none matters: the annual value, 0 out of the table.
  [[nodiscard]] Intensity annual() const { return {annual_, model::IntensitySource::kAnnual}; }

  // Intensity of an instant; precondition: varies() and when.hour is known.
  [[nodiscard]] Intensity at(UtcHour when) const {
    const auto hour = static_cast<std::size_t>(when.hour);
    if (months_.size() == 1) return {months_[0][hour], model::IntensitySource::kHourly};
    const Hours& row = when.month < 0 ? mean_ : months_[static_cast<std::size_t>(when.month)];
    return {row[hour], model::IntensitySource::kMonthlyHourly};
  }

 private:
  std::string key_;
  const RegionFacts* facts_;
  double annual_ = 0.0;
  double pue_ = 0.0;
  std::span<const Hours> months_;  // empty, one row, or twelve
  Hours mean_{};                   // by hour, over twelve months
};

}  // namespace sentinel::score
