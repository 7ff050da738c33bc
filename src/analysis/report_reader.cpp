// Two passes: the table of report_shape.cpp holds the document to its rules; then what is wanted is read without looking back.
#include "analysis/report_reader.h"

#include <algorithm>

#include "analysis/report_fields.h"
#include "analysis/report_reader_parts.h"
#include "analysis/report_shape.h"
#include "base/json_reader.h"
#include "detect/signature.h"
#include "model/impact.h"

namespace sentinel::analysis {
namespace {

using base::Error;
using base::JsonReader;
using base::Result;
using fields::each_item;
using fields::each_member;
using fields::read;

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

void read_impact(JsonReader& in, model::FindingImpact& out) {
  each_member(in, [&](std::string_view key) {
    if (key == "critical_path_us") return read(in, out.critical_path_us);
    if (key == "trace_us") return read(in, out.trace_us);
    if (key == "avoidable_io_ops") return read(in, out.avoidable_ops);
    if (key == "energy_kwh") return read(in, out.energy_kwh);
    in.skip();
  });
}

void read_what_if(JsonReader& in, model::FindingImpact& out) {
  each_member(in, [&](std::string_view key) {
    if (key == "fix") return read(in, out.fix, model::fix_named);
    if (key == "trace_us") return read(in, out.fixed_trace_us);
    if (key == "saved_io_ops") return read(in, out.saved_ops);
    if (key == "saved_energy_kwh") return read(in, out.saved_energy_kwh);
    in.skip();
  });
}

std::span<const std::string_view> read_texts(JsonReader& in, base::Arena& texts) {
  std::vector<std::string_view> items;
  each_item(in, [&] { read(in, items.emplace_back()); });
  const std::span<std::string_view> kept = texts.array<std::string_view>(items.size());
  std::ranges::copy(items, kept.begin());
  return kept;
}

void read_evidence(JsonReader& in, model::FindingImpact& out, base::Arena& texts) {
  each_member(in, [&](std::string_view key) {
    if (key == "spans") return read(in, out.spans);
    if (key == "critical_spans") return read(in, out.critical_spans);
    if (key == "span_ids") return void(out.span_ids = read_texts(in, texts));
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

model::Finding read_finding(JsonReader& in, base::Arena& texts) {
  model::Finding f;
  model::FindingImpact* impact = nullptr;  // of three members, in any order
  const auto assessed = [&]() -> model::FindingImpact& {
    if (impact == nullptr) f.impact = impact = texts.array<model::FindingImpact>(1).data();
    return *impact;
  };
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
    if (key == "instrumentation_scopes") return void(f.scopes = read_texts(in, texts));
    if (key == "suggested_fix") return read(in, f.suggested_fix);
    if (key == "signature") return read(in, f.signature);
    if (key == "impact") return read_impact(in, assessed());
    if (key == "what_if") return read_what_if(in, assessed());
    if (key == "evidence") return read_evidence(in, assessed(), texts);
    in.skip();
  });
  if (f.signature.empty()) {
    f.signature = texts.copy(detect::signature(f.type, f.service, f.source_endpoint, f.pattern.template_text));
  }
  return f;
}

model::AcknowledgedFinding read_acknowledged(JsonReader& in, base::Arena& texts) {
  model::AcknowledgedFinding out;
  each_member(in, [&](std::string_view key) {
    if (key == "finding") return void(out.finding = read_finding(in, texts));
    if (key == "acknowledgment") return void(out.acknowledgment = read_acknowledgment(in));
    in.skip();
  });
  return out;
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
    if (key == "endpoint") return read(in, span.endpoint);
    if (key == "event_type") return read(in, span.type, event_type_named);
    if (key == "duration_us") return read(in, span.duration_us);
    if (key == "status_code") return read(in, span.status_code);
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

bool begins_like_report(std::string_view first_bytes) {
  base::Arena scratch;
  JsonReader in(first_bytes, scratch, kMaxReportNesting);
  return in.peek() == '{' && in.enter_object() && is_report_key(in.key());
}

Result<SavedReport> read_saved_report(std::string_view document, unsigned max_nesting) {
  if (base::Status shape = check_report_shape(document, max_nesting); !shape) return shape.error();
  SavedReport saved;
  model::Report& report = saved.report;
  JsonReader in(document, saved.texts, max_nesting);
  each_member(in, [&](std::string_view key) {
    if (key == "analysis") return void(report.analysis = read_analysis(in));
    if (key == "findings") return each_item(in, [&] { report.findings.push_back(read_finding(in, saved.texts)); });
    if (key == "green_summary") return void(report.green_summary = read_green_summary(in));
    if (key == "quality_gate") return void(report.quality_gate = read_quality_gate(in));
    if (key == "per_endpoint_io_ops") return each_item(in, [&] { report.per_endpoint_io_ops.push_back(read_endpoint(in)); });
    if (key == "correlations") return each_item(in, [&] { report.correlations.push_back(read_correlation(in)); });
    if (key == "embedded_traces") return each_item(in, [&] { saved.embedded_traces.push_back(read_trace(in)); });
    if (key == "warnings") return each_item(in, [&] { read(in, report.warnings.emplace_back()); });
    if (key == "warning_details") return each_item(in, [&] { report.warning_details.push_back(read_warning(in)); });
    if (key == "acknowledged_findings") {
      return each_item(in, [&] { report.acknowledged_findings.push_back(read_acknowledged(in, saved.texts)); });
    }
    if (key == "binary_version") return read(in, report.binary_version);
    if (key == "detection_config") return void(report.detection_config = read_settings(in));
    in.skip();
  });
  if (in.failed()) return Error{std::string("bug: the report passed its check and cannot be read: ") + in.error().what, "", ""};
  return saved;
}

}  // namespace sentinel::analysis
