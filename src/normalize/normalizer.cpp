#include "normalize/normalizer.h"

#include <array>
#include <cstring>

#include "base/hash.h"
#include "base/same_bytes.h"
#include "normalize/http.h"
#include "normalize/scratch.h"
#include "normalize/sql.h"
#include "normalize/template_cache.h"

namespace sentinel::normalize {

namespace {

using model::EventType;

// Equal for equal (type, operation where it matters, target), else most likely different.
TemplateCache::Key key_of(EventType type, std::string_view operation, std::string_view target,
                          const std::uint64_t* target_hash) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;  // so that an operation and a target cannot change places
  TemplateCache::Key key{target_hash != nullptr ? *target_hash : base::hash64(target),
                         static_cast<std::uint32_t>(target.size())};
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

// Whether the cache is worth asking for a type of call: statements that carry their values are hardly ever the same twice, and
// then a look-up only costs. Asked for kAsked texts; where fewer than one in kPays was known, passed over for kSkipped.
class CacheUse {
 public:
  [[nodiscard]] bool ask() {
    if (skip_ == 0) return true;
    --skip_;
    return false;
  }

  void answered(bool known) {
    found_ += known;
    if (++asked_ < kAsked) return;
    if (found_ * kPays < kAsked) skip_ = kSkipped;
    asked_ = found_ = 0;
  }

 private:
  static constexpr std::uint32_t kAsked = 4096;
  static constexpr std::uint32_t kPays = 3;
  static constexpr std::uint32_t kSkipped = 4 * kAsked;
  std::uint32_t asked_ = 0;
  std::uint32_t found_ = 0;
  std::uint32_t skip_ = 0;
};

struct Normalizer::State {
  explicit State(model::Symbols& all_symbols) : symbols(all_symbols) {}

  struct Answer {
    base::TextId template_id = base::kNoText;
    base::Hash128 params;
  };
  Answer work_out(EventType type, std::string_view operation, std::string_view target);
  Answer look_up(EventType type, std::string_view operation, std::string_view target, const std::uint64_t* target_hash);

  model::Symbols& symbols;
  Scratch scratch;
  TemplateCache cache;
  std::array<CacheUse, 3> use;  // by type
  // The template worked out last: neighbours often share it.
  std::string_view last_text;
  base::TextId last_id = base::kNoText;
};

Normalizer::State::Answer Normalizer::State::work_out(EventType type, std::string_view operation, std::string_view target) {
  const Normalized normalized = normalize(type, operation, target, scratch);
  if (last_id == base::kNoText || !base::same_text(normalized.text, last_text)) {
    last_id = symbols.texts.intern(normalized.text);
    last_text = symbols.text(last_id);
  }
  // The packed list says its count: each length tells where the next one stands.
  return {last_id, normalized.param_count == 0 ? base::Hash128{} : base::hash128(normalized.params)};
}

[[gnu::always_inline]] inline Normalizer::State::Answer Normalizer::State::look_up(EventType type, std::string_view operation,
                                                                                   std::string_view target,
                                                                                   const std::uint64_t* target_hash) {
  CacheUse& of_type = use[static_cast<std::size_t>(type)];
  if (!of_type.ask()) return work_out(type, operation, target);
  const TemplateCache::Key key = key_of(type, operation, target, target_hash);
  const TemplateCache::Entry* const known = cache.find(key);
  of_type.answered(known != nullptr);
  if (known != nullptr) return {known->template_id, known->params};
  const Answer answer = work_out(type, operation, target);
  cache.insert(key, answer.template_id, answer.params);
  return answer;
}

Normalizer::Normalizer(model::Symbols& symbols) : state_(std::make_unique<State>(symbols)) {}
Normalizer::~Normalizer() = default;

void Normalizer::apply(EventType type, std::string_view operation, std::string_view target, model::SpanRecord& record,
                       const std::uint64_t* target_hash) {
  const State::Answer answer = state_->look_up(type, operation, target, target_hash);
  constexpr unsigned kFlag = model::kHasParams;
  const bool has_params = answer.params != base::Hash128{};
  record.template_id = answer.template_id;
  record.params = answer.params;
  record.flags = static_cast<std::uint16_t>(has_params ? record.flags | kFlag : record.flags & ~kFlag);
  record.set_type(type);
}

}  // namespace sentinel::normalize
