// Statement, URL and destination texts -> template id and parameter hash (chapter 01 §10), with a cache by text.
//
// One Normalizer belongs to one thread and writes into one Symbols. A target text seen before costs one hash and one look-up,
// as long as enough texts come again for look-ups to pay.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "model/symbols.h"
#include "normalize/cache_use.h"
#include "normalize/statement_guess.h"
#include "normalize/template_cache.h"

namespace sentinel::normalize {

struct Scratch;

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
             const std::uint64_t* target_hash = nullptr) {
    const Answer answer = look_up(type, operation, target, target_hash);
    constexpr unsigned kFlag = model::kHasParams;
    const bool has_params = answer.params != base::Hash128{};
    record.template_id = answer.template_id;
    record.params = answer.params;
    record.flags = static_cast<std::uint16_t>(has_params ? record.flags | kFlag : record.flags & ~kFlag);
    record.set_type(type);
  }

 private:
  struct Answer {
    base::TextId template_id = base::kNoText;
    base::Hash128 params;
  };

  // Equal for equal (type, operation where it matters, target), else most likely different.
  static TemplateCache::Key key_of(model::EventType type, std::string_view operation, std::string_view target,
                                   const std::uint64_t* target_hash) {
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;  // so that an operation and a target cannot change places
    TemplateCache::Key key{target_hash != nullptr ? *target_hash : base::hash64(target),
                           static_cast<std::uint32_t>(target.size())};
    if (type != model::EventType::kSql) key.hash += (base::hash64(operation) + static_cast<std::uint64_t>(type)) * kOdd;
    return key;
  }

  Answer look_up(model::EventType type, std::string_view operation, std::string_view target, const std::uint64_t* target_hash) {
    if (type == model::EventType::kSql) {
      Answer guessed;
      guessed.template_id = guess_.answer(target, &guessed.params);
      if (guessed.template_id != base::kNoText) return guessed;
    }
    CacheUse& use = use_[static_cast<std::size_t>(type)];
    if (!use.ask()) return work_out(type, operation, target);
    const TemplateCache::Key key = key_of(type, operation, target, target_hash);
    const TemplateCache::Entry* const known = cache_.find(key);
    use.answered(known != nullptr);
    if (known != nullptr) return {known->template_id, known->params};
    return learn(key, type, operation, target);
  }

  Answer work_out(model::EventType type, std::string_view operation, std::string_view target);
  Answer learn(const TemplateCache::Key& key, model::EventType type, std::string_view operation, std::string_view target);

  model::Symbols& symbols_;
  TemplateCache cache_;
  std::array<CacheUse, 3> use_;  // by type
  StatementGuess guess_;         // views the statement in scratch_
  // The template worked out last: neighbours often share it.
  std::string_view last_text_;
  base::TextId last_id_ = base::kNoText;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace sentinel::normalize
