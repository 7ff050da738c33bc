#include "analysis/diff.h"

#include <algorithm>
#include <limits>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "analysis/report_order.h"
#include "base/hash.h"

namespace sentinel::analysis {
namespace {

using model::Finding;

// What makes two findings the same problem. Its order is the one in which ties are shown.
struct Identity {
  model::FindingType type;
  std::string_view service;
  bool grouped;
  std::string_view group_key;
  std::string_view group_value;
  std::string_view endpoint;
  std::string_view template_text;

  Identity(const Finding& f, bool with_grouping)
      : type(f.type),
        service(f.service),
        grouped(with_grouping && !f.grouping.empty()),
        endpoint(f.source_endpoint),
        template_text(f.pattern.template_text) {
    if (!grouped) return;
    group_key = f.grouping.front().key;
    group_value = f.grouping.front().value;
  }
  friend auto operator<=>(const Identity&, const Identity&) = default;
};

struct IdentityHash {
  std::size_t operator()(const Identity& id) const {
    std::uint64_t h = base::combine64(static_cast<std::uint64_t>(id.type), base::hash64(id.service));
    h = base::combine64(base::combine64(h, base::hash64(id.endpoint)), base::hash64(id.template_text));
    return base::combine64(base::combine64(h, base::hash64(id.group_key)), base::hash64(id.group_value));
  }
};

struct Problem {
  Identity identity;
  Finding finding;
};

// One entry a problem, in the order of identities.
std::vector<Problem> collapse(std::span<const Finding> findings, bool with_grouping) {
  std::vector<Problem> problems;
  std::unordered_map<Identity, std::size_t, IdentityHash> places;
  for (const Finding& f : findings) {
    const auto [at, is_new] = places.try_emplace(Identity(f, with_grouping), problems.size());
    if (is_new) {
      problems.push_back({at->first, f});
      continue;
    }
    Finding& kept = problems[at->second].finding;
    std::uint64_t occurrences = 0;
    if (__builtin_add_overflow(kept.pattern.occurrences, f.pattern.occurrences, &occurrences)) {
      occurrences = std::numeric_limits<std::uint64_t>::max();
    }
    if (f.severity < kept.severity) kept = f;
    kept.pattern.occurrences = occurrences;
  }
  std::ranges::sort(problems, {}, &Problem::identity);
  return problems;
}

bool any_grouped(std::span<const Finding> findings) {
  return std::ranges::any_of(findings, [](const Finding& f) { return !f.grouping.empty(); });
}

// Walks two sorted lists side by side: `left` and `right` see what only one of them has, `both` what they share.
template <class List, class Key, class Left, class Right, class Both>
void walk(const List& a, const List& b, Key key, Left left, Right right, Both both) {
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    if (j == b.end() || (i != a.end() && key(*i) < key(*j))) {
      left(*i++);
    } else if (i == a.end() || key(*j) < key(*i)) {
      right(*j++);
    } else {
      both(*i++, *j++);
    }
  }
}

void compare_findings(const model::Report& before, const model::Report& after, Diff& out) {
  // A baseline from before grouping was captured must not make everything look new.
  const bool with_grouping = any_grouped(before.findings) || !any_grouped(after.findings);
  const std::vector<Problem> old_problems = collapse(before.findings, with_grouping);
  const std::vector<Problem> new_problems = collapse(after.findings, with_grouping);
  walk(
      old_problems, new_problems, [](const Problem& p) -> const Identity& { return p.identity; },
      [&](const Problem& gone) { out.resolved_findings.push_back(gone.finding); },
      [&](const Problem& fresh) { out.new_findings.push_back(fresh.finding); },
      [&](const Problem& a, const Problem& b) {
        if (a.finding.severity == b.finding.severity) return;
        out.severity_changes.push_back({b.finding, a.finding.severity, b.finding.severity});
      });
  sort_canonical(out.new_findings);  // stable: ties stay in the order of identities
  sort_canonical(out.resolved_findings);
  std::ranges::stable_sort(out.severity_changes, {}, [](const SeverityChange& c) {
    const Finding& f = c.finding;
    return std::tuple(!c.is_regression(), f.type, f.service, f.source_endpoint, f.pattern.template_text);
  });
}

// -- endpoints

struct EndpointCount {
  std::pair<std::string_view, std::string_view> place;  // service, endpoint
  std::uint64_t io_ops = 0;
};

std::vector<EndpointCount> sorted_counts(const std::vector<model::EndpointIoOps>& rows) {
  std::vector<EndpointCount> counts;
  counts.reserve(rows.size());
  for (const model::EndpointIoOps& row : rows) counts.push_back({{row.service, row.endpoint}, row.io_ops});
  std::ranges::stable_sort(counts, {}, &EndpointCount::place);
  // A saved report may name an endpoint twice; the first counts.
  const auto same = [](const EndpointCount& a, const EndpointCount& b) { return a.place == b.place; };
  counts.erase(std::unique(counts.begin(), counts.end(), same), counts.end());
  return counts;
}

std::int64_t clamped_difference(std::uint64_t before, std::uint64_t after) {
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (after >= before) return static_cast<std::int64_t>(std::min(after - before, kMax));
  const std::uint64_t drop = before - after;
  return drop > kMax ? std::numeric_limits<std::int64_t>::min() : -static_cast<std::int64_t>(drop);
}

void compare_endpoints(const model::Report& before, const model::Report& after, Diff& out) {
  const auto add = [&](const EndpointCount& row, std::uint64_t old_count, std::uint64_t new_count) {
    if (old_count == new_count) return;
    out.endpoint_deltas.push_back(
        {row.place.first, row.place.second, old_count, new_count, clamped_difference(old_count, new_count)});
  };
  walk(
      sorted_counts(before.per_endpoint_io_ops), sorted_counts(after.per_endpoint_io_ops),
      [](const EndpointCount& row) -> const auto& { return row.place; },
      [&](const EndpointCount& gone) { add(gone, gone.io_ops, 0); },
      [&](const EndpointCount& fresh) { add(fresh, 0, fresh.io_ops); },
      [&](const EndpointCount& a, const EndpointCount& b) { add(b, a.io_ops, b.io_ops); });
  std::ranges::stable_sort(out.endpoint_deltas, std::ranges::greater(), &EndpointDelta::delta);
}

}  // namespace

std::size_t Diff::regressions() const {
  return static_cast<std::size_t>(std::ranges::count_if(severity_changes, &SeverityChange::is_regression));
}

Diff compare(const model::Report& before, const model::Report& after) {
  Diff out;
  compare_findings(before, after, out);
  compare_endpoints(before, after, out);
  return out;
}

}  // namespace sentinel::analysis
