// The sources of measured energy and grid intensity by name, and the ways in which reading one can fail (chapter 04 §13, §15).
// Constant data.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "score/readings.h"

namespace sentinel::energy {

// Those that measure in byte order of their names, then the one that knows the grid.
enum class Backend : std::uint8_t { kAlumet, kCloudEnergy, kKepler, kRedfish, kScaphandre, kElectricityMaps };
inline constexpr std::size_t kBackends = 6;
inline constexpr std::size_t kMeasuringBackends = 5;

[[nodiscard]] constexpr std::string_view slug(Backend backend) {
  constexpr std::array<std::string_view, kBackends> kNames = {"alumet",  "cloud_energy", "kepler",
                                                              "redfish", "scaphandre",   "electricity_maps"};
  return kNames[static_cast<std::size_t>(backend)];
}

// The backend whose coefficients carry this tag.
[[nodiscard]] constexpr Backend backend_of(score::EnergySource source) {
  constexpr std::array<Backend, score::kEnergySources> kOf = {Backend::kCloudEnergy, Backend::kRedfish, Backend::kKepler,
                                                              Backend::kScaphandre, Backend::kAlumet};
  return kOf[static_cast<std::size_t>(source)];
}

enum class ScrapeFailure : std::uint8_t {
  kBodyReadError,
  kHttpError,
  kInvalidUtf8,
  kRequestError,
  kTimeout,
  kUnreachable,
  kInvalidJson,  // these three of answers that are JSON; only Redfish counts them
  kInvalidValue,
  kPathMissing,
};
inline constexpr std::size_t kScrapeFailures = 9;

[[nodiscard]] constexpr std::string_view slug(ScrapeFailure reason) {
  constexpr std::array<std::string_view, kScrapeFailures> kNames = {"body_read_error", "http_error",    "invalid_utf8",
                                                                    "request_error",   "timeout",       "unreachable",
                                                                    "invalid_json",    "invalid_value", "path_missing"};
  return kNames[static_cast<std::size_t>(reason)];
}

}  // namespace sentinel::energy
