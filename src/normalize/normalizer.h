// Statement, URL and destination texts -> template id and parameter hash (chapter 01 §10), with a cache by text.
//
// One Normalizer belongs to one thread and writes into one Symbols. A target text seen before costs one hash and one look-up.
#pragma once

#include <memory>
#include <string_view>

#include "model/symbols.h"

namespace sentinel::normalize {

class Normalizer {
 public:
  explicit Normalizer(model::Symbols& symbols);
  ~Normalizer();
  Normalizer(const Normalizer&) = delete;
  Normalizer& operator=(const Normalizer&) = delete;

  // Sets type, template_id, params and kHasParams of `record`. `target` is already truncated to 65 536 bytes (01 §2.1).
  // For kHttpOut `operation` is the method, for kMessaging the messaging system; unused for kSql.
  void apply(model::EventType type, std::string_view operation, std::string_view target, model::SpanRecord& record);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sentinel::normalize
