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

// Equal for equal (type, operation where it matters, target), else most likely different.
TemplateCache::Key key_of(EventType type, std::string_view operation, std::string_view target) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;  // so that an operation and a target cannot change places
  TemplateCache::Key key{base::hash64(target), static_cast<std::uint32_t>(target.size())};
  if (type != EventType::kSql) key.hash += (base::hash64(operation) + static_cast<std::uint64_t>(type)) * kOdd;
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
  const TemplateCache::Entry& learn(const TemplateCache::Key& key, EventType type, std::string_view operation,
                                    std::string_view target);

  model::Symbols& symbols;
  Scratch scratch;
  TemplateCache cache;
};

const TemplateCache::Entry& Normalizer::State::learn(const TemplateCache::Key& key, EventType type, std::string_view operation,
                                                     std::string_view target) {
  const Normalized normalized = normalize(type, operation, target, scratch);
  const base::TextId template_id = symbols.texts.intern(normalized.text);
  // The packed list says its count: each length tells where the next one stands.
  const base::Hash128 params = normalized.param_count == 0 ? base::Hash128{} : base::hash128(normalized.params);
  return cache.insert(key, template_id, params);
}

Normalizer::Normalizer(model::Symbols& symbols) : state_(std::make_unique<State>(symbols)) {}
Normalizer::~Normalizer() = default;

void Normalizer::apply(EventType type, std::string_view operation, std::string_view target, model::SpanRecord& record) {
  const TemplateCache::Key key = key_of(type, operation, target);
  const TemplateCache::Entry* known = state_->cache.find(key);
  if (known == nullptr) [[unlikely]]
    known = &state_->learn(key, type, operation, target);
  constexpr unsigned kFlag = model::kHasParams;
  const bool has_params = known->params != base::Hash128{};
  record.template_id = known->template_id;
  record.params = known->params;
  record.flags = static_cast<std::uint16_t>(has_params ? record.flags | kFlag : record.flags & ~kFlag);
  record.set_type(type);
}

}  // namespace sentinel::normalize
