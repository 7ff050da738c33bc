// The compiled-in figure tables: grid intensity and PUE by region, hourly profiles, power of cloud instance types
// (chapter 04 §4.1, §4.2, §13.7).
//
// Constant data written from the CSV files in score/data; nothing runs at start-up. Region keys are lower case and matched
// exactly: there is no prefix or country fallback. Pure functions, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sentinel::score {

enum class Provider : std::uint8_t { kAws, kGcp, kAzure, kGeneric };
inline constexpr std::size_t kProviders = 4;

// Power usage effectiveness of a provider's fleet.
[[nodiscard]] double pue(Provider provider);

struct RegionFacts {
  std::string_view key;
  double annual;  // gCO2/kWh
  Provider provider;
  std::string_view profile;  // region whose hourly profile applies; empty = none
};

// nullptr when the lower-case key is not in the table.
[[nodiscard]] const RegionFacts* find_region(std::string_view key);

using Hours = std::array<double, 24>;  // gCO2/kWh by UTC hour

// The embedded profile of a region, aliases followed: one row of hours for the whole year, or twelve from January on; empty
// when the region has none.
[[nodiscard]] std::span<const Hours> hourly_profile(std::string_view key);

struct InstancePower {
  std::string_view type;
  double idle_watts;
  double max_watts;
};

// nullptr when the type, compared exactly, is not in the table.
[[nodiscard]] const InstancePower* find_instance(std::string_view type);

// What checking a configuration asks.
[[nodiscard]] inline bool is_known_region(std::string_view key) { return find_region(key) != nullptr; }
[[nodiscard]] std::optional<double> annual_intensity(std::string_view key);
[[nodiscard]] inline bool is_known_instance_type(std::string_view type) { return find_instance(type) != nullptr; }

// All rows, sorted by key.
[[nodiscard]] std::span<const RegionFacts> all_regions();
[[nodiscard]] std::span<const InstancePower> all_instances();

}  // namespace sentinel::score
