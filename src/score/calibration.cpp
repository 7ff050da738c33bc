#include "score/calibration.h"

#include <cmath>
#include <map>
#include <unordered_map>

#include "score/constants.h"

namespace sentinel::score {

base::Result<CalibrationResult> calibrate(const EnergyReadings& energy, std::span<const model::SpanRecord* const> spans,
                                          const model::Symbols& symbols) {
  std::unordered_map<model::TextId, std::uint64_t> operations_of;
  for (const model::SpanRecord* span : spans) {
    const auto ms = model::start_ms(symbols, *span);
    if (ms && *ms >= energy.first_ms && *ms <= energy.last_ms) ++operations_of[span->service];
  }
  std::map<std::string_view, std::uint64_t> operations;
  for (const auto& [service, count] : operations_of) operations[symbols.text(service)] = count;

  std::map<std::string, double> kwh_of;  // summed in the order of the readings
  for (const EnergyReading& reading : energy.readings) kwh_of[reading.service] += reading.kwh;

  CalibrationResult out;
  out.window_ms = energy.last_ms - energy.first_ms;
  for (const auto& [service, kwh] : kwh_of) {
    const auto found = operations.find(service);
    if (found == operations.end()) {
      out.without_traffic.push_back(service);
      continue;
    }
    const double kwh_per_op = kwh / static_cast<double>(found->second);
    const double factor = kwh_per_op / kEnergyPerIoOpKwh;
    if (!std::isfinite(factor))
      return base::Error{.what = "the energy of service '" + service + "' is beyond any number",
                         .where = {},
                         .hint = "are its readings in the unit that the header names?"};
    out.services.push_back({.service = service, .kwh_per_op = kwh_per_op, .factor = factor});
  }
  return out;
}

}  // namespace sentinel::score
