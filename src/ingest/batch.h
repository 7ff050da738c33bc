// A piece of an input document: a buffer of its bytes and what the decoders are to do with which part of it.
//
// The cutter (cutter.h) walks the outer structure of a document and hands out batches in input order; a decoder follows the
// directives of one batch without knowing the others. Views of directives point into the batch's buffer and end with it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "base/json_reader.h"

namespace sentinel::ingest {

enum class Step : std::uint8_t {
  kElements,       // a run of array elements between commas: native events, Zipkin spans or Jaeger traces
  kDocumentBegin,  // OTLP: one export request; indexes do not reach over its end
  kDocumentEnd,
  kBlockBegin,  // OTLP: one resource with its scopes
  kResource,    // the value of "resource"
  kScopeBegin,
  kScope,     // the value of "scope"
  kSpans,     // a run of elements of "spans"
  kMessage,   // OTLP protobuf: one encoded ResourceSpans
  kScopeEnd,  // the scope's name now belongs to the spans since kScopeBegin
  kBlockEnd,  // the resource now belongs to the spans since kBlockBegin
  kFault,     // the structure around the elements is wrong here
};

struct Directive {
  Step step = Step::kElements;
  std::uint8_t depth = 0;  // brackets open around `bytes`
  std::string_view bytes;  // into the batch's buffer
  base::JsonError fault;   // kFault: its offset counts from the start of the input
};

// Memory that can grow in place: a large one is moved page by page, without copying.
struct FreeBuffer {
  void operator()(char* bytes) const { std::free(bytes); }
};
using Buffer = std::unique_ptr<char[], FreeBuffer>;

struct Batch {
  std::uint64_t sequence = 0;
  std::uint64_t offset = 0;  // of the buffer's first byte in the input
  std::uint64_t line = 1;    // of the buffer's first byte; not counted where the input is repeatable (ByteSource)
  std::uint64_t column = 1;
  Buffer buffer;
  std::size_t capacity = 0;
  std::size_t size = 0;
  std::vector<Directive> directives;
};

}  // namespace sentinel::ingest
