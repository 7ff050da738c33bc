#include "score/waste.h"

#include <string_view>
#include <unordered_map>

#include "base/hash.h"

namespace sentinel::score {

namespace {

struct Key {
  std::string_view trace;
  std::string_view template_text;
  std::string_view endpoint;
  friend bool operator==(const Key&, const Key&) = default;
};

struct KeyHash {
  std::size_t operator()(const Key& key) const {
    const std::uint64_t two = base::combine64(base::hash64(key.trace), base::hash64(key.template_text));
    return base::combine64(two, base::hash64(key.endpoint));
  }
};

struct Kept {
  std::uint64_t extra = 0;
  model::FindingType type = model::FindingType::kNPlusOneSql;
};

bool is_sql(model::FindingType type) {
  return type == model::FindingType::kNPlusOneSql || type == model::FindingType::kRedundantSql;
}

}  // namespace

std::uint64_t extra_io_ops(const model::Finding& finding) {
  if (!model::info(finding.type).avoidable || finding.pattern.occurrences == 0) return 0;
  return finding.pattern.occurrences - 1;
}

AvoidableOps avoidable_ops(std::span<const model::Finding> findings) {
  std::unordered_map<Key, Kept, KeyHash> by_key;
  for (const model::Finding& finding : findings) {
    const std::uint64_t extra = extra_io_ops(finding);
    if (extra == 0) continue;
    Kept& kept = by_key[{finding.trace_id, finding.pattern.template_text, finding.source_endpoint}];
    if (extra > kept.extra) kept = {extra, finding.type};
  }
  AvoidableOps ops;
  for (const auto& [key, kept] : by_key) {  // sums of integers: the order does not matter
    ops.total += kept.extra;
    if (is_sql(kept.type)) ops.sql += kept.extra;
    if (kept.type == model::FindingType::kNPlusOneMessaging) ops.messaging += kept.extra;
  }
  return ops;
}

}  // namespace sentinel::score
