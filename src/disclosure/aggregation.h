// Adding up the windows of a period (chapter 08 §5): totals, waste at two thresholds, and a bucket for each service.
//
// Sums are taken in the order windows are added, maps run in byte order of their keys, nothing is rounded but the requests of a
// service in a window: the same windows in the same order give the same bits. One thread; owns what it keeps.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/result.h"
#include "disclosure/archive_window.h"
#include "disclosure/document.h"

namespace sentinel::disclosure {

inline constexpr std::size_t kMaxServices = 4096;
inline constexpr std::size_t kMaxEnergyModels = 64;
inline constexpr std::size_t kMaxMethodologies = 64;
inline constexpr std::size_t kMaxCoefficients = 64;
inline constexpr std::size_t kMaxBinaryVersions = 256;
inline constexpr std::size_t kMaxModelsAService = 64;
inline constexpr std::size_t kMaxWasteModels = 256;
inline constexpr std::size_t kMaxTagBytes = 64;
inline constexpr double kProxyKwhPerOp = 1e-7;

class Aggregation {
 public:
  // `strict`: a window that attributes its traffic to no service is an error.
  explicit Aggregation(bool strict) : strict_(strict) {}

  // False: the window has carbon that is no number and was left out. Error: strict attribution is violated.
  [[nodiscard]] base::Result<bool> add(const Window& window);

  [[nodiscard]] std::uint64_t windows() const { return windows_; }
  [[nodiscard]] std::uint64_t legacy_windows() const { return legacy_windows_; }
  [[nodiscard]] std::uint64_t fallback_windows() const { return fallback_windows_; }

  // Fills aggregate, applications, calibration and applications_measured; the document's period must be set.
  void finish(Document& document) const;

 private:
  struct Tally {
    std::uint64_t occurrences = 0;
    std::uint64_t avoidable_io_ops = 0;
    Instant first_seen;
    Instant last_seen;
  };
  struct Bucket {
    std::uint64_t requests = 0;
    std::uint64_t io_ops = 0;
    double energy_kwh = 0.0;
    double carbon_kgco2eq = 0.0;
    std::set<std::string, std::less<>> endpoints;
    std::map<std::string_view, std::pair<model::FindingType, Tally>> patterns;  // by name, a constant text
  };
  struct TierSum {
    std::uint64_t io_ops = 0;
    double energy_kwh = 0.0;
    double carbon_kgco2eq = 0.0;
    std::uint32_t threshold = 0;
  };
  struct WasteSum {
    WasteBlock block;  // its gCO2 members in grams until finish()
    std::optional<double> out_of_total_gco2;
  };
  struct Mean {
    double sum = 0.0;
    std::uint64_t count = 0;
  };
  using ServiceOps = std::map<std::string_view, std::uint64_t>;

  void add_tiers(const Window& window, double energy, double avoidable_kg);
  static void add_waste_block(const WindowWasteBlock& block, WasteSum& sum);
  void add_provenance(const Window& window);
  void add_coefficients(const WindowCoefficients& coefficients);
  // The tag without "+cal"; empty when it is none to keep.
  std::string_view add_energy_model(std::string_view model);
  void add_measured_ratios(const Window& window);
  void attribute_runtime(const Window& window, const ServiceOps& ops);
  void attribute_by_share(const Window& window, const ServiceOps& ops, double energy, double carbon_kg);
  void add_endpoints(const Window& window);
  void add_findings(const Window& window, bool unattributed);
  Bucket* bucket(std::string_view service, bool exempt = false);  // nullptr: there are too many

  [[nodiscard]] Tier finished_tier(const TierSum& sum) const;
  [[nodiscard]] static std::optional<WasteBlock> finished_block(const WasteSum& sum);
  [[nodiscard]] std::optional<CarbonBreakdown> finished_breakdown() const;
  [[nodiscard]] TemporalCoverage finished_coverage(const Period& period) const;
  [[nodiscard]] Application finished_application(const std::string& name, const Bucket& bucket) const;

  bool strict_;
  std::uint64_t windows_ = 0;
  std::uint64_t legacy_windows_ = 0;
  std::uint64_t runtime_windows_ = 0;
  std::uint64_t fallback_windows_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t io_ops_ = 0;
  double carbon_kgco2eq_ = 0.0;
  double energy_kwh_ = 0.0;
  double operational_gco2_ = 0.0;
  double embodied_gco2_ = 0.0;
  double transport_gco2_ = 0.0;
  bool transport_uncertain_ = false;
  bool calibration_applied_ = false;
  TierSum canonical_;
  TierSum operational_;
  WasteSum database_;
  WasteSum messaging_;
  std::set<Days> observed_days_;
  std::set<std::string> binary_versions_;
  std::set<std::string> energy_models_;
  std::set<std::string> methodologies_;
  std::set<std::string> coefficients_;
  std::map<std::string, Mean, std::less<>> measured_ratio_;
  std::map<std::string, std::set<std::string>, std::less<>> service_models_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace sentinel::disclosure
