// Bytes in, span records out: the driver of the decoders (chapter 01 §4).
//
// One thread cuts the input, all threads decode, results are joined in input order; parents, repeated ids, scope chains and
// stitching are resolved on records afterwards. The result does not depend on the number of threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/byte_source.h"
#include "ingest/context.h"
#include "ingest/format.h"
#include "ingest/record_builder.h"
#include "model/report.h"
#include "model/symbols.h"

namespace sentinel::ingest {

struct IngestOptions {
  const Format* format = nullptr;  // null: recognise
  unsigned threads = 1;
  IngestSettings settings;
  std::size_t block_size = Cutter::kBlockSize;  // tests make it small
};

struct Ingested {
  model::Symbols symbols;
  std::vector<std::vector<model::SpanRecord>> batches;  // in input order
  Context context;                                      // with IngestSettings::keep_context
  std::optional<model::IngestTally> tally;              // OTLP only
  const Format* format = nullptr;

  [[nodiscard]] std::size_t events() const;
};

// The whole input, or an error that says what is wrong with it and where (01 §4.1). No partial result.
[[nodiscard]] base::Result<Ingested> ingest(ByteSource& source, const IngestOptions& options);

}  // namespace sentinel::ingest
