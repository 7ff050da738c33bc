#include "score/region.h"

#include "score/constants.h"

namespace sentinel::score {

namespace {

std::unique_ptr<Hours> mean_of(std::span<const Hours> months) {
  auto mean = std::make_unique<Hours>();
  for (std::size_t hour = 0; hour < mean->size(); ++hour) {
    double sum = 0.0;
    for (const Hours& month : months) sum += month[hour];
    (*mean)[hour] = sum / static_cast<double>(months.size());
  }
  return mean;
}

}  // namespace

Region::Region(std::string_view key, const config::GreenConfig& config, const GridReading* live)
    : key_(key), facts_(find_region(key)), live_(live) {
  const auto custom = config.custom_profiles.find(key_);
  const bool has_custom = custom != config.custom_profiles.end();
  if (facts_ != nullptr) {
    annual_ = facts_->annual;
    pue_ = score::pue(facts_->provider);
  } else if (has_custom || live != nullptr) {
    pue_ = kGenericPue;  // also with profiles switched off, when the intensity is 0
  }
  if (!config.use_hourly_profiles || live != nullptr) return;
  if (has_custom) {
    const std::span<const Hours> months = custom->second.months;
    use_profile(custom->second.monthly ? months : months.first(1));
  } else {
    use_profile(hourly_profile(key_));
  }
}

void Region::use_profile(std::span<const Hours> months) {
  if (months.empty()) return;
  if (months.size() == 1) {
    profile_source_ = model::IntensitySource::kHourly;
    rows_.fill(&months[0]);
    return;
  }
  profile_source_ = model::IntensitySource::kMonthlyHourly;
  mean_ = mean_of(months);
  for (std::size_t month = 0; month < months.size(); ++month) rows_[month] = &months[month];
  rows_[UtcHour::kUnknownMonth] = mean_.get();
}

}  // namespace sentinel::score
