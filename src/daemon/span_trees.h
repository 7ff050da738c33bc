// Spans of traces with findings, for exported reports (chapter 05 §5.2): templates only, never a statement or URL.
//
// Records are kept as they are, in the ids of the live generation, and written when somebody asks. A trace that is flushed
// again is merged with what is kept of it. One thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/span_record.h"
#include "model/symbols.h"

namespace sentinel::daemon {

class SpanTrees {
 public:
  struct Limits {
    std::size_t traces = 50;
    std::size_t spans_per_trace = 1'000;
  };
  explicit SpanTrees(Limits limits) : limits_(limits) {}

  // Keeps the spans of a trace; it becomes the newest.
  void retain(base::TextId trace, std::span<const model::SpanRecord> spans, const model::Symbols& symbols);

  // Rewrites every record by `move(record)`, which gives the ids of the next generation.
  template <class Move>
  void renew(Move move) {
    by_id_.clear();
    for (auto at = traces_.begin(); at != traces_.end(); ++at) {
      for (model::SpanRecord& record : at->spans) move(record);
      at->trace = at->spans.front().trace;
      by_id_.emplace(at->trace, at);
    }
  }

  // The kept traces among `trace_ids`, each as one JSON object, in order of their last flush, oldest first. Those flushed last
  // are taken first while they fit into `budget` bytes; one that does not fit is left out.
  [[nodiscard]] std::vector<std::string> snapshot(const std::vector<std::string_view>& trace_ids, const model::Symbols& symbols,
                                                  std::size_t budget) const;

 private:
  struct Trace {
    base::TextId trace = 0;
    std::vector<model::SpanRecord> spans;
  };

  Limits limits_;
  std::list<Trace> traces_;  // least recently flushed first
  boost::unordered_flat_map<base::TextId, std::list<Trace>::iterator> by_id_;
};

}  // namespace sentinel::daemon
