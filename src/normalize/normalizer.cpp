#include "normalize/normalizer.h"

#include <cstring>

#include "base/hash.h"
#include "normalize/http.h"
#include "normalize/scratch.h"
#include "normalize/sql.h"
#include "normalize/template_cache.h"

namespace sentinel::normalize {

namespace {

using model::EventType;

// Equal for equal (type, operation where it matters, target), else different.
base::Hash128 key_of(EventType type, std::string_view operation, std::string_view target) {
  base::Hash128 key = base::hash128(target);
  if (type != EventType::kSql) {
    const std::uint64_t kind = base::combine64(static_cast<std::uint64_t>(type), base::hash64(operation));
    key.low ^= kind;
    key.high += kind;
  }
  return key;
}

// Operation, space, target; no parameters.
Normalized normalize_destination(std::string_view operation, std::string_view target, Scratch& scratch) {
  char* const text = scratch.text.reserve(operation.size() + 1 + target.size());
  char* out = text;
  for (const std::string_view part : {operation, std::string_view(" "), target}) {
    if (!part.empty()) std::memcpy(out, part.data(), part.size());
    out += part.size();
  }
  return {{text, static_cast<std::size_t>(out - text)}, {}, 0};
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

struct Normalizer::State {
  explicit State(model::Symbols& all_symbols) : symbols(all_symbols) {}

  // The answer for a text that the cache does not know, put into it.
  const TemplateCache::Entry& learn(const base::Hash128& key, EventType type, std::string_view operation,
                                    std::string_view target);

  model::Symbols& symbols;
  Scratch scratch;
  TemplateCache cache;
};

const TemplateCache::Entry& Normalizer::State::learn(const base::Hash128& key, EventType type, std::string_view operation,
                                                     std::string_view target) {
  const Normalized normalized = normalize(type, operation, target, scratch);
  TemplateCache::Entry entry;
  entry.has_params = normalized.param_count != 0;
  // The packed list says its count: each length tells where the next one stands.
  if (entry.has_params) entry.params = base::hash128(normalized.params);
  entry.template_id = symbols.texts.intern(normalized.text);
  return cache.insert(key, entry);
}

Normalizer::Normalizer(model::Symbols& symbols) : state_(std::make_unique<State>(symbols)) {}
Normalizer::~Normalizer() = default;

void Normalizer::apply(EventType type, std::string_view operation, std::string_view target, model::SpanRecord& record) {
  const base::Hash128 key = key_of(type, operation, target);
  const TemplateCache::Entry* known = state_->cache.find(key);
  if (known == nullptr) [[unlikely]]
    known = &state_->learn(key, type, operation, target);
  constexpr unsigned kFlag = model::kHasParams;
  record.template_id = known->template_id;
  record.params = known->params;
  record.flags = static_cast<std::uint16_t>(known->has_params ? record.flags | kFlag : record.flags & ~kFlag);
  record.set_type(type);
}

}  // namespace sentinel::normalize
