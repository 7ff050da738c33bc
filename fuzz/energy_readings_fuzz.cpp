// Energy readings from any text: what is accepted is finite, in order of the window, and nothing negative.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "score/energy_readings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sentinel;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (!base::is_valid_utf8(bytes)) return 0;  // refused by whoever reads the file
  const auto parsed = score::parse_energy_readings(bytes);
  if (!parsed) {
    if (parsed.error().what.empty()) std::abort();
    return 0;
  }
  if (parsed->readings.empty() || parsed->first_ms > parsed->last_ms) std::abort();
  for (const score::EnergyReading& r : parsed->readings) {
    if (!(r.kwh >= 0.0) || r.end_ms < parsed->first_ms || r.end_ms > parsed->last_ms) std::abort();
  }
  return 0;
}
