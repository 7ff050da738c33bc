// The input formats: their names, how they are recognised and which functions read them (chapter 01 §4.3).
#pragma once

#include <optional>
#include <string_view>

#include "ingest/cutter.h"
#include "ingest/decoder.h"

namespace sentinel::ingest {

// By which key a span finds its parent, and which rules apply once it has.
enum class ResolveRule : std::uint8_t {
  kNone,    // events are complete
  kTrace,   // spans of one trace, endpoint only (Jaeger, Zipkin)
  kService  // spans of one service in a document, all OTLP rules
};

struct Format {
  std::string_view name;  // in --input-format and messages
  void (*cut)(Cutter&);   // null: not JSON, read as a whole
  DecodeStep decode;
  ResolveRule resolve;
  bool replaces_client_only;  // a repeated span id replaces the indexed span only if that one is a client (Zipkin)
  bool has_tally;
};

extern const Format kNative;
extern const Format kJaeger;
extern const Format kZipkin;
extern const Format kOtlpJson;
extern const Format kOtlpNdjson;  // the same documents, one a line
extern const Format kOtlpProtobuf;

// The format of that name ("native", "jaeger", "zipkin", "otlp-json", "otlp-ndjson", "otlp-protobuf"), or null.
[[nodiscard]] const Format* format_named(std::string_view name);

// Recognises a format from the beginning of an input (white space and byte-order mark removed), by its structure: the root
// keys of an object, the keys of the first element of an array. What is no text in its first 1024 bytes is native. Never
// guesses protobuf. Pure.
[[nodiscard]] const Format& recognise(std::string_view beginning);

}  // namespace sentinel::ingest
