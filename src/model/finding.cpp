#include "model/finding.h"

namespace sentinel::model {

namespace {

constexpr std::array<FindingTypeInfo, kFindingTypes> kTypes = {{
    {"n_plus_one_sql", "N+1 SQL", true},
    {"n_plus_one_http", "N+1 HTTP", true},
    {"n_plus_one_messaging", "N+1 messaging", true},
    {"redundant_sql", "Redundant SQL", true},
    {"redundant_http", "Redundant HTTP", true},
    {"slow_sql", "Slow SQL", false},
    {"slow_http", "Slow HTTP", false},
    {"slow_messaging", "Slow messaging", false},
    {"excessive_fanout", "Excessive fanout", false},
    {"chatty_service", "Chatty service", false},
    {"pool_saturation", "Pool saturation", false},
    {"serialized_calls", "Serialized calls", false},
}};
static_assert(!kTypes.back().slug.empty(), "every type of finding has its row");

constexpr std::array<std::string_view, 3> kSeverities = {"critical", "warning", "info"};
constexpr std::array<std::string_view, 4> kConfidences = {"local_batch", "ci_batch", "daemon_staging", "daemon_production"};
constexpr std::array<std::string_view, 4> kBands = {"healthy", "moderate", "high", "critical"};
constexpr std::array<std::string_view, 3> kEventTypes = {"sql", "http_out", "messaging"};

// Lower bounds of moderate, high and critical.
using BandBounds = std::array<double, 3>;
constexpr BandBounds kIoIntensityBounds = {2.0, 5.0, 10.0};
constexpr BandBounds kIoWasteRatioBounds = {0.10, 0.30, 0.50};

Band band_of(double value, const BandBounds& bounds) {
  for (std::size_t i = bounds.size(); i > 0; --i) {
    if (value >= bounds[i - 1]) return static_cast<Band>(i);
  }
  return Band::kHealthy;
}

template <class Enum, std::size_t N>
std::string_view name(const std::array<std::string_view, N>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

}  // namespace

const FindingTypeInfo& info(FindingType type) { return kTypes[static_cast<std::size_t>(type)]; }

std::string_view slug(FindingType type) { return info(type).slug; }
std::string_view slug(Severity severity) { return name(kSeverities, severity); }
std::string_view slug(Confidence confidence) { return name(kConfidences, confidence); }
std::string_view slug(Band band) { return name(kBands, band); }
std::string_view slug(EventType type) { return name(kEventTypes, type); }

Band io_intensity_band(double io_intensity_score) { return band_of(io_intensity_score, kIoIntensityBounds); }
Band io_waste_ratio_band(double io_waste_ratio) { return band_of(io_waste_ratio, kIoWasteRatioBounds); }

}  // namespace sentinel::model
