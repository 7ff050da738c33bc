// What the daemon has measured, as the scoring of one window takes it: energy of an operation by service, grid intensity by
// region, energy that the database and the broker used (chapter 04 §5.3, §9, §14.1).
//
// Plain values; whatever stands here is fresh. A batch run has none of it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sentinel::score {

// Who measured, worst first: the order in which sources overwrite one another (04 §14.1) and in which their tags win (04 §6).
enum class EnergySource : std::uint8_t { kCloudSpecpower, kRedfishBmc, kKeplerEbpf, kScaphandreRapl, kAlumetRapl };
inline constexpr std::size_t kEnergySources = 5;

// The model tag of figures that a source measured.
[[nodiscard]] constexpr std::string_view model_tag_of(EnergySource source) {
  constexpr std::array<std::string_view, kEnergySources> kTags = {"cloud_specpower", "redfish_bmc", "kepler_ebpf",
                                                                  "scaphandre_rapl", "alumet_rapl"};
  return kTags[static_cast<std::size_t>(source)];
}

struct MeasuredEnergy {
  double kwh_per_op = 0.0;
  EnergySource source = EnergySource::kCloudSpecpower;
};

// Real-time intensity of a region.
struct GridReading {
  double grams_per_kwh = 0.0;
  std::optional<bool> estimated;
  std::optional<std::string> method;  // of the estimate
};

// Energy since it was last asked for.
struct DeliveredEnergy {
  double kwh = 0.0;
  std::string model;
  std::optional<std::string> region;  // as the configuration writes it
};

// A database or a broker. Declared, it is never estimated: without energy for this window there is no figure.
struct Workload {
  bool declared = false;
  std::optional<DeliveredEnergy> delivered;
};

struct Readings {
  std::map<std::string, MeasuredEnergy, std::less<>> services;  // by the name as ingested
  std::map<std::string, GridReading, std::less<>> regions;      // by lower-case key
  Workload database;
  Workload broker;
};

}  // namespace sentinel::score
