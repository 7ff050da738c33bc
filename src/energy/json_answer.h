// The small JSON answers of Redfish, Prometheus' query API and Electricity Maps as readings (chapter 04 §13.5, §13.7, §15).
// Pure functions, any thread. `text` is valid UTF-8.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "config/green_config.h"
#include "energy/backend.h"
#include "score/readings.h"

namespace sentinel::energy {

// Watts of a chassis, above 0, or what is wrong: kInvalidJson, kPathMissing, kInvalidValue.
[[nodiscard]] std::variant<double, ScrapeFailure> read_redfish(std::string_view text, config::RedfishEndpoint::Schema schema);

// The first series of an answer to an instant query.
struct QueryValue {
  double value = 0.0;  // may be NaN or infinite
  std::size_t series = 1;
};
// nullopt: no success, no series, or not a value in a text.
[[nodiscard]] std::optional<QueryValue> read_query_answer(std::string_view text);

// The carbon intensity of a zone; nullopt: not such an answer.
[[nodiscard]] std::optional<score::GridReading> read_intensity(std::string_view text);

}  // namespace sentinel::energy
