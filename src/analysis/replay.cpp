#include "analysis/replay.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace sentinel::analysis {

base::Result<Replay> Replay::read(ingest::ByteSource& source, const ingest::Format* format, unsigned threads,
                                  const config::Config& config) {
  ingest::IngestOptions options;
  options.format = format;
  options.threads = threads;
  options.settings = ingest::IngestSettings::from(config);
  options.settings.keep_targets = true;
  base::Result<ingest::Ingested> ingested = ingest::ingest(source, options);
  if (!ingested) return ingested.error();
  Replay replay;
  replay.symbols_ = std::move(ingested->symbols);
  replay.events_.reserve(ingested->events());
  for (std::vector<model::SpanRecord>& batch : ingested->batches) {
    for (const model::SpanRecord& record : batch) replay.events_.push_back(replay.event_of(record));
    batch = {};
  }
  return replay;
}

ingest::RawEvent Replay::event_of(const model::SpanRecord& record) {
  const auto optional_text = [&](base::TextId id) {
    return id == base::kNoText ? std::nullopt : std::optional(symbols_.text(id));
  };
  std::array<char, 24> buffer;
  ingest::RawEvent event;
  event.timestamp = texts_.copy(model::timestamp_text(symbols_, record, buffer));
  event.trace_id = symbols_.text(record.trace);
  event.span_id = texts_.copy(model::span_id_text(symbols_, record, buffer));
  if (record.has(model::kHasParent)) event.parent_span_id = texts_.copy(model::parent_id_text(symbols_, record, buffer));
  event.service = symbols_.text(record.service);
  event.grouping = symbols_.grouping(record.grouping).pairs;
  event.cloud_region = optional_text(record.region);
  event.type = record.type();
  event.operation = symbols_.text(record.operation);
  event.target = symbols_.text(record.template_id);
  event.duration_us = record.duration_us;
  event.endpoint = symbols_.text(record.endpoint);
  if (record.has(model::kHasStatus)) event.status_code = record.status;
  if (record.has(model::kHasResponseSize)) event.response_size_bytes = record.response_bytes;
  if (record.extra != 0) {
    const model::SpanExtra& extra = symbols_.extra(record.extra);
    event.link_trace_id = optional_text(extra.link_trace);
    if (extra.target != base::kNoText) event.target = symbols_.text(extra.target);
  }
  const model::Origin& origin = symbols_.origin(record.origin);
  event.code_function = optional_text(origin.function);
  event.code_filepath = optional_text(origin.filepath);
  event.code_lineno = origin.lineno;
  event.code_namespace = optional_text(origin.code_namespace);
  const std::span<std::string_view> scopes = texts_.array<std::string_view>(origin.scopes.size());
  for (std::size_t i = 0; i < scopes.size(); ++i) scopes[i] = symbols_.text(origin.scopes[i]);
  event.instrumentation_scopes = scopes;
  return event;
}

}  // namespace sentinel::analysis
