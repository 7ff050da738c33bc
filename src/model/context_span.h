// A span that is not analysed but stands between those that are: the work of a server, of a library, of a job.
//
// Only formats that say more than I/O have them. The detectors never see one; the span graph of a trace (analysis/impact) needs
// them to know what waits for what. Plain data.
#pragma once

#include <cstdint>

#include "model/span_record.h"

namespace sentinel::model {

struct ContextSpan {
  enum Flag : std::uint8_t {
    kTextId = 1 << 0,        // span_id is a TextId; else the value of 16 lower-case hex digits
    kTextParentId = 1 << 1,  // the same for parent_id
    kWithParent = 1 << 2,
    kConsumer = 1 << 3,  // handles a message: nobody waits for it
  };

  std::uint64_t span_id = 0;
  std::uint64_t parent_id = 0;  // with kWithParent
  std::uint64_t start_us = 0;
  std::uint64_t duration_us = 0;
  TextId trace = 0;
  TextId service = 0;
  std::uint8_t flags = 0;

  [[nodiscard]] bool has(Flag flag) const { return (flags & flag) != 0; }
};

}  // namespace sentinel::model
