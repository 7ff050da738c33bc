// A JSON value as the compact text that Jaeger tag look-ups compare (chapter 01 §6.1): object members sorted by key bytes, the
// last of a repeated key kept, integers within 64 bits as written, other numbers as doubles.
#pragma once

#include <string>

#include "base/json_reader.h"

namespace sentinel::ingest {

// Consumes one value and appends its text; a number beyond the double range is an error of the reader.
void append_compact(base::JsonReader& reader, std::string& out);

}  // namespace sentinel::ingest
