#include "score/waste.h"

#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/index_table.h"

namespace sentinel::score {

namespace {

struct Key {
  std::string_view trace;
  std::string_view template_text;
  std::string_view endpoint;
  friend bool operator==(const Key&, const Key&) = default;
};

// The texts are compared, so the hash need not tell all apart: the trace does mostly.
std::uint64_t hash_of(const Key& key) {
  return base::hash64(key.trace) + base::spread(key.template_text.size()) + key.endpoint.size();
}

struct Kept {
  Key key;
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
  std::vector<Kept> all;
  all.reserve(findings.size());
  base::IndexTable numbers;
  numbers.reset(findings.size());
  const base::IndexTable::Handle table = numbers.handle();
  for (const model::Finding& finding : findings) {
    const std::uint64_t extra = extra_io_ops(finding);
    if (extra == 0) continue;
    const Key key{finding.trace_id, finding.pattern.template_text, finding.source_endpoint};
    const auto fresh = static_cast<std::uint32_t>(all.size());
    const std::uint32_t number = table.find_or_add(hash_of(key), fresh, [&](std::uint32_t n) { return all[n].key == key; });
    if (number == fresh) {
      all.push_back({key, extra, finding.type});
    } else if (extra > all[number].extra) {
      all[number] = {key, extra, finding.type};
    }
  }
  AvoidableOps ops;
  for (const Kept& kept : all) {
    ops.total += kept.extra;
    if (is_sql(kept.type)) ops.sql += kept.extra;
    if (kept.type == model::FindingType::kNPlusOneMessaging) ops.messaging += kept.extra;
  }
  return ops;
}

}  // namespace sentinel::score
