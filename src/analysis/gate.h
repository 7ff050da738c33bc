// The quality gate (chapter 03 §11). Pure function.
#pragma once

#include <optional>
#include <span>

#include "config/config.h"
#include "model/report.h"

namespace sentinel::analysis {

// `usable_ratio`: smallest share of usable spans over the I/O kinds; nullopt leaves the fifth rule out.
[[nodiscard]] model::QualityGate evaluate_gate(std::span<const model::Finding> findings, double io_waste_ratio,
                                               std::optional<double> usable_ratio, const config::ThresholdsConfig& thresholds);

}  // namespace sentinel::analysis
