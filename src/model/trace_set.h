// The traces of one analysis: span records grouped by trace id (chapter 03 §2). Owns nothing but the order.
#pragma once

#include <cstddef>
#include <vector>

#include "model/span_record.h"

namespace sentinel::model {

struct TraceSet {
  struct Entry {
    TextId trace = 0;
    std::size_t first = 0;  // into spans
    std::size_t count = 0;
  };

  std::vector<const SpanRecord*> spans;  // trace after trace, each in input order
  std::vector<Entry> traces;             // in order of first appearance

  [[nodiscard]] std::size_t size() const { return traces.size(); }
  [[nodiscard]] TraceView view(std::size_t i) const {
    const Entry& e = traces[i];
    return {e.trace, {spans.data() + e.first, e.count}};
  }
};

}  // namespace sentinel::model
