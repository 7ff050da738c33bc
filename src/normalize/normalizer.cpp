#include "normalize/normalizer.h"

#include <cstring>

#include "base/hash.h"
#include "base/same_bytes.h"
#include "normalize/http.h"
#include "normalize/param_identity.h"
#include "normalize/scratch.h"
#include "normalize/sql.h"

namespace sentinel::normalize {

namespace {

using model::EventType;

// Operation, space, target; no parameters.
Normalized normalize_destination(std::string_view operation, std::string_view target, Scratch& scratch) {
  char* const text = scratch.text.reserve(operation.size() + 1 + target.size());
  char* out = text;
  for (const std::string_view part : {operation, std::string_view(" "), target}) {
    if (!part.empty()) std::memcpy(out, part.data(), part.size());
    out += part.size();
  }
  return {{text, static_cast<std::size_t>(out - text)}, {}, 0, {}, {}};
}

Normalized normalize(EventType type, std::string_view operation, std::string_view target, Scratch& scratch) {
  switch (type) {
    case EventType::kSql:
      return normalize_sql(target, scratch);
    case EventType::kHttpOut:
      return normalize_http(operation, target, scratch);
    case EventType::kMessaging:
      break;
  }
  return normalize_destination(operation, target, scratch);
}

}  // namespace

Normalizer::Normalizer(model::Symbols& symbols) : symbols_(symbols), scratch_(std::make_unique<Scratch>()) {}
Normalizer::~Normalizer() = default;

Normalizer::Answer Normalizer::work_out(EventType type, std::string_view operation, std::string_view target) {
  const Normalized normalized = normalize(type, operation, target, *scratch_);
  if (last_id_ == base::kNoText || !base::same_text(normalized.text, last_text_)) {
    last_id_ = symbols_.texts.intern(normalized.text);
    last_text_ = symbols_.text(last_id_);
  }
  if (type == EventType::kSql) {
    if (normalized.lone_number.empty()) {
      guess_.forget();
    } else {
      guess_.learn(normalized.statement, normalized.lone_number, last_id_);
    }
  }
  return {last_id_, normalized.param_count == 0 ? base::Hash128{} : identity_of(normalized.params)};
}

Normalizer::Answer Normalizer::learn(const TemplateCache::Key& key, EventType type, std::string_view operation,
                                     std::string_view target) {
  const Answer answer = work_out(type, operation, target);
  cache_.insert(key, answer.template_id, answer.params);
  return answer;
}

}  // namespace sentinel::normalize
