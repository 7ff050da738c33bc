#include "analysis/scoped_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "base/glob.h"
#include "base/text.h"
#include "config/key_table.h"
#include "detect/detect.h"

namespace sentinel::analysis {
namespace {

using config::ScopedRule;
using model::Finding;
using model::FindingType;

// Which findings a threshold has a say in. Redundant ones follow N+1, whose groups they leave out.
struct Reach {
  std::string_view key;
  FindingType first;
  FindingType last;
};
constexpr std::array<Reach, 8> kReaches = {{
    {"n_plus_one_min_occurrences", FindingType::kNPlusOneSql, FindingType::kRedundantHttp},
    {"window_duration_ms", FindingType::kNPlusOneSql, FindingType::kRedundantHttp},
    {"slow_query_threshold_ms", FindingType::kSlowSql, FindingType::kSlowMessaging},
    {"slow_query_min_occurrences", FindingType::kSlowSql, FindingType::kSlowMessaging},
    {"max_fanout", FindingType::kExcessiveFanout, FindingType::kExcessiveFanout},
    {"chatty_service_min_calls", FindingType::kChattyService, FindingType::kChattyService},
    {"pool_saturation_concurrent_threshold", FindingType::kPoolSaturation, FindingType::kPoolSaturation},
    {"serialized_min_sequential", FindingType::kSerializedCalls, FindingType::kSerializedCalls},
}};

bool has_say(const ScopedRule& rule, FindingType type) {
  return std::ranges::any_of(rule.thresholds, [&](const config::ScopedThreshold& threshold) {
    const auto* reach = std::ranges::find(kReaches, threshold.key->key, &Reach::key);
    return reach != kReaches.end() && reach->first <= type && type <= reach->last;
  });
}

// The rules that set thresholds today, in the order of the file.
std::vector<const ScopedRule*> threshold_rules(const config::Config& config) {
  std::vector<const ScopedRule*> rules;
  for (const ScopedRule& rule : config.rules) {
    if (!rule.expired && !rule.thresholds.empty()) rules.push_back(&rule);
  }
  return rules;
}

// The rule whose run a finding belongs to; null: the ordinary one.
const ScopedRule* owner(const std::vector<const ScopedRule*>& rules, const Finding& finding) {
  for (const ScopedRule* rule : rules) {
    if (has_say(*rule, finding.type) && in_scope(*rule, finding)) return rule;
  }
  return nullptr;
}

model::DetectionSettings settings_of(const config::Config& config, const ScopedRule& rule) {
  config::Config changed;
  changed.detection.settings = config.detection.settings;
  for (const config::ScopedThreshold& threshold : rule.thresholds) {
    config::set_whole_number(*threshold.key, changed, threshold.value);
  }
  return changed.detection.settings;
}

// `run` gives the findings under some settings.
template <class Run>
std::vector<Finding> merge_runs(const config::Config& config, Run run) {
  std::vector<Finding> findings = run(config.detection.settings);
  const std::vector<const ScopedRule*> rules = threshold_rules(config);
  if (rules.empty()) return findings;
  std::erase_if(findings, [&](const Finding& f) { return owner(rules, f) != nullptr; });
  for (const ScopedRule* rule : rules) {
    for (const Finding& f : run(settings_of(config, *rule))) {
      if (owner(rules, f) == rule) findings.push_back(f);
    }
  }
  return findings;
}

bool matches(const std::optional<std::string>& pattern, std::string_view text) {
  return !pattern || base::matches_glob(*pattern, text);
}

bool has_attribute(const Finding& finding, const std::string& key, const std::string& pattern) {
  return std::ranges::any_of(finding.grouping, [&](const model::GroupPair& pair) {
    return pair.key == key && base::matches_glob(pattern, pair.value);
  });
}

// -- suppressions

struct Suppressed {
  std::size_t findings = 0;
  std::array<std::size_t, model::kFindingTypes> by_type{};
};

std::string counted(const Suppressed& suppressed) {
  std::string types;
  for (std::size_t t = 0; t < model::kFindingTypes; ++t) {
    if (suppressed.by_type[t] == 0) continue;
    types += (types.empty() ? "" : ", ") + std::to_string(suppressed.by_type[t]) + " " +
             std::string(model::slug(static_cast<FindingType>(t)));
  }
  return std::to_string(suppressed.findings) + (suppressed.findings == 1 ? " finding (" : " findings (") + types + ")";
}

model::Acknowledgment acknowledgment(const ScopedRule& rule, const Finding& finding) {
  return {.signature = std::string(finding.signature),
          .acknowledged_by = rule.name,
          .acknowledged_at = "[[rules]]",
          .reason = rule.reason,
          .expires_at = rule.expires_at,
          .service = std::nullopt,
          .source_endpoint = std::nullopt};
}

model::Warning warning(std::string_view kind, const std::string& text) {
  return {std::string(kind), base::strip_invisible(text)};
}

void warn(const ScopedRule& rule, const Suppressed& suppressed, model::Report& report) {
  const std::string name = "rule `" + rule.name + "` ";
  if (rule.expired) {
    report.warning_details.push_back(
        warning("expired_rule", name + "expired on " + *rule.expires_at + " and no longer applies: " + rule.reason));
  } else if (suppressed.findings > 0) {
    report.warning_details.push_back(
        warning("suppressed_findings", name + "set " + counted(suppressed) + " aside: " + rule.reason));
  } else if (rule.suppress) {
    report.warning_details.push_back(
        warning("unmatched_rule", name + "matched no finding: the problem is fixed, or its scope was not exercised"));
  }
}

}  // namespace

bool in_scope(const ScopedRule& rule, const Finding& finding) {
  if (!matches(rule.endpoint, finding.source_endpoint) || !matches(rule.service, finding.service)) return false;
  if (!matches(rule.template_text, finding.pattern.template_text)) return false;
  if (!rule.types.empty() && std::ranges::find(rule.types, finding.type) == rule.types.end()) return false;
  return std::ranges::all_of(rule.attributes,
                             [&](const auto& attribute) { return has_attribute(finding, attribute.first, attribute.second); });
}

std::vector<Finding> detect_under_rules(const model::TraceSet& traces, const model::Symbols& symbols,
                                        const config::Config& config, unsigned threads, std::vector<base::Arena>& texts,
                                        detect::Evidence evidence) {
  return merge_runs(config, [&](const model::DetectionSettings& settings) {
    return detect::detect(traces, symbols, settings, threads, texts, evidence);
  });
}

std::vector<Finding> detect_trace_under_rules(const model::TraceView& trace, const model::Symbols& symbols,
                                              const config::Config& config, base::Arena& texts) {
  return merge_runs(
      config, [&](const model::DetectionSettings& settings) { return detect::detect_trace(trace, symbols, settings, texts); });
}

model::DetectionSettings settings_for(const config::Config& config, const Finding& finding) {
  const ScopedRule* rule = owner(threshold_rules(config), finding);
  return rule == nullptr ? config.detection.settings : settings_of(config, *rule);
}

void apply_suppressions(model::Report& report, const config::Config& config) {
  if (config.rules.empty()) return;
  std::vector<Suppressed> counts(config.rules.size());
  std::vector<Finding> open;
  open.reserve(report.findings.size());
  for (const Finding& finding : report.findings) {
    const auto at = std::ranges::find_if(
        config.rules, [&](const ScopedRule& rule) { return rule.suppress && !rule.expired && in_scope(rule, finding); });
    if (at == config.rules.end()) {
      open.push_back(finding);
      continue;
    }
    Suppressed& count = counts[static_cast<std::size_t>(at - config.rules.begin())];
    ++count.findings;
    ++count.by_type[static_cast<std::size_t>(finding.type)];
    report.acknowledged_findings.push_back({finding, acknowledgment(*at, finding)});
  }
  report.findings = std::move(open);
  for (std::size_t i = 0; i < counts.size(); ++i) warn(config.rules[i], counts[i], report);
}

}  // namespace sentinel::analysis
