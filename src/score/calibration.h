// Energy factors by service from measured energy and the operations of the same time (chapter 04 §16.3).
//
// factor = (measured energy / operations) / the proxy's energy of one operation. No regression: a service that also burns
// energy while idle has that in its factor. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/symbols.h"
#include "score/energy_readings.h"

namespace sentinel::score {

// Factors outside are worth a warning.
inline constexpr double kHighCalibrationFactor = 10.0;
inline constexpr double kLowCalibrationFactor = 0.1;

struct CalibratedService {
  std::string service;
  double kwh_per_op = 0.0;
  double factor = 0.0;
};

struct CalibrationResult {
  std::vector<CalibratedService> services;   // by name
  std::vector<std::string> without_traffic;  // measured, but no operation in the window; by name
  std::uint64_t window_ms = 0;               // from the first reading to the last
};

// Counts operations with a readable timestamp from the first reading to the last, both included. An error when the energy of a
// service is beyond what a number can hold.
[[nodiscard]] base::Result<CalibrationResult> calibrate(const EnergyReadings& energy,
                                                        std::span<const model::SpanRecord* const> spans,
                                                        const model::Symbols& symbols);

}  // namespace sentinel::score
