#include "analysis/report_order.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"

namespace sentinel::analysis {
namespace {

using model::Finding;

bool before(const Finding& a, const Finding& b) {
  const auto key = [](const Finding& f) {
    return std::tie(f.type, f.severity, f.trace_id, f.source_endpoint, f.pattern.template_text);
  };
  return key(a) < key(b);
}

// Moves findings into the order of `indices`, their positions before.
void permute(std::vector<Finding>& findings, const std::vector<std::uint32_t>& indices) {
  std::vector<Finding> sorted;
  sorted.reserve(findings.size());
  for (const std::uint32_t i : indices) sorted.push_back(findings[i]);
  findings = std::move(sorted);
}

// What two findings of one problem have in common. An empty signature is replaced by the four texts it is made of.
struct ProblemKey {
  model::GroupPair identity;
  std::string_view signature;
  model::FindingType type{};
  std::string_view service;
  std::string_view endpoint;
  std::string_view template_text;

  explicit ProblemKey(const Finding& f) : signature(f.signature) {
    if (!f.grouping.empty()) identity = f.grouping.front();
    if (!signature.empty()) return;
    type = f.type;
    service = f.service;
    endpoint = f.source_endpoint;
    template_text = f.pattern.template_text;
  }
  friend bool operator==(const ProblemKey&, const ProblemKey&) = default;
};

struct ProblemHash {
  std::size_t operator()(const ProblemKey& key) const {
    std::uint64_t h = base::hash64(key.signature);
    if (key.signature.empty()) {
      h = base::combine64(static_cast<std::uint64_t>(key.type), base::hash64(key.service));
      h = base::combine64(base::combine64(h, base::hash64(key.endpoint)), base::hash64(key.template_text));
    }
    return base::combine64(base::combine64(h, base::hash64(key.identity.key)), base::hash64(key.identity.value));
  }
};

struct TraceOfGroup {
  std::uint32_t group;
  std::string_view trace_id;
  friend bool operator==(const TraceOfGroup&, const TraceOfGroup&) = default;
};

struct TraceOfGroupHash {
  std::size_t operator()(const TraceOfGroup& key) const { return base::combine64(key.group, base::hash64(key.trace_id)); }
};

}  // namespace

void sort_canonical(std::vector<Finding>& findings) {
  std::vector<std::uint32_t> indices(findings.size());
  std::iota(indices.begin(), indices.end(), 0U);
  std::ranges::stable_sort(indices, [&](std::uint32_t a, std::uint32_t b) { return before(findings[a], findings[b]); });
  permute(findings, indices);
}

void sort_findings(std::vector<Finding>& findings, SortBy order) {
  const Recurrence recurrence = find_recurrence(findings);
  std::vector<std::uint32_t> indices(findings.size());
  std::iota(indices.begin(), indices.end(), 0U);
  std::ranges::stable_sort(indices, [&](std::uint32_t a, std::uint32_t b) {
    const std::uint64_t impact_a = recurrence.groups[recurrence.group_of[a]].extra_io_ops;
    const std::uint64_t impact_b = recurrence.groups[recurrence.group_of[b]].extra_io_ops;
    const model::Severity severity_a = findings[a].severity;
    const model::Severity severity_b = findings[b].severity;
    if (order == SortBy::kImpact && impact_a != impact_b) return impact_a > impact_b;
    if (severity_a != severity_b) return severity_a < severity_b;
    return impact_a > impact_b;
  });
  permute(findings, indices);
}

Recurrence find_recurrence(std::span<const Finding> findings) {
  Recurrence out;
  out.group_of.reserve(findings.size());
  std::unordered_map<ProblemKey, std::uint32_t, ProblemHash> groups;
  std::unordered_set<TraceOfGroup, TraceOfGroupHash> traces;
  groups.reserve(findings.size());
  traces.reserve(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto [at, is_new] = groups.try_emplace(ProblemKey(findings[i]), static_cast<std::uint32_t>(out.groups.size()));
    const std::uint32_t group = at->second;
    if (is_new) out.groups.push_back({i, 0, 0});
    out.group_of.push_back(group);
    if (traces.insert({group, findings[i].trace_id}).second) ++out.groups[group].traces;
    if (findings[i].green_impact) out.groups[group].extra_io_ops += findings[i].green_impact->extra_io_ops;
  }
  return out;
}

}  // namespace sentinel::analysis
