// The code frame that each origin gives, as the text of an endpoint (chapter 01 §8.9).
//
// Worked out once an origin; kept as long as the Symbols that the origins are in. complete() by one thread, then read by
// several.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ingest/record_builder.h"
#include "model/symbols.h"

namespace sentinel::ingest {

class Frames {
 public:
  // Works out those of origins that are new since the last call.
  void complete(model::Symbols& symbols, const IngestSettings& settings);

  // The usable frame, kNoText = none.
  [[nodiscard]] base::TextId endpoint(model::OriginId id) const { return frames_[id].endpoint; }
  // The origin carries a frame of its own, which no record keeps.
  [[nodiscard]] bool own(model::OriginId id) const { return frames_[id].own; }

 private:
  struct Frame {
    base::TextId endpoint = base::kNoText;
    bool own = false;
  };
  std::vector<Frame> frames_ = std::vector<Frame>(1);  // by origin, the first being none
  std::optional<RecordBuilder> builder_;
  std::string text_;
};

}  // namespace sentinel::ingest
