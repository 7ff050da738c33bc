// The outcome of `calibrate`: the file for [green] calibration_file, and the summary for people (chapter 04 §16.3, §16.4). Pure
// functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "score/calibration.h"

namespace sentinel::report {

struct CalibrationSource {
  std::string_view traces;    // path
  std::string_view readings;  // path
  std::string_view at;        // UTC
};

[[nodiscard]] std::string calibration_toml(const score::CalibrationResult& result, const CalibrationSource& source);

// A line for the window, then one a service.
[[nodiscard]] std::string calibration_summary(const score::CalibrationResult& result);

}  // namespace sentinel::report
