#include "analysis/report_order.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/hash.h"
#include "base/same_bytes.h"
#include "model/impact.h"

namespace sentinel::analysis {
namespace {

using model::Finding;

// The canonical order is by type, severity, trace id, endpoint and template. Trace ids often begin alike, so that a finding's
// place is mostly settled by the kind and the eight bytes of its trace id that follow what all of them share.
struct CanonicalPlace {
  std::uint32_t kind;
  std::uint32_t index;
  std::uint64_t trace_bytes;
};

std::uint64_t eight_bytes(std::string_view text, std::size_t at) {
  std::uint64_t bytes = 0;  // a text that ends early is filled up with zeros and so stays before its continuations
  const std::size_t size = at < text.size() ? std::min<std::size_t>(text.size() - at, 8) : 0;
  for (std::size_t i = 0; i < size; ++i) bytes |= std::uint64_t{static_cast<unsigned char>(text[at + i])} << (56 - 8 * i);
  return bytes;
}

std::size_t common_prefix_of_traces(std::span<const Finding> findings) {
  if (findings.empty()) return 0;
  const std::string_view first = findings.front().trace_id;
  std::size_t size = first.size();
  for (const Finding& f : findings) {
    size = std::min(size, f.trace_id.size());
    while (size > 0 && !base::same_bytes(first.data(), f.trace_id.data(), size)) --size;
  }
  return size;
}

std::vector<CanonicalPlace> canonical_places(std::span<const Finding> findings) {
  const std::size_t prefix = common_prefix_of_traces(findings);
  std::vector<CanonicalPlace> places;
  places.reserve(findings.size());
  for (const Finding& f : findings) {
    const std::uint32_t kind = static_cast<std::uint32_t>(f.type) * 4 + static_cast<std::uint32_t>(f.severity);
    places.push_back({kind, static_cast<std::uint32_t>(places.size()), eight_bytes(f.trace_id, prefix)});
  }
  return places;
}

// Moves findings into the order of `indices`, their positions before, cycle by cycle: a copy of all would be new memory.
void permute(std::vector<Finding>& findings, std::vector<std::uint32_t> indices) {
  for (std::uint32_t start = 0; start < indices.size(); ++start) {
    if (indices[start] == start) continue;
    const Finding first = findings[start];
    std::uint32_t at = start;
    while (indices[at] != start) {
      const std::uint32_t from = indices[at];
      findings[at] = findings[from];
      indices[at] = at;
      at = from;
    }
    findings[at] = first;
    indices[at] = at;
  }
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
  std::vector<CanonicalPlace> places = canonical_places(findings);
  std::ranges::sort(places, [&](const CanonicalPlace& a, const CanonicalPlace& b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    if (a.trace_bytes != b.trace_bytes) return a.trace_bytes < b.trace_bytes;
    const auto rest = [](const Finding& f) { return std::tie(f.trace_id, f.source_endpoint, f.pattern.template_text); };
    const auto order = rest(findings[a.index]) <=> rest(findings[b.index]);
    return order != 0 ? order < 0 : a.index < b.index;
  });
  std::vector<std::uint32_t> indices;
  indices.reserve(places.size());
  for (const CanonicalPlace& place : places) indices.push_back(place.index);
  permute(findings, std::move(indices));
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
    if (order == SortBy::kSaving) {
      const std::uint64_t saving_a = model::saving_us(findings[a]);
      const std::uint64_t saving_b = model::saving_us(findings[b]);
      if (saving_a != saving_b) return saving_a > saving_b;
    }
    if (order == SortBy::kImpact && impact_a != impact_b) return impact_a > impact_b;
    if (severity_a != severity_b) return severity_a < severity_b;
    return impact_a > impact_b;
  });
  permute(findings, std::move(indices));
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
