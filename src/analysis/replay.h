// An input's events kept as texts, so that the pipeline can be run over them again and again (`bench`, chapter 06 §4).
//
// Every format goes through its decoder and resolver once; what comes out is turned back into events, statements included. The
// object owns all texts; events() are views into it, valid for its lifetime, moves included. Read-only once made.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "config/config.h"
#include "ingest/ingest.h"
#include "ingest/raw_event.h"

namespace sentinel::analysis {

class Replay {
 public:
  // `format` null: recognise.
  [[nodiscard]] static base::Result<Replay> read(ingest::ByteSource& source, const ingest::Format* format, unsigned threads,
                                                 const config::Config& config);

  [[nodiscard]] std::span<const ingest::RawEvent> events() const { return events_; }

 private:
  [[nodiscard]] ingest::RawEvent event_of(const model::SpanRecord& record);

  model::Symbols symbols_;
  base::Arena texts_;
  std::vector<ingest::RawEvent> events_;
};

}  // namespace sentinel::analysis
