// One I/O event as text, before sanitising, normalising and interning (chapter 01 §1.1): what the native decoder reads and what
// the synthetic generator makes. Views are valid for the call that receives the event.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/symbols.h"

namespace sentinel::ingest {

struct RawEvent {
  std::string_view timestamp;
  std::string_view trace_id;
  std::string_view span_id;
  std::optional<std::string_view> parent_span_id;
  std::optional<std::string_view> link_trace_id;
  std::string_view service;
  std::span<const model::GroupPair> grouping;  // as captured; selection by configured keys follows
  std::optional<std::string_view> cloud_region;
  model::EventType type = model::EventType::kSql;
  std::string_view operation;
  std::string_view target;
  std::uint64_t duration_us = 0;
  std::string_view endpoint;  // source.endpoint; source.method is checked by the decoders and read by nobody
  std::optional<std::uint16_t> status_code;
  std::optional<std::uint64_t> response_size_bytes;
  std::optional<std::string_view> code_function;
  std::optional<std::string_view> code_filepath;
  std::optional<std::uint32_t> code_lineno;
  std::optional<std::string_view> code_namespace;
  std::span<const std::string_view> instrumentation_scopes;
};

}  // namespace sentinel::ingest
