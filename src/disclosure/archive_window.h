// One line of a daemon's archive: a window's time and those figures of its report that a disclosure is made of, and what the
// line says about the hash chain (chapter 08 §2.1, §4).
//
// Texts of a window are views into the line or the arena given. Pure functions, any thread with an arena of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "disclosure/instant.h"
#include "disclosure/json_tree.h"
#include "model/finding.h"

namespace sentinel::disclosure {

struct ArchiveLine {
  bool is_json = false;
  bool has_hash = false;  // a string
  std::optional<Instant> ts;
  std::string_view stated_hash;
  std::string computed_hash;  // where has_hash
  std::optional<std::string_view> prev;
  std::optional<std::uint64_t> seq;
};

// Figures of waste at one threshold.
struct WindowTier {
  std::uint32_t n_plus_one_threshold = 0;
  std::uint64_t avoidable_io_ops = 0;
  double avoidable_kwh = 0.0;
  double avoidable_gco2 = 0.0;
};

struct WindowWasteBlock {
  double energy_kwh = 0.0;
  std::string_view model;
  double operational_waste_kwh = 0.0;
  std::optional<double> operational_waste_gco2;
  double canonical_waste_kwh = 0.0;
  std::optional<double> canonical_waste_gco2;
  std::optional<double> energy_gco2;
};

struct WindowDisclosureWaste {
  WindowTier operational;
  WindowTier canonical;
  std::optional<WindowWasteBlock> database;
  std::optional<WindowWasteBlock> messaging;
};

struct WindowCarbon {
  double total_mid = 0.0;  // all gCO2eq
  double avoidable_mid = 0.0;
  double operational = 0.0;
  double embodied = 0.0;
  double transport = 0.0;
  std::string_view methodology;
};

struct WindowCoefficients {
  std::optional<double> embodied_per_request_gco2;
  std::optional<double> network_energy_per_byte_kwh;
  std::optional<bool> per_operation_coefficients;
  std::optional<bool> use_hourly_profiles;
};

struct WindowFinding {
  model::FindingType type = model::FindingType::kNPlusOneSql;
  std::string_view service;
  std::uint64_t occurrences = 0;
};

struct WindowEndpoint {
  std::string_view service;
  std::string_view endpoint;
  std::uint64_t io_ops = 0;
};

template <class Value>
using ByService = std::vector<std::pair<std::string_view, Value>>;  // in byte order of the name

struct Window {
  Instant ts;
  std::uint64_t traces_analyzed = 0;
  std::string_view binary_version;
  std::uint64_t total_io_ops = 0;
  std::uint64_t avoidable_io_ops = 0;
  double energy_kwh = 0.0;
  std::string_view energy_model;
  std::optional<WindowCarbon> co2;
  std::optional<WindowCoefficients> coefficients;
  ByService<double> carbon_kgco2eq;
  ByService<double> energy_by_service;
  ByService<double> measured_ratio;
  ByService<std::string_view> energy_models;
  std::vector<WindowFinding> findings;
  std::vector<WindowEndpoint> endpoints;
  std::optional<WindowDisclosureWaste> waste;
};

class ArchiveLineReader {
 public:
  // Forgets the line before. What the result refers to stays valid until the next call.
  [[nodiscard]] const ArchiveLine& read(std::string_view line);
  // The window of the line just read; an Error says why it is malformed.
  [[nodiscard]] base::Status window(Window& out) const;

 private:
  base::Arena arena_;
  JsonNode root_;
  ArchiveLine line_;
  std::string canonical_;         // of the line without its hash
  std::string_view report_text_;  // in canonical_; empty when there is no report
  base::Error not_json_;
};

}  // namespace sentinel::disclosure
