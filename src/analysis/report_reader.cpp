// Two passes: the table of report_shape.cpp holds the document to its rules; then what is wanted is read without looking back.
#include "analysis/report_reader.h"

#include <algorithm>

#include "analysis/report_shape.h"
#include "base/json_reader.h"
#include "detect/signature.h"

namespace sentinel::analysis {
namespace {

using base::Error;
using base::JsonReader;
using base::Result;

// Calls member(key) for each member of the object that comes next; what member() does not read it must skip.
template <class Member>
void each_member(JsonReader& in, Member member) {
  for (bool more = in.enter_object(); more; more = in.next_member()) member(in.key());
}

template <class Item>
void each_item(JsonReader& in, Item item) {
  for (bool more = in.enter_array(); more; more = in.next_item()) item();
}

// The readers below leave what they fill alone when null stands for it.
void read(JsonReader& in, std::string_view& out) {
  if (!in.read_null()) in.read_string(&out);
}

void read(JsonReader& in, std::uint64_t& out) { in.read_u64(&out); }

template <class Number>
void read(JsonReader& in, std::optional<Number>& out) {
  std::uint64_t value = 0;
  if (!in.read_null() && in.read_u64(&value)) out = static_cast<Number>(value);
}

template <class Enum>
void read(JsonReader& in, Enum& out, std::optional<Enum> (*named)(std::string_view)) {
  std::string_view name;
  if (in.read_null() || !in.read_string(&name)) return;
  if (const std::optional<Enum> value = named(name)) out = *value;
}

void read(JsonReader& in, model::Pattern& pattern) {
  each_member(in, [&](std::string_view key) {
    if (key == "template") return read(in, pattern.template_text);
    if (key == "occurrences") return read(in, pattern.occurrences);
    if (key == "window_ms") return read(in, pattern.window_ms);
    if (key == "distinct_params") return read(in, pattern.distinct_params);
    if (key == "span_duration_us_p50") return read(in, pattern.p50_us);
    if (key == "span_duration_us_p99") return read(in, pattern.p99_us);
    if (key == "span_duration_cv_x1000") return read(in, pattern.cv_x1000);
    in.skip();
  });
}

void read(JsonReader& in, model::CodeLocation& location) {
  if (in.read_null()) return;
  each_member(in, [&](std::string_view key) {
    if (key == "function") return read(in, location.function);
    if (key == "filepath") return read(in, location.filepath);
    if (key == "lineno") return read(in, location.lineno);
    if (key == "namespace") return read(in, location.code_namespace);
    in.skip();
  });
}

void read(JsonReader& in, std::optional<model::SuggestedFix>& out) {
  if (in.read_null()) return;
  model::SuggestedFix& fix = out.emplace();
  each_member(in, [&](std::string_view key) {
    if (key == "pattern") return read(in, fix.pattern);
    if (key == "framework") return read(in, fix.framework);
    if (key == "recommendation") return read(in, fix.recommendation);
    if (key == "reference_url") return read(in, fix.reference_url);
    in.skip();
  });
}

void read(JsonReader& in, std::optional<model::GreenImpact>& out) {
  if (in.read_null()) return;
  model::GreenImpact& impact = out.emplace();
  each_member(in, [&](std::string_view key) {
    if (key == "estimated_extra_io_ops") return read(in, impact.extra_io_ops);
    if (key == "io_intensity_band") return read(in, impact.band, band_named);
    if (key == "io_intensity_score") {
      in.read_double(&impact.io_intensity_score);
      return;
    }
    in.skip();
  });
}

std::span<const model::GroupPair> read_grouping(JsonReader& in, base::Arena& texts) {
  std::vector<model::GroupPair> pairs;
  each_item(in, [&] {
    model::GroupPair& pair = pairs.emplace_back();
    each_member(in, [&](std::string_view key) {
      if (key == "key") return read(in, pair.key);
      if (key == "value") return read(in, pair.value);
      in.skip();
    });
  });
  const std::span<model::GroupPair> kept = texts.array<model::GroupPair>(pairs.size());
  std::ranges::copy(pairs, kept.begin());
  return kept;
}

std::span<const std::string_view> read_scopes(JsonReader& in, base::Arena& texts) {
  std::vector<std::string_view> scopes;
  each_item(in, [&] { read(in, scopes.emplace_back()); });
  const std::span<std::string_view> kept = texts.array<std::string_view>(scopes.size());
  std::ranges::copy(scopes, kept.begin());
  return kept;
}

model::Finding read_finding(JsonReader& in, base::Arena& texts) {
  model::Finding f;
  each_member(in, [&](std::string_view key) {
    if (key == "type") return read(in, f.type, finding_type_named);
    if (key == "severity") return read(in, f.severity, severity_named);
    if (key == "trace_id") return read(in, f.trace_id);
    if (key == "service") return read(in, f.service);
    if (key == "grouping") return void(f.grouping = read_grouping(in, texts));
    if (key == "source_endpoint") return read(in, f.source_endpoint);
    if (key == "pattern") return read(in, f.pattern);
    if (key == "suggestion") return read(in, f.suggestion);
    if (key == "first_timestamp") return read(in, f.first_timestamp);
    if (key == "last_timestamp") return read(in, f.last_timestamp);
    if (key == "green_impact") return read(in, f.green_impact);
    if (key == "confidence") return read(in, f.confidence, confidence_named);
    if (key == "classification_method") return read(in, f.classification, classification_named);
    if (key == "code_location") return read(in, f.code_location);
    if (key == "instrumentation_scopes") return void(f.scopes = read_scopes(in, texts));
    if (key == "suggested_fix") return read(in, f.suggested_fix);
    if (key == "signature") return read(in, f.signature);
    in.skip();
  });
  if (f.signature.empty()) {
    f.signature = texts.copy(detect::signature(f.type, f.service, f.source_endpoint, f.pattern.template_text));
  }
  return f;
}

ExplainSpan read_span(JsonReader& in) {
  ExplainSpan span;
  each_member(in, [&](std::string_view key) {
    if (key == "span_id") return read(in, span.span_id);
    if (key == "parent_span_id") return read(in, span.parent_span_id);
    if (key == "timestamp") return read(in, span.timestamp);
    if (key == "service") return read(in, span.service);
    if (key == "template") return read(in, span.template_text);
    if (key == "operation") return read(in, span.operation);
    if (key == "duration_us") return read(in, span.duration_us);
    in.skip();
  });
  return span;
}

EmbeddedTrace read_trace(JsonReader& in) {
  EmbeddedTrace trace;
  each_member(in, [&](std::string_view key) {
    if (key == "trace_id") return read(in, trace.trace_id);
    if (key == "spans") return each_item(in, [&] { trace.spans.push_back(read_span(in)); });
    in.skip();
  });
  return trace;
}

}  // namespace

bool looks_like_report(std::string_view document) {
  base::Arena scratch;
  JsonReader in(document, scratch, kMaxReportNesting);
  if (in.peek() != '{') return false;
  bool found = false;
  each_member(in, [&](std::string_view key) {
    found |= key == "findings";
    in.skip();
  });
  return found && !in.failed() && in.at_end();
}

Result<SavedReport> read_saved_report(std::string_view document) {
  if (base::Status shape = check_report_shape(document, kMaxReportNesting); !shape) return shape.error();
  SavedReport report;
  JsonReader in(document, report.texts, kMaxReportNesting);
  each_member(in, [&](std::string_view key) {
    if (key == "findings") return each_item(in, [&] { report.findings.push_back(read_finding(in, report.texts)); });
    if (key == "embedded_traces") return each_item(in, [&] { report.embedded_traces.push_back(read_trace(in)); });
    in.skip();
  });
  if (in.failed()) return Error{std::string("bug: the report passed its check and cannot be read: ") + in.error().what, "", ""};
  return report;
}

}  // namespace sentinel::analysis
