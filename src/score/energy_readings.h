// Measured energy by service and time, from the CSV that `calibrate` reads (chapter 02 §6, chapter 04 §16.2).
//
// Lines "timestamp,service,value" under a header that names power_watts or energy_kwh. Power samples become the energy between
// neighbouring samples of a service. All or nothing: the first bad row is an error with its line. Pure function, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sentinel::score {

inline constexpr std::size_t kMaxReadingsBytes = 67'108'864;  // 64 MiB

struct EnergyReading {
  std::string service;
  std::uint64_t end_ms = 0;  // of an interval its end, of an energy reading its only time
  double kwh = 0.0;
};

struct EnergyReadings {
  std::vector<EnergyReading> readings;  // at least one
  std::uint64_t first_ms = 0;           // the earliest sample or reading …
  std::uint64_t last_ms = 0;            // … and the latest, both within the measured time
};

// `text` is valid UTF-8. Error::where is the line.
[[nodiscard]] base::Result<EnergyReadings> parse_energy_readings(std::string_view text);

}  // namespace sentinel::score
