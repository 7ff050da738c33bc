// The spans of an input that are no I/O, kept as the decoders left them until somebody asks for those of some traces.
//
// Nearly nobody does, and who does wants few traces: nothing is copied or looked at until then. Filled by resolve(), where
// IngestSettings::keep_context asks for it; read by any thread afterwards.
#pragma once

#include <span>
#include <vector>

#include "model/context_span.h"

namespace sentinel::ingest {

struct Decoded;

class Context {
 public:
  Context();
  Context(Context&& other) noexcept;
  Context& operator=(Context&& other) noexcept;
  ~Context();

  // Of `batches` what is needed, in input order. `services`: of each resource block; empty where spans name their own.
  void take(std::span<Decoded> batches, std::vector<model::TextId> services);

  // The spans of the traces that `wanted` names, by the ids of their texts; in input order, in pieces.
  [[nodiscard]] std::vector<std::vector<model::ContextSpan>> of(std::span<const char> wanted, unsigned threads) const;

 private:
  struct Batch;

  std::vector<Batch> batches_;
  std::vector<model::TextId> services_;
};

}  // namespace sentinel::ingest
