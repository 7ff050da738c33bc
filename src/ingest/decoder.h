// The decoders: one row a format, each a plain function from a batch to decoded spans.
//
// A decoder sees directives and a worker; no file, no compression, no configuration beyond IngestSettings. Adding a format: its
// spine (cutter.h), its decode function, its row in kFormats (format.cpp), a test, a fuzz target, the docs.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "ingest/batch.h"
#include "ingest/decoded.h"
#include "ingest/json_names.h"
#include "ingest/otlp/attribute_guess.h"
#include "ingest/otlp/json_names.h"
#include "ingest/otlp/json_scalars.h"
#include "ingest/otlp/span_builder.h"
#include "ingest/record_builder.h"

namespace sentinel::ingest {

// What one thread keeps from batch to batch: its interner, its normaliser and scratch memory.
struct Worker {
  explicit Worker(const IngestSettings& settings)
      : builder(symbols, settings), otlp_spans(builder), otlp_fields(settings.grouping_keys) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  model::Symbols symbols;
  RecordBuilder builder;
  base::Arena scratch;  // decoded escapes of the current batch
  otlp::SpanBuilder otlp_spans;
  otlp::SpanFields otlp_fields;
  otlp::AttributeGuess otlp_guess;
  otlp::NearbyTime otlp_time;
  MemberOrder<otlp::kSpanMembers> otlp_order{otlp::kSpanNames};
  MemberOrder<native::kMembers> native_order{native::kNames};
  MemberOrder<jaeger::kMembers> jaeger_order{jaeger::kNames};
  MemberOrder<zipkin::kMembers> zipkin_order{zipkin::kNames};
  Decoded decoded;  // of the current batch; its vectors keep their memory
};

// One batch being decoded.
struct DecodeContext {
  Worker& worker;
  const Batch& batch;
  Decoded& out;

  // Offset in the input of a byte of the batch.
  [[nodiscard]] std::uint64_t offset_of(const char* at) const {
    return batch.offset + static_cast<std::uint64_t>(at - batch.buffer.get());
  }
  // Takes over the first error of a reader over `bytes`.
  void fault(std::string_view bytes, const base::JsonError& error);
};

// Decodes one directive; a fault goes into context.out and ends the batch.
using DecodeStep = void (*)(DecodeContext&, const Directive&);

void decode_native(DecodeContext& context, const Directive& directive);
void decode_zipkin(DecodeContext& context, const Directive& directive);
void decode_jaeger(DecodeContext& context, const Directive& directive);
void decode_otlp_json(DecodeContext& context, const Directive& directive);

// Calls `element(reader)` for each element of a run of array elements; ends at the first error.
template <class Element>
void decode_run(DecodeContext& context, const Directive& directive, Element element) {
  base::JsonReader reader(directive.bytes, context.worker.scratch, 32, directive.depth);
  do {
    element(reader);
  } while (!reader.failed() && !context.out.fault && reader.take_comma());
  if (!reader.failed() && !context.out.fault && !reader.at_end()) reader.fail(base::JsonFault::kSyntax, "expected ',' or ']'");
  if (reader.failed()) context.fault(directive.bytes, reader.error());
}

}  // namespace sentinel::ingest
