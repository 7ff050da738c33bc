#include "analysis/rehearse.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "base/number_format.h"
#include "base/text.h"

namespace sentinel::analysis {
namespace {

base::Error bad(std::string_view text, std::string what) {
  return {"--key " + base::for_terminal(text) + ": " + std::move(what), "",
          "expected KEY=FROM..TO, KEY=FROM..TO/STEP or KEY=A,B,C"};
}

std::string rehearsable_keys() {
  std::string names;
  for (const config::KeyRow& row : config::key_table()) {
    if (row.section == "detection" && config::is_whole_number(row)) names += (names.empty() ? "" : ", ") + std::string(row.key);
  }
  return names;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Splits at the first `mark`; the second part is absent without it.
std::pair<std::string_view, std::optional<std::string_view>> split(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, at), text.substr(at + mark.size())};
}

// The values of one element of the list; empty when it is none.
struct Span {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::uint64_t step = 1;
};
std::optional<Span> parse_span(std::string_view text) {
  const auto [range, step_text] = split(text, "/");
  const auto [from_text, to_text] = split(range, "..");
  const auto from = number(from_text);
  const auto to = to_text ? number(*to_text) : from;
  const auto step = step_text ? number(*step_text) : 1;
  if (!from || !to || !step || *step == 0 || (step_text && !to_text)) return std::nullopt;
  return Span{*from, *to, *step};
}

RehearsedValue count(std::uint64_t value, const model::Report& report) {
  RehearsedValue row;
  row.value = value;
  row.findings = report.findings.size();
  for (const model::Finding& f : report.findings) {
    ++row.by_severity[static_cast<std::size_t>(f.severity)];
    ++row.by_type[static_cast<std::size_t>(f.type)];
  }
  row.gate_passed = report.quality_gate.passed;
  return row;
}

}  // namespace

base::Result<RehearsalPlan> parse_rehearsal(std::string_view text) {
  const auto [name, list] = split(text, "=");
  if (!list) return bad(text, "it names no values");
  RehearsalPlan plan;
  const std::string path = (name.starts_with("detection.") ? "" : "detection.") + std::string(name);
  plan.key = config::find_key(path);
  if (plan.key == nullptr || plan.key->section != "detection" || !config::is_whole_number(*plan.key)) {
    return base::Error{"--key " + base::for_terminal(text) + ": '" + base::for_terminal(name) + "' is no threshold", "",
                       "expected one of " + rehearsable_keys()};
  }
  const auto [low, high] = config::whole_bounds(*plan.key);
  for (std::size_t start = 0; start <= list->size();) {
    const std::size_t end = std::min(list->find(',', start), list->size());
    const std::string_view part = list->substr(start, end - start);
    const auto span = parse_span(part);
    if (!span) return bad(text, "'" + base::for_terminal(part) + "' is no number and no range");
    if (span->from > span->to) return bad(text, "the range '" + base::for_terminal(part) + "' runs backwards");
    if (span->from < low || span->to > high) {
      return bad(text, std::string(plan.key->key) + " must be from " + std::to_string(low) + " to " + std::to_string(high));
    }
    for (std::uint64_t value = span->from;; value += span->step) {
      if (std::ranges::find(plan.values, value) == plan.values.end()) plan.values.push_back(value);
      if (plan.values.size() > kMaxRehearsedValues) {
        return bad(text, "more than " + std::to_string(kMaxRehearsedValues) + " values");
      }
      if (span->to - value < span->step) break;
    }
    start = end + 1;
  }
  return plan;
}

Rehearsal rehearse(Run& run, const RehearsalPlan& plan, config::Config config, unsigned threads,
                   const std::function<void(model::Report&)>& finish) {
  Rehearsal out;
  out.key = plan.key;
  out.configured = config::whole_number(*plan.key, config);
  for (const std::uint64_t value : plan.values) {
    config::set_whole_number(*plan.key, config, value);
    analyze(run, config, model::Confidence::kLocalBatch, threads);
    finish(run.report);
    out.values.push_back(count(value, run.report));
    run.report = {};
    run.texts.clear();
  }
  return out;
}

}  // namespace sentinel::analysis
