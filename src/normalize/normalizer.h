// Statement, URL and destination texts -> template id and parameter hash (chapter 01 §10), with a cache by text.
//
// One Normalizer belongs to one thread and writes into one Symbols. A target text seen before costs one hash and one look-up,
// as long as enough texts come again for look-ups to pay.
#pragma once

#include <cstdint>
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
  // `target_hash` is base::hash64() of the whole target where the caller has it.
  void apply(model::EventType type, std::string_view operation, std::string_view target, model::SpanRecord& record,
             const std::uint64_t* target_hash = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sentinel::normalize
