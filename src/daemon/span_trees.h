// Masked spans of traces with findings, for exported reports (chapter 05 §5.2): templates only, never a statement or URL.
//
// A trace that is flushed again is merged with what is kept of it. One thread.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/explain.h"

namespace sentinel::daemon {

class SpanTrees {
 public:
  struct Limits {
    std::size_t traces = 50;
    std::size_t spans_per_trace = 1'000;
  };
  explicit SpanTrees(Limits limits) : limits_(limits) {}

  // Keeps the spans of a trace; it becomes the newest.
  void retain(std::string_view trace_id, const std::vector<analysis::ExplainSpan>& spans);

  // The kept traces among `trace_ids`, each as one JSON object, in order of their last flush, oldest first. Those flushed last
  // are taken first while they fit into `budget` bytes; one that does not fit is left out.
  [[nodiscard]] std::vector<std::string> snapshot(const std::vector<std::string_view>& trace_ids, std::size_t budget) const;

 private:
  struct Span {
    std::string id;
    std::string json;
  };
  struct Trace {
    std::string id;
    std::vector<Span> spans;
  };

  Limits limits_;
  std::list<Trace> traces_;  // least recently flushed first
  std::unordered_map<std::string_view, std::list<Trace>::iterator> by_id_;
};

}  // namespace sentinel::daemon
