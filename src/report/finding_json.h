// A finding and its parts as JSON values (chapter 07 §3.3), shared by every JSON form that holds one. Pure functions.
#pragma once

#include "base/json_writer.h"
#include "model/finding.h"

namespace sentinel::report {

void write_finding(base::JsonWriter& json, const model::Finding& finding);
void write_code_location(base::JsonWriter& json, const model::CodeLocation& location);
void write_suggested_fix(base::JsonWriter& json, const model::SuggestedFix& fix);

}  // namespace sentinel::report
