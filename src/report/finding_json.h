// A finding and its parts as JSON values (chapter 07 §3.3), shared by every JSON form that holds one. Pure functions.
#pragma once

#include "base/json_writer.h"
#include "model/finding.h"
#include "model/impact.h"

namespace sentinel::report {

// `evidence`: with the member of that name, where the finding was assessed.
void write_finding(base::JsonWriter& json, const model::Finding& finding, bool evidence = true);
// The members impact, what_if (where there is a prediction) and evidence, into an open object.
void write_impact_members(base::JsonWriter& json, const model::FindingImpact& impact, bool evidence = true);
void write_code_location(base::JsonWriter& json, const model::CodeLocation& location);
void write_suggested_fix(base::JsonWriter& json, const model::SuggestedFix& fix);

}  // namespace sentinel::report
