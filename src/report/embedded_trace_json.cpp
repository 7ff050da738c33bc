#include "report/embedded_trace_json.h"

namespace sentinel::report {

void write_embedded_span(base::JsonWriter& json, const analysis::ExplainSpan& span) {
  json.begin_object();
  json.field("span_id", span.span_id);
  if (span.timestamp.data() != nullptr) json.field("timestamp", span.timestamp);
  if (span.parent_span_id.data() != nullptr) json.field("parent_span_id", span.parent_span_id);
  json.field("service", span.service);
  json.field("endpoint", span.endpoint);
  json.field("event_type", model::slug(span.type));
  json.field("operation", span.operation);
  json.field("template", span.template_text);
  json.field("duration_us", span.duration_us);
  if (span.status_code) json.field("status_code", std::uint64_t{*span.status_code});
  json.end_object();
}

void write_embedded_trace(base::JsonWriter& json, std::string_view trace_id, std::span<const analysis::ExplainSpan> spans) {
  json.begin_object();
  json.field("trace_id", trace_id);
  json.key("spans").begin_array();
  for (const analysis::ExplainSpan& span : spans) write_embedded_span(json, span);
  json.end_array();
  json.end_object();
}

}  // namespace sentinel::report
