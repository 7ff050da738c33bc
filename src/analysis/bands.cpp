#include "analysis/bands.h"

#include <algorithm>

#include "analysis/report_shape.h"
#include "base/text.h"

namespace sentinel::analysis {
namespace {

constexpr std::array<std::string_view, 3> kAbout = {"new", "regression", "any"};

base::Error unknown(std::string_view part, std::string_view rule, std::string_view what, std::string_view allowed) {
  return {"'" + base::for_terminal(part) + "' is no " + std::string(what) + " in the rule '" + base::for_terminal(rule) + "'",
          "", "expected " + std::string(allowed)};
}

std::string all_types() {
  std::string list;
  for (std::size_t i = 0; i < model::kFindingTypes; ++i) {
    list += (i > 0 ? ", " : "") + std::string(model::slug(static_cast<model::FindingType>(i)));
  }
  return list;
}

// Takes the text up to the next colon off `rest`; nullopt when nothing is left.
std::optional<std::string_view> next_part(std::optional<std::string_view>& rest) {
  if (!rest) return std::nullopt;
  const std::size_t colon = rest->find(':');
  const std::string_view part = rest->substr(0, colon);
  if (colon == std::string_view::npos) {
    rest.reset();
  } else {
    rest->remove_prefix(colon + 1);
  }
  return part;
}

base::Result<BandRule> parse_rule(std::string_view text) {
  BandRule rule;
  rule.text = text;
  std::optional<std::string_view> rest = text;
  const std::string_view about = *next_part(rest);
  const auto* at = std::ranges::find(kAbout, about);
  if (at == kAbout.end()) return unknown(about, text, "kind of change", "new, regression or any");
  rule.about = static_cast<BandRule::About>(at - kAbout.begin());
  if (const auto severity = next_part(rest)) {
    const auto named = severity_named(*severity);
    if (!named) return unknown(*severity, text, "severity", "critical, warning or info");
    rule.at_least = *named;
  }
  if (const auto type = next_part(rest)) {
    rule.type = finding_type_named(*type);
    if (!rule.type) return unknown(*type, text, "finding type", all_types());
  }
  if (rest)
    return base::Error{"the rule '" + base::for_terminal(text) + "' has more than three parts", "",
                       "expected new:severity:type"};
  return rule;
}

std::size_t count_hits(const Diff& diff, const BandRule& rule) {
  std::size_t hits = 0;
  if (rule.about != BandRule::About::kRegression) {
    hits += static_cast<std::size_t>(
        std::ranges::count_if(diff.new_findings, [&](const model::Finding& f) { return rule.matches(f); }));
  }
  if (rule.about != BandRule::About::kNew) {
    hits += static_cast<std::size_t>(std::ranges::count_if(
        diff.severity_changes, [&](const SeverityChange& c) { return c.is_regression() && rule.matches(c.finding); }));
  }
  return hits;
}

void judge_band(const Diff& diff, std::span<const BandRule> rules, VerdictBand band, Verdict& out) {
  for (const BandRule& rule : rules) {
    const std::size_t hits = count_hits(diff, rule);
    if (hits == 0) continue;
    out.hits.push_back({band, rule.text, hits});
    out.band = std::max(out.band, band);
  }
}

}  // namespace

base::Result<std::vector<BandRule>> parse_band_rules(std::string_view list) {
  std::vector<BandRule> rules;
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t end = std::min(list.find(',', start), list.size());
    base::Result<BandRule> rule = parse_rule(base::trim(list.substr(start, end - start)));
    if (!rule) return rule.error();
    rules.push_back(std::move(*rule));
    start = end + 1;
  }
  return rules;
}

Verdict judge(const Diff& diff, std::span<const BandRule> fail_on, std::span<const BandRule> comment_on) {
  Verdict verdict;
  judge_band(diff, fail_on, VerdictBand::kFail, verdict);
  judge_band(diff, comment_on, VerdictBand::kComment, verdict);
  return verdict;
}

}  // namespace sentinel::analysis
