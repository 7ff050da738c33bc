// An OTLP protobuf request as one line of OTLP/JSON: what `capture` writes (chapter 02 §1.5).
//
// Every field is there, defaults included, in a fixed order; fields that the schema does not know are lost. Reading the line
// gives the same events as the message itself. Numbers that are not finite are written "NaN", "Infinity", "-Infinity".
// Linear; an arena of offsets at most. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sentinel::ingest::otlp {

// Whether the message is a valid ExportTraceServiceRequest; the error says what is malformed and where.
[[nodiscard]] base::Status check_request(std::string_view message);

// Appends the line, without its line end, and gives the number of spans. Precondition: check_request() has passed.
std::uint64_t append_json_line(std::string& out, std::string_view message);

}  // namespace sentinel::ingest::otlp
