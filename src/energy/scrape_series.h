// The metrics that a source counts its scrapes in; null where it has none.
#pragma once

#include <array>

#include "energy/backend.h"
#include "telemetry/registry.h"

namespace sentinel::energy {

struct ScrapeSeries {
  telemetry::Gauge* age = nullptr;  // seconds since the last good scrape
  telemetry::Counter* ok = nullptr;
  telemetry::Counter* failed = nullptr;
  std::array<telemetry::Counter*, kScrapeFailures> failures{};
};

}  // namespace sentinel::energy
