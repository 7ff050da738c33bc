// What ingest() gives, as JSON one can compare and read: one object an event with the keys of chapter 01 §1.1, `template` and
// `params` in place of `target`, no `source.method`.
#pragma once

#include <cstdio>
#include <fstream>
#include <string>

#include "ingest/ingest.h"
#include "normalize/normalizer.h"
#include "support/files.h"
#include "support/json.h"

namespace sentinel::ingest::test {

using nlohmann::json;

inline std::string text_of(const base::Hash128& hash) {
  char out[33];
  std::snprintf(out, sizeof out, "%016llx%016llx", static_cast<unsigned long long>(hash.high),
                static_cast<unsigned long long>(hash.low));
  return out;
}

constexpr const char* kTypeNames[] = {"sql", "http_out", "messaging"};

inline void put_target(json& out, const model::Symbols& symbols, const model::SpanRecord& r) {
  out["template"] = symbols.text(r.template_id);
  out["params"] = r.has(model::kHasParams) ? text_of(r.params) : "none";
}

inline json event_of(const model::Symbols& symbols, const model::SpanRecord& r) {
  char buffer[32];
  json out;
  out["timestamp"] = model::timestamp_text(symbols, r, buffer);
  out["trace_id"] = symbols.text(r.trace);
  out["span_id"] = model::span_id_text(symbols, r, buffer);
  if (r.has(model::kHasParent)) out["parent_span_id"] = model::parent_id_text(symbols, r, buffer);
  if (r.extra != 0 && symbols.extra(r.extra).link_trace != base::kNoText)
    out["link_trace_id"] = symbols.text(symbols.extra(r.extra).link_trace);
  out["service"] = symbols.text(r.service);
  for (const model::GroupPair& pair : symbols.grouping(r.grouping).pairs)
    out["grouping"].push_back({{"key", pair.key}, {"value", pair.value}});
  if (r.region != base::kNoText) out["cloud_region"] = symbols.text(r.region);
  out["type"] = kTypeNames[static_cast<std::size_t>(r.type())];
  out["operation"] = symbols.text(r.operation);
  put_target(out, symbols, r);
  out["duration_us"] = r.duration_us;
  out["endpoint"] = symbols.text(r.endpoint);
  if (r.has(model::kHasStatus)) out["status_code"] = r.status;
  if (r.has(model::kHasResponseSize)) out["response_size_bytes"] = r.response_bytes;
  const model::Origin& origin = symbols.origin(r.origin);
  if (origin.function != base::kNoText) out["code_function"] = symbols.text(origin.function);
  if (origin.filepath != base::kNoText) out["code_filepath"] = symbols.text(origin.filepath);
  if (origin.lineno) out["code_lineno"] = *origin.lineno;
  if (origin.code_namespace != base::kNoText) out["code_namespace"] = symbols.text(origin.code_namespace);
  for (const model::TextId scope : origin.scopes) out["instrumentation_scopes"].push_back(symbols.text(scope));
  return out;
}

// An event of a vector in the same form.
inline json expected_event(json event) {
  model::Symbols symbols;
  normalize::Normalizer normalizer(symbols);
  model::SpanRecord r;
  const auto type = event["type"].get<std::string>();
  const auto found = std::ranges::find(kTypeNames, type);
  normalizer.apply(static_cast<model::EventType>(found - std::begin(kTypeNames)), event["operation"].get<std::string>(),
                   event["target"].get<std::string>(), r);
  put_target(event, symbols, r);
  event["endpoint"] = event["source"]["endpoint"];
  event.erase("target");
  event.erase("source");
  return event;
}

inline json tally_of(const model::IngestTally& tally) {
  return {{"received", tally.received},
          {"retained_sql", tally.retained_sql},
          {"retained_http", tally.retained_http},
          {"merged_db_span", tally.merged_db_span},
          {"missing_db_statement", tally.missing_db_statement},
          {"missing_http_url", tally.missing_http_url},
          {"non_sql_datastore", tally.non_sql_datastore},
          {"not_io", tally.not_io}};
}

inline IngestOptions default_options() {
  IngestOptions options;
  options.settings.grouping_keys = {"k8s.namespace.name", "service.namespace"};
  return options;
}

// {"events": […], "tally": {…}} or {"error": "…"}.
inline json outcome_of(const base::Result<Ingested>& result) {
  if (!result.ok()) return {{"error", result.error().text()}};
  const Ingested& all = result.value();
  json out = {{"events", json::array()}};
  for (const auto& batch : all.batches) {
    for (const model::SpanRecord& r : batch) out["events"].push_back(event_of(all.symbols, r));
  }
  if (all.tally) out["tally"] = tally_of(*all.tally);
  return out;
}
inline json outcome_of(std::string_view input, const IngestOptions& options) {
  const std::unique_ptr<ByteSource> source = memory_source(input, "input");
  return outcome_of(ingest(*source, options));
}

inline json read_vectors(const char* name) {
  std::ifstream file(test_data(name));
  return parsed_json<json>(file);
}

}  // namespace sentinel::ingest::test
