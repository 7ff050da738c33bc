#include "analysis/report_reader_parts.h"

#include <limits>

#include "analysis/report_fields.h"
#include "analysis/report_shape.h"

namespace sentinel::analysis {
namespace {

using base::JsonReader;
using namespace fields;

model::IngestTally read_tally(JsonReader& in) {
  model::IngestTally tally;
  // clang 14 sees no default constructor in a struct nested where an optional of it is a member.
  model::IngestTally::Stated& stated = tally.stated.emplace(model::IngestTally::Stated{});
  each_member(in, [&](std::string_view key) {
    if (key == "spans_received") return read(in, tally.received);
    if (key == "spans_filtered") return read(in, stated.filtered);
    if (key == "filtered_not_io") return read(in, tally.not_io);
    if (key == "filtered_missing_db_statement") return read(in, tally.missing_db_statement);
    if (key == "filtered_missing_http_url") return read(in, tally.missing_http_url);
    if (key == "filtered_non_sql_datastore") return read(in, tally.non_sql_datastore);
    if (key == "filtered_merged_db_span") return read(in, tally.merged_db_span);
    if (key == "usable_span_ratio") return read(in, stated.usable_ratio);
    in.skip();
  });
  return tally;
}

model::GateRule read_rule(JsonReader& in) {
  model::GateRule rule;
  each_member(in, [&](std::string_view key) {
    if (key == "rule") return read(in, rule.rule);
    if (key == "threshold") return read(in, rule.threshold);
    if (key == "actual") return read(in, rule.actual);
    if (key == "passed") return read(in, rule.passed);
    in.skip();
  });
  return rule;
}

model::CorrelationEnd read_end(JsonReader& in) {
  model::CorrelationEnd end;
  each_member(in, [&](std::string_view key) {
    if (key == "finding_type") return read(in, end.type, finding_type_named);
    if (key == "service") return read(in, end.service);
    if (key == "template") return read(in, end.template_text);
    if (key == "grouping_key") return read(in, end.grouping_key);
    if (key == "grouping_value") return read(in, end.grouping_value);
    in.skip();
  });
  return end;
}

}  // namespace

model::AnalysisInfo read_analysis(JsonReader& in) {
  model::AnalysisInfo analysis;
  each_member(in, [&](std::string_view key) {
    if (key == "duration_ms") return read(in, analysis.duration_ms);
    if (key == "events_processed") return read(in, analysis.events_processed);
    if (key == "traces_analyzed") return read(in, analysis.traces_analyzed);
    if (key == "ingest") {
      if (!in.read_null()) analysis.ingest = read_tally(in);
      return;
    }
    in.skip();
  });
  return analysis;
}

model::QualityGate read_quality_gate(JsonReader& in) {
  model::QualityGate gate;
  each_member(in, [&](std::string_view key) {
    if (key == "passed") return read(in, gate.passed);
    if (key == "rules") return each_item(in, [&] { gate.rules.push_back(read_rule(in)); });
    in.skip();
  });
  return gate;
}

model::EndpointIoOps read_endpoint(JsonReader& in) {
  model::EndpointIoOps row;
  each_member(in, [&](std::string_view key) {
    if (key == "service") return read(in, row.service);
    if (key == "endpoint") return read(in, row.endpoint);
    if (key == "io_ops") return read(in, row.io_ops);
    in.skip();
  });
  return row;
}

model::Correlation read_correlation(JsonReader& in) {
  model::Correlation c;
  each_member(in, [&](std::string_view key) {
    if (key == "source") return void(c.source = read_end(in));
    if (key == "target") return void(c.target = read_end(in));
    if (key == "co_occurrence_count") return read(in, c.co_occurrence_count);
    if (key == "source_total_occurrences") return read(in, c.source_total_occurrences);
    if (key == "confidence") return read(in, c.confidence);
    if (key == "median_lag_ms") return read(in, c.median_lag_ms);
    if (key == "first_seen") return read(in, c.first_seen);
    if (key == "last_seen") return read(in, c.last_seen);
    if (key == "sample_trace_id") return read(in, c.sample_trace_id);
    in.skip();
  });
  return c;
}

model::Warning read_warning(JsonReader& in) {
  model::Warning warning;
  each_member(in, [&](std::string_view key) {
    if (key == "kind") return read(in, warning.kind);
    if (key == "message") return read(in, warning.message);
    in.skip();
  });
  return warning;
}

model::Acknowledgment read_acknowledgment(JsonReader& in) {
  model::Acknowledgment ack;
  each_member(in, [&](std::string_view key) {
    if (key == "signature") return read(in, ack.signature);
    if (key == "acknowledged_by") return read(in, ack.acknowledged_by);
    if (key == "acknowledged_at") return read(in, ack.acknowledged_at);
    if (key == "reason") return read(in, ack.reason);
    if (key == "expires_at") return read(in, ack.expires_at);
    if (key == "service") return read(in, ack.service);
    if (key == "source_endpoint") return read(in, ack.source_endpoint);
    in.skip();
  });
  return ack;
}

std::optional<model::DetectionSettings> read_settings(JsonReader& in) {
  std::string_view raw;
  if (!in.read_raw(&raw)) return std::nullopt;
  // A reader of its own: what is wrong in here must not fail the report.
  base::Arena scratch;
  JsonReader inner(raw, scratch);
  model::DetectionSettings out;
  unsigned seen = 0;
  const auto number = [&](auto& to) {
    std::uint64_t value = 0;
    if (!inner.read_u64(&value)) return;
    using Number = std::remove_reference_t<decltype(to)>;
    if (value > std::numeric_limits<Number>::max()) return inner.fail(base::JsonFault::kType, "out of range");
    to = static_cast<Number>(value);
    ++seen;
  };
  each_member(inner, [&](std::string_view key) {
    if (key == "n_plus_one_threshold") return number(out.n_plus_one_threshold);
    if (key == "window_ms") return number(out.window_ms);
    if (key == "slow_threshold_ms") return number(out.slow_threshold_ms);
    if (key == "slow_min_occurrences") return number(out.slow_min_occurrences);
    if (key == "max_fanout") return number(out.max_fanout);
    if (key == "chatty_service_min_calls") return number(out.chatty_service_min_calls);
    if (key == "pool_saturation_concurrent_threshold") return number(out.pool_saturation_concurrent_threshold);
    if (key == "serialized_min_sequential") return number(out.serialized_min_sequential);
    if (key == "sanitizer_aware_classification") {
      std::string_view name;
      if (!inner.read_string(&name)) return;
      const std::optional<model::DetectionSettings::Sanitizer> mode = sanitizer_named(name);
      if (!mode) return inner.fail(base::JsonFault::kType, "unknown mode");
      out.sanitizer = *mode;
      ++seen;
      return;
    }
    inner.skip();
  });
  constexpr unsigned kKeys = 9;
  if (inner.failed() || seen != kKeys) return std::nullopt;
  return out;
}

}  // namespace sentinel::analysis
