#include "score/grid_data.h"

#include <algorithm>

namespace sentinel::score {

namespace {

constexpr RegionFacts kRegions[] = {
#include "score/data/grid_regions.inc"
};

struct FlatProfile {
  std::string_view key;
  Hours hours;
};
constexpr FlatProfile kFlatProfiles[] = {
#include "score/data/flat_profiles.inc"
};

struct MonthlyProfile {
  std::string_view key;
  std::array<Hours, 12> months;
};
constexpr MonthlyProfile kMonthlyProfiles[] = {
#include "score/data/monthly_profiles.inc"
};

constexpr InstancePower kInstances[] = {
#include "score/data/instance_power.inc"
};

constexpr double kPue[kProviders] = {1.15, 1.09, 1.17, 1.5};

static_assert(std::ranges::is_sorted(kRegions, {}, &RegionFacts::key));
static_assert(std::ranges::is_sorted(kFlatProfiles, {}, &FlatProfile::key));
static_assert(std::ranges::is_sorted(kMonthlyProfiles, {}, &MonthlyProfile::key));
static_assert(std::ranges::is_sorted(kInstances, {}, &InstancePower::type));

// The row of a sorted table whose key is `key`, else nullptr.
template <class Row, std::size_t n>
const Row* find_row(const Row (&table)[n], std::string_view Row::*member, std::string_view key) {
  const Row* row = std::ranges::lower_bound(table, key, {}, member);
  return row != table + n && row->*member == key ? row : nullptr;
}

}  // namespace

double pue(Provider provider) { return kPue[static_cast<std::size_t>(provider)]; }

const RegionFacts* find_region(std::string_view key) { return find_row(kRegions, &RegionFacts::key, key); }

std::span<const Hours> hourly_profile(std::string_view key) {
  const RegionFacts* region = find_region(key);
  if (region == nullptr || region->profile.empty()) return {};
  if (const FlatProfile* flat = find_row(kFlatProfiles, &FlatProfile::key, region->profile)) return {&flat->hours, 1};
  if (const MonthlyProfile* monthly = find_row(kMonthlyProfiles, &MonthlyProfile::key, region->profile)) return monthly->months;
  return {};
}

const InstancePower* find_instance(std::string_view type) { return find_row(kInstances, &InstancePower::type, type); }

std::optional<double> annual_intensity(std::string_view key) {
  const RegionFacts* region = find_region(key);
  return region == nullptr ? std::nullopt : std::optional(region->annual);
}

std::span<const RegionFacts> all_regions() { return kRegions; }
std::span<const InstancePower> all_instances() { return kInstances; }

}  // namespace sentinel::score
