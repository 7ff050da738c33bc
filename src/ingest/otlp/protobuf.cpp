#include "ingest/otlp/protobuf.h"

namespace sentinel::ingest {

base::Result<Ingested> ingest_protobuf(ByteSource& source, const IngestOptions&) {
  return base::Error{"OTLP protobuf input cannot be read yet", source.name(), ""};
}

}  // namespace sentinel::ingest
