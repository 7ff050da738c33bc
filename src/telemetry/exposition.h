// What `/metrics` answers: a snapshot of metrics as text, in the form that the asker can read (chapter 05 §10.1).
//
// Families in byte order of their names, samples in byte order of their label values, labels by name with `le` last. Pure
// functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "telemetry/registry.h"

namespace sentinel::telemetry {

enum class Exposition : std::uint8_t {
  kPlain,        // Prometheus text 0.0.4, never an exemplar
  kOpenMetrics,  // the same lines, exemplars and "# EOF": what the chapter and its recorded answers show
  // OpenMetrics 1.0 to the letter, samples named as in the plain form: families of counters without _total, exemplars on
  // counters only, and counters whose name has no _total of type unknown.
  kOpenMetricsStrict,
};

// What the first Accept header asks for; nullopt when there is none. An asker that takes OpenMetrics and nothing else gets the
// form that is recorded; one that names other types as well, as Prometheus always does, gets the strict one: Prometheus refuses
// a whole scrape for an exemplar on a gauge.
[[nodiscard]] Exposition negotiate(std::optional<std::string_view> accept);

[[nodiscard]] std::string_view content_type(Exposition form);

[[nodiscard]] std::string expose(Snapshot snapshot, Exposition form);

}  // namespace sentinel::telemetry
