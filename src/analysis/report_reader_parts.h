// The parts of a saved report beside findings and traces, for report_reader.cpp. The document has passed its check.
#pragma once

#include <optional>

#include "base/json_reader.h"
#include "model/report.h"

namespace sentinel::analysis {

[[nodiscard]] model::AnalysisInfo read_analysis(base::JsonReader& in);
[[nodiscard]] model::GreenSummary read_green_summary(base::JsonReader& in);
[[nodiscard]] model::QualityGate read_quality_gate(base::JsonReader& in);
[[nodiscard]] model::EndpointIoOps read_endpoint(base::JsonReader& in);
[[nodiscard]] model::Correlation read_correlation(base::JsonReader& in);
[[nodiscard]] model::Warning read_warning(base::JsonReader& in);
[[nodiscard]] model::Acknowledgment read_acknowledgment(base::JsonReader& in);

// Thresholds are all there and of their types, or there are none.
[[nodiscard]] std::optional<model::DetectionSettings> read_settings(base::JsonReader& in);

}  // namespace sentinel::analysis
