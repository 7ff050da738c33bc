// OTLP protobuf: one encoded ExportTraceServiceRequest (chapter 12, chapter 01 §8).
//
// The decoder walks the received bytes once. A file holds one message; the daemon hands it request bodies.
#pragma once

#include "base/result.h"
#include "ingest/decoder.h"
#include "ingest/ingest.h"

namespace sentinel::ingest {

// Decodes a whole request into out.nodes, out.records and out.marks; an error says what is malformed and where. Unknown fields
// are skipped; invalid UTF-8 in any string field, nesting over 100 messages and truncation refuse the request.
[[nodiscard]] base::Status decode_otlp_protobuf(std::string_view message, Worker& worker, Decoded& out);

// A file with one message, through the same joins as the other formats.
[[nodiscard]] base::Result<Ingested> ingest_protobuf(ByteSource& source, const IngestOptions& options);

}  // namespace sentinel::ingest
