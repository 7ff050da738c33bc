#include "daemon/findings_ring.h"

#include <algorithm>
#include <unordered_map>

namespace sentinel::daemon {

StoredFinding::StoredFinding(const model::Finding& finding, std::string_view json, std::uint64_t now_ms)
    : type(finding.type),
      severity(finding.severity),
      occurrences(finding.pattern.occurrences),
      extra_io_ops(finding.green_impact ? finding.green_impact->extra_io_ops : 0),
      stored_at_ms(now_ms) {
  std::string identity;
  if (!finding.grouping.empty()) {
    identity.append(finding.grouping.front().key).push_back('\0');
    identity.append(finding.grouping.front().value);
  }
  const std::array<std::string_view, kParts> parts = {
      json, finding.trace_id, finding.service, finding.source_endpoint, finding.signature, identity};
  std::size_t size = 0;
  for (const std::string_view text : parts) size += text.size();
  text_.reserve(size);
  for (std::size_t i = 0; i < kParts; ++i) {
    text_.append(parts[i]);
    ends_[i] = static_cast<std::uint32_t>(text_.size());
  }
}

void FindingsRing::append(FindingRef finding) {
  if (capacity_ == 0) return;
  if (entries_.size() == capacity_) entries_.pop_front();
  entries_.push_back(std::move(finding));
}

std::vector<FindingRow> FindingsRing::fold(const FindingFilter& filter) const {
  std::vector<FindingRow> rows;
  std::unordered_map<std::string, std::size_t> by_key;  // identity and signature -> row
  std::string key;
  for (auto at = entries_.rbegin(); at != entries_.rend(); ++at) {
    const StoredFinding& entry = **at;
    if (filter.service.data() != nullptr && filter.service != entry.service()) continue;
    if (filter.type.data() != nullptr && filter.type != model::slug(entry.type)) continue;
    const FindingRow fresh{*at, entry.stored_at_ms, entry.stored_at_ms, 1};
    if (entry.signature().empty()) {
      rows.push_back(fresh);
      continue;
    }
    key.assign(entry.identity()).push_back('\0');
    key.append(entry.signature());
    const auto [known, added] = by_key.try_emplace(key, rows.size());
    if (added) {
      rows.push_back(fresh);
      continue;
    }
    FindingRow& row = rows[known->second];
    ++row.seen_count;
    row.first_seen_ms = std::min(row.first_seen_ms, entry.stored_at_ms);
    row.stored_at_ms = std::max(row.stored_at_ms, entry.stored_at_ms);
    if (entry.severity < row.finding->severity) row.finding = *at;
  }
  if (filter.severity.data() != nullptr) {
    std::erase_if(rows, [&](const FindingRow& row) { return model::slug(row.finding->severity) != filter.severity; });
  }
  if (rows.size() > filter.limit) rows.resize(filter.limit);
  return rows;
}

std::vector<FindingRef> FindingsRing::newest(std::size_t limit, std::string_view trace_id) const {
  std::vector<FindingRef> found;
  for (auto at = entries_.rbegin(); at != entries_.rend() && found.size() < limit; ++at) {
    if (trace_id.data() == nullptr || (*at)->trace_id() == trace_id) found.push_back(*at);
  }
  return found;
}

}  // namespace sentinel::daemon
