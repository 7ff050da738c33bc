// The messages of an OTLP trace request as tables, and a walk that checks a message against them without reading it.
//
// What nobody reads (events, links, scope attributes, nested values, …) is held to the same rules as what is read: wire types,
// UTF-8, nesting. The decoder (protobuf.cpp) reads the fields it wants and hands every other one to Checker. Spec: chapter 12.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ingest/otlp/wire.h"

namespace sentinel::ingest::otlp {

enum class Message : std::uint8_t {
  kRequest,
  kResourceSpans,
  kResource,
  kEntityRef,
  kScopeSpans,
  kScope,
  kSpan,
  kEvent,
  kLink,
  kStatus,
  kKeyValue,
  kAnyValue,
  kArrayValue,
  kKeyValueList,
};

// Checks field `tag` of a message `of` at `depth` (the request has 0) and passes over it.
bool check_field(WireReader& reader, Message of, std::uint32_t tag, unsigned depth);

// Checks a whole message at `depth`.
bool check_message(Wire& wire, std::string_view bytes, Message message, unsigned depth);

// Names the message and field in which a fault happened; the innermost one that is known stays. Answers false.
bool blame(Wire& wire, Message message, std::uint32_t tag);

}  // namespace sentinel::ingest::otlp
