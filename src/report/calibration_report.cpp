#include "report/calibration_report.h"

#include <algorithm>
#include <cmath>

#include "base/number_format.h"
#include "base/text.h"
#include "score/constants.h"

namespace sentinel::report {
namespace {

constexpr double kMicroWattHoursPerKwh = 1e9;
constexpr int kFactorDecimals = 2;
constexpr int kEnergyDecimals = 10;

// `decimals` digits, or all there are where these would leave less than two that count.
std::string decimals_or_all(double value, int decimals) {
  const bool too_few = value > 0.0 && value < 10.0 * std::pow(10.0, -decimals);
  return too_few ? base::text_plain(value) : base::text_fixed(value, decimals);
}

// A name between quotes, as a key of TOML.
std::string toml_key(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append("\\").append(1, c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20 || byte == 0x7F) {
      out.append("\\u00").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// "4h", "10min", "10s", in whole units, ties to even.
std::string window_text(std::uint64_t ms) {
  const double seconds = static_cast<double>(ms) / 1e3;
  if (seconds >= 3600.0) return base::text_fixed(seconds / 3600.0, 0) + "h";
  if (seconds >= 60.0) return base::text_fixed(seconds / 60.0, 0) + "min";
  return base::text_fixed(seconds, 0) + "s";
}

std::string micro_watt_hours(double kwh) { return base::text_fixed(kwh * kMicroWattHoursPerKwh, 2) + " µWh"; }

}  // namespace

std::string calibration_toml(const score::CalibrationResult& result, const CalibrationSource& source) {
  std::string out = "# Energy factors by service, written by perf-sentinel " SENTINEL_VERSION " calibrate.\n# From ";
  out.append(base::for_terminal(source.traces)).append(" + ").append(base::for_terminal(source.readings));
  out.append("\n# At ").append(source.at).append("\n\n[calibration]\nbase_energy_per_io_op_kwh = 0.0000001\n");
  out += "\n[calibration.services]\n";
  for (const score::CalibratedService& s : result.services) {
    out.append(toml_key(s.service)).append(" = { factor = ").append(decimals_or_all(s.factor, kFactorDecimals));
    out.append(", measured_energy_per_op_kwh = ").append(decimals_or_all(s.kwh_per_op, kEnergyDecimals)).append(" }\n");
  }
  return out;
}

std::string calibration_summary(const score::CalibrationResult& result) {
  std::size_t width = 0;
  for (const score::CalibratedService& s : result.services) width = std::max(width, base::for_terminal(s.service).size());
  std::string out = "Calibrated " + std::to_string(result.services.size());
  out.append(result.services.size() == 1 ? " service" : " services").append(" over ").append(window_text(result.window_ms));
  out += result.services.empty() ? "\n" : ":\n";
  for (const score::CalibratedService& s : result.services) {
    std::string name = base::for_terminal(s.service);
    name.resize(std::max(width, name.size()), ' ');
    out.append("  ").append(name).append("  ").append(base::text_fixed(s.factor, 1)).append("x default  ");
    out.append(micro_watt_hours(s.kwh_per_op)).append(" an operation (default ");
    out.append(micro_watt_hours(score::kEnergyPerIoOpKwh)).append(")\n");
  }
  return out;
}

}  // namespace sentinel::report
