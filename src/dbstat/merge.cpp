#include "dbstat/merge.h"

#include <limits>
#include <string>
#include <unordered_map>

namespace sentinel::dbstat {
namespace {

void add(std::uint64_t& sum, std::uint64_t value) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  sum = sum > kMost - value ? kMost : sum + value;
}

// False when the two cannot be one fact.
bool add(Fact& into, const Fact* from) {
  if (from == nullptr) return false;
  auto* count = std::get_if<std::uint64_t>(&into.value);
  const auto* more = std::get_if<std::uint64_t>(&from->value);
  if (count != nullptr && more != nullptr) {
    add(*count, *more);
    return true;
  }
  return std::holds_alternative<std::string>(into.value) && into.value == from->value;
}

void add(Statement& into, const Statement& from) {
  add(into.calls, from.calls);
  into.total_exec_time_ms += from.total_exec_time_ms;
  add(into.rows, from.rows);
  add(into.shared_blks_hit, from.shared_blks_hit);
  add(into.shared_blks_read, from.shared_blks_read);
  add(into.rows_sent, from.rows_sent);
  add(into.rows_examined, from.rows_examined);
  std::erase_if(into.facts, [&](Fact& fact) { return !add(fact, from.fact(fact.name)); });
  into.mean_exec_time_ms = into.calls > 0 ? into.total_exec_time_ms / static_cast<double>(into.calls) : into.total_exec_time_ms;
}

// Equal for equal template and schema; no schema is not the schema "".
std::string identity(const Statement& s) {
  std::string key = s.normalized_template;
  if (s.schema_name) key.append(1, '\0').append(*s.schema_name);
  return key;
}

}  // namespace

void merge_templates(Statements& statements) {
  std::vector<Statement> merged;
  std::unordered_map<std::string, std::size_t> places;
  for (Statement& s : statements.entries) {
    const auto [at, added] = places.try_emplace(identity(s), merged.size());
    if (added) {
      merged.push_back(std::move(s));
    } else {
      add(merged[at->second], s);
    }
  }
  statements.entries = std::move(merged);
}

}  // namespace sentinel::dbstat
