// A trace as reports and dashboards embed it (chapter 07 §6.1): templates only, never a raw statement or URL. Pure function.
#pragma once

#include <span>
#include <string_view>

#include "analysis/explain.h"
#include "base/json_writer.h"

namespace sentinel::report {

void write_embedded_span(base::JsonWriter& json, const analysis::ExplainSpan& span);
void write_embedded_trace(base::JsonWriter& json, std::string_view trace_id, std::span<const analysis::ExplainSpan> spans);

}  // namespace sentinel::report
