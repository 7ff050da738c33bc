#include "dbstat/rankings.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace sentinel::dbstat {
namespace {

constexpr std::string_view kNoIndexFact = "no_index_used";

std::uint64_t add_capped(std::uint64_t a, std::uint64_t b) {
  return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max() : a + b;
}

std::uint64_t no_index_used(const Statement& s) {
  const Fact* fact = s.fact(kNoIndexFact);
  const auto* count = fact != nullptr ? std::get_if<std::uint64_t>(&fact->value) : nullptr;
  return count != nullptr ? *count : 0;
}

double key(double value) { return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value; }
std::uint64_t key(std::uint64_t value) { return value; }

// NaN ranks below everything, minus infinity included.
bool is_last(double value) { return std::isnan(value); }
bool is_last(std::uint64_t) { return false; }

template <class Measure>
Ranking top(std::string_view label, const std::vector<Statement>& entries, std::size_t top_n, Measure measure) {
  Ranking ranking{.label = label, .entries = std::vector<std::uint32_t>(entries.size())};
  std::iota(ranking.entries.begin(), ranking.entries.end(), 0U);
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    const auto x = measure(entries[a]);
    const auto y = measure(entries[b]);
    if (is_last(x) != is_last(y)) return is_last(y);
    if (key(x) != key(y)) return key(x) > key(y);
    return a < b;
  };
  const std::size_t kept = std::min(top_n, entries.size());
  std::partial_sort(ranking.entries.begin(), ranking.entries.begin() + static_cast<std::ptrdiff_t>(kept), ranking.entries.end(),
                    before);
  ranking.entries.resize(kept);
  ranking.entries.shrink_to_fit();
  return ranking;
}

}  // namespace

Ranked rank(const Statements& statements, std::size_t top_n) {
  const std::vector<Statement>& entries = statements.entries;
  Ranked out{.top_n = top_n, .rankings = {}};
  const auto add = [&](std::string_view label, auto measure) { out.rankings.push_back(top(label, entries, top_n, measure)); };
  add("top by total_exec_time", [](const Statement& s) { return s.total_exec_time_ms; });
  add("top by calls", [](const Statement& s) { return s.calls; });
  add("top by mean_exec_time", [](const Statement& s) { return s.mean_exec_time_ms; });
  if (statements.dialect == Dialect::kPostgres) {
    add("top by shared_blks_total", [](const Statement& s) { return add_capped(s.shared_blks_hit, s.shared_blks_read); });
  } else {
    add("top by rows_examined", [](const Statement& s) { return s.rows_examined; });
    const auto says = [](const Statement& s) { return s.fact(kNoIndexFact) != nullptr; };
    if (std::ranges::any_of(entries, says)) add("top by no_index_used", no_index_used);
  }
  return out;
}

}  // namespace sentinel::dbstat
