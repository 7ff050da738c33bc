// The two files that [green] names: hourly profiles (JSON, chapter 04 §4.5) and calibration (TOML, chapter 04 §16.4).
// Parsing is pure; loading reads the one file. Any thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace sentinel::config {

inline constexpr std::size_t kMaxProfiles = 256;

using Profiles = std::map<std::string, HourlyProfile>;  // by lower-case region

// Error.what says which region, month, hour or value is wrong.
[[nodiscard]] base::Result<Profiles> parse_profiles(std::string_view json);
[[nodiscard]] base::Result<Profiles> load_profiles(const std::string& path);

// Remarks on profiles that are likely mistaken: far from the annual value of a known region, or of another unit.
[[nodiscard]] std::vector<std::string> doubtful_profiles(
    const Profiles& profiles, const std::function<std::optional<double>(std::string_view)>& annual_intensity);

using Calibration = std::map<std::string, double>;  // service -> factor

[[nodiscard]] base::Result<Calibration> parse_calibration(std::string_view toml);
[[nodiscard]] base::Result<Calibration> load_calibration(const std::string& path);
[[nodiscard]] std::vector<std::string> doubtful_factors(const Calibration& factors);

}  // namespace sentinel::config
