// The shape of a saved report as a table, and the check of a document against it (chapter 07 §3.6).
//
// One row a key: its type, whether it must be there, whether null may stand for its absence. Unknown keys pass, a known key may
// not come twice, an integer may stand for a float and not the reverse. Pure function, any thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "model/report.h"

namespace sentinel::analysis {

// Checks a whole document. Error: what = the rule that is broken, where = the path of the value, e.g. "findings[2].pattern".
[[nodiscard]] base::Status check_report_shape(std::string_view document, unsigned max_nesting);

// A key that the root of a report may have.
[[nodiscard]] bool is_report_key(std::string_view key);

// The value named by a slug, for the enums of reports; nullopt for a name that is none of theirs.
[[nodiscard]] std::optional<model::FindingType> finding_type_named(std::string_view name);
[[nodiscard]] std::optional<model::Severity> severity_named(std::string_view name);
[[nodiscard]] std::optional<model::Confidence> confidence_named(std::string_view name);
[[nodiscard]] std::optional<model::Band> band_named(std::string_view name);
[[nodiscard]] std::optional<model::Classification> classification_named(std::string_view name);
[[nodiscard]] std::optional<model::IntensitySource> intensity_source_named(std::string_view name);
[[nodiscard]] std::optional<model::EventType> event_type_named(std::string_view name);
[[nodiscard]] std::optional<model::DetectionSettings::Sanitizer> sanitizer_named(std::string_view name);

}  // namespace sentinel::analysis
