#include "dbstat/trace_match.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <unordered_map>

#include "base/text.h"
#include "normalize/sql.h"

namespace sentinel::dbstat {
namespace {

constexpr std::string_view kPunctuation = ".,()=<>;!+-*/%?";

bool is_punctuation(char c) { return kPunctuation.find(c) != std::string_view::npos; }

// The white-space character at `at`, in bytes; 0 when there is none.
std::size_t space_at(std::string_view text, std::size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  if (c < 0x80) return c == ' ' || (c >= '\t' && c <= '\r') ? 1 : 0;
  // Unicode white space has two or three bytes.
  for (const std::size_t length : {2U, 3U}) {
    if (at + length <= text.size() && base::trim(text.substr(at, length)).empty()) return length;
  }
  return 0;
}

std::string mysql_key(std::string_view text) {
  std::string key;
  bool pending = false;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '`') {
      ++i;
    } else if (const std::size_t space = space_at(text, i); space > 0) {
      pending = true;
      i += space;
    } else {
      const char c = text[i++];
      if (pending && !is_punctuation(c) && !key.empty() && !is_punctuation(key.back())) key += ' ';
      pending = false;
      key += base::to_lower(c);
    }
  }
  return key;
}

// "$?", the template of a numbered parameter, as "?".
std::string without_parameter_marks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '?') continue;
    out += text[i];
  }
  return out;
}

std::string postgres_key(std::string_view text) {
  // Made a template once more: a list of numbered parameters is now one of bare marks and collapses.
  const std::string plain = without_parameter_marks(text);
  normalize::Scratch scratch;
  const std::string_view bare = normalize::normalize_sql(plain, scratch).text;
  std::string key;
  bool pending = false;
  char quote = 0;
  for (std::size_t i = 0; i < bare.size();) {
    const std::size_t space = quote == 0 ? space_at(bare, i) : 0;
    if (space > 0) {
      pending = true;
      i += space;
      continue;
    }
    const char c = bare[i++];
    if (pending && !key.empty()) key += ' ';
    pending = false;
    key += quote == 0 ? base::to_lower(c) : c;
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    }
  }
  return key;
}

}  // namespace

std::string comparison_key(Dialect dialect, std::string_view sql_template) {
  return dialect == Dialect::kPostgres ? postgres_key(sql_template) : mysql_key(sql_template);
}

TraceCoverage match_traces(Statements& statements, std::span<const TraceStatement> traces) {
  struct Known {
    std::string_view sql_template;
    std::vector<std::string_view> findings;
    bool in_database = false;
  };
  std::vector<Known> known;  // in the order of `traces`
  std::unordered_map<std::string, std::size_t> by_key;
  for (const TraceStatement& t : traces) {
    const auto [at, added] = by_key.try_emplace(comparison_key(statements.dialect, t.sql_template), known.size());
    if (added) known.push_back({.sql_template = t.sql_template, .findings = {}});
    std::vector<std::string_view>& findings = known[at->second].findings;
    if (!t.finding.empty() && std::ranges::find(findings, t.finding) == findings.end()) findings.push_back(t.finding);
  }
  TraceCoverage out;
  for (std::uint32_t i = 0; i < statements.entries.size(); ++i) {
    Statement& s = statements.entries[i];
    const auto found = by_key.find(comparison_key(statements.dialect, s.normalized_template));
    s.seen_in_traces = found != by_key.end();
    if (!s.seen_in_traces) {
      out.database_only.push_back(i);
      continue;
    }
    ++out.in_both;
    known[found->second].in_database = true;
    s.findings = known[found->second].findings;
  }
  const auto weight = [&](std::uint32_t i) {
    const double total = statements.entries[i].total_exec_time_ms;
    return std::isnan(total) ? -std::numeric_limits<double>::infinity() : total;
  };
  std::ranges::stable_sort(out.database_only, std::greater<>(), weight);
  for (const Known& k : known) {
    if (!k.in_database) out.traces_only.emplace_back(k.sql_template);
  }
  return out;
}

}  // namespace sentinel::dbstat
