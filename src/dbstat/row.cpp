#include "dbstat/row.h"

#include <utility>

#include "base/number_parse.h"
#include "base/text.h"
#include "normalize/sql.h"

namespace sentinel::dbstat {
namespace {

// Statement texts are normalised up to here, as those of spans are.
constexpr std::size_t kMaxStatement = 65'536;

constexpr std::size_t kShownCell = 60;  // bytes of a bad cell that a message repeats

std::string not_a_number(std::string_view kind, std::string_view cell, const Column& column) {
  std::string out = "column " + std::string(column.name());
  if (cell.empty()) return out.append(" is empty where ").append(kind).append(" should be");
  const std::string_view shown = base::truncate_utf8(cell, kShownCell);
  out.append(" holds '").append(shown).append(shown.size() < cell.size() ? "…" : "").append("', which is not ");
  return out.append(kind);
}

}  // namespace

bool is_null_marker(std::string_view text) {
  text = base::trim(text);
  return text.empty() || text == "\\N" || base::equals_ignoring_case(text, "null");
}

std::string template_of(std::string_view query, normalize::Scratch& scratch) {
  return std::string(normalize::normalize_sql(base::truncate_utf8(query, kMaxStatement), scratch).text);
}

void Row::begin() {
  statement_ = Statement();
  set_.reset();
}

std::string Row::set_text(std::size_t index, std::string_view text) {
  const Column& column = columns_[index];
  if (auto member = std::get_if<std::string Statement::*>(&column.target)) {
    statement_.*(*member) = text;
  } else if (auto nullable = std::get_if<std::optional<std::string> Statement::*>(&column.target)) {
    if (!is_null_marker(text)) statement_.*(*nullable) = std::string(base::trim(text));
  } else if (std::holds_alternative<std::uint64_t Statement::*>(column.target)) {
    const std::string_view cell = base::trim(text);
    const auto value = base::parse_count(cell);
    if (!value) return not_a_number("a whole number from 0 to 18446744073709551615", cell, column);
    set_count(index, *value);
  } else if (std::holds_alternative<double Statement::*>(column.target)) {
    const std::string_view cell = base::trim(text);
    const auto value = base::parse_real(cell);
    if (!value) return not_a_number("a number", cell, column);
    set_real(index, *value);
  } else {
    set_fact(index, text);
    return {};
  }
  set_.set(index);
  return {};
}

void Row::set_count(std::size_t index, std::uint64_t value) {
  const Column& column = columns_[index];
  if (auto member = std::get_if<std::uint64_t Statement::*>(&column.target)) {
    statement_.*(*member) = value;
    set_.set(index);
  } else {
    set_real(index, static_cast<double>(value));
  }
}

void Row::set_real(std::size_t index, double value) {
  const Column& column = columns_[index];
  if (auto member = std::get_if<double Statement::*>(&column.target)) statement_.*(*member) = value / column.divisor;
  set_.set(index);
}

// A fact that cannot be read is left out: nothing depends on it.
void Row::set_fact(std::size_t index, std::string_view text) {
  const Column& column = columns_[index];
  if (is_null_marker(text)) return;
  Fact fact{.name = column.fact_name, .value = {}};
  switch (std::get<FactKind>(column.target)) {
    case FactKind::kText:
      fact.value = std::string(text);
      break;
    case FactKind::kCount: {
      const auto value = base::parse_count(base::trim(text));
      if (!value) return;
      fact.value = *value;
      break;
    }
    case FactKind::kReal: {
      const auto value = base::parse_real(base::trim(text));
      if (!value) return;
      fact.value = *value / column.divisor;
      break;
    }
  }
  facts_[index] = std::move(fact);
  set_.set(index);
}

Statement Row::finish() {
  Statement out = std::move(statement_);
  const auto calls = static_cast<double>(out.calls);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].need == Need::kMean && !set_[i])
      out.mean_exec_time_ms = out.calls > 0 ? out.total_exec_time_ms / calls : out.total_exec_time_ms;
    if (columns_[i].need == Need::kExtra && set_[i]) out.facts.push_back(std::move(facts_[i]));
  }
  out.normalized_template = template_of(out.query, scratch_);
  begin();
  return out;
}

}  // namespace sentinel::dbstat
