// What a span takes from others: its endpoint, code location, scope chain and producer link, and statements split over two
// spans (chapter 01 §6.3, §7, §8.8-§8.14).
//
// Runs on decoded batches after their ids have been joined, document by document, in input order; the threads only share the
// work of it.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ingest/context.h"
#include "ingest/decoded.h"
#include "ingest/format.h"
#include "ingest/record_builder.h"
#include "model/symbols.h"

namespace sentinel::ingest {

// What a caller keeps who resolves one small request after another into the same Symbols, so that it need not be found out
// anew each time. One thread.
class ResolveMemory {
 public:
  ResolveMemory();
  ~ResolveMemory();
  ResolveMemory(const ResolveMemory&) = delete;
  ResolveMemory& operator=(const ResolveMemory&) = delete;

  struct State;
  [[nodiscard]] State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

// Completes the records of `batches` (all of one input, in order, each to the end of its last whole document) and drops those
// that stitching merges; adds to `tally` what that changes. The spans that are no records go into `context` where the settings
// ask for it.
void resolve(std::span<Decoded> batches, const Format& format, model::Symbols& symbols, const IngestSettings& settings,
             unsigned threads, model::IngestTally& tally, ResolveMemory* memory = nullptr, Context* context = nullptr);

}  // namespace sentinel::ingest
