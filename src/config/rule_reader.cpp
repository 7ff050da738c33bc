#include "config/rule_reader.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/expiry_date.h"
#include "base/text.h"
#include "config/key_table.h"
#include "config/read_value.h"
#include "config/value_text.h"

namespace sentinel::config {
namespace {

constexpr std::size_t kMaxPatternBytes = 4096;

using Text = std::optional<std::string>;

// Keys of a rule that are not thresholds.
struct RuleKey {
  std::string_view name;
  std::string_view type;
  std::string_view allowed;
  std::string_view help;
};
constexpr RuleKey kRuleKeys[] = {
    {"name", "text", "", "What messages call the rule; its number when left out."},
    {"reason", "text", "required, not blank", "Why the rule is there. Shown wherever the rule shows."},
    {"expires_at", "text", "YYYY-MM-DD",
     "Last day on which the rule counts (UTC). Afterwards it is reported and does nothing."},
    {"endpoint", "pattern", "`*` stands for anything", "Scope: the endpoint of the finding."},
    {"service", "pattern", "`*` stands for anything", "Scope: the service of the finding."},
    {"template", "pattern", "`*` stands for anything", "Scope: the template of the finding."},
    {"attributes", "table of attribute = pattern", "names of [detection] grouping_attributes",
     "Scope: captured attributes of the finding; all must match."},
    {"types", "list of finding types", "only with suppress", "Scope: the types that are suppressed; all when left out."},
    {"suppress", "boolean", "", "Takes the findings out of the report and the gate, into the accepted ones."},
};

bool is_threshold(const KeyRow& row) { return row.section == "detection" && is_whole_number(row); }

std::vector<std::string_view> known_keys() {
  std::vector<std::string_view> names;
  for (const RuleKey& key : kRuleKeys) names.push_back(key.name);
  for (const KeyRow& row : key_table())
    if (is_threshold(row)) names.push_back(row.key);
  return names;
}

std::optional<model::FindingType> finding_type(std::string_view slug) {
  for (std::size_t i = 0; i < model::kFindingTypes; ++i)
    if (model::slug(static_cast<model::FindingType>(i)) == slug) return static_cast<model::FindingType>(i);
  return std::nullopt;
}

// Reads one rule; the first thing that is wrong with it is reported.
class RuleReader {
 public:
  RuleReader(const toml::Value& table, std::size_t number, std::string label, const Config& config, Problems& problems)
      : table_(table), label_(std::move(label)), config_(config), problems_(problems) {
    rule_.name = "#" + std::to_string(number);
    rule_.origin = label_ + ":" + std::to_string(table.where().line);
  }

  // nullopt when something is wrong.
  std::optional<ScopedRule> read() {
    if (table_.as<toml::Table>() == nullptr) {
      fail(table_, mismatch("a table", table_));
      return std::nullopt;
    }
    text("name", rule_.name);
    unknown_keys();
    required_reason();
    expiry();
    scope();
    types();
    effect();
    check();
    if (failed_) return std::nullopt;
    return std::move(rule_);
  }

 private:
  void fail(const toml::Value& at, std::string what) {
    if (failed_) return;
    failed_ = true;
    problems_.wrong_at({label_, at.where().line}, "[[rules]] " + base::for_terminal(rule_.name) + ": " + std::move(what));
  }

  template <class T>
  const toml::Value* text(std::string_view key, T& out) {
    const toml::Value* value = table_.find(key);
    if (value == nullptr) return nullptr;
    if (const std::string problem = read_value(*value, out); !problem.empty()) fail(*value, std::string(key) + ": " + problem);
    return value;
  }

  void unknown_keys() {
    const std::vector<std::string_view> known = known_keys();
    for (const auto& [key, value] : *table_.as<toml::Table>()) {
      if (std::ranges::find(known, key) != known.end()) continue;
      const std::string_view near = closest(key, known);
      fail(value, "unknown key " + key_text(key) + (near.empty() ? "" : ": did you mean " + std::string(near) + "?"));
    }
  }

  void required_reason() {
    const toml::Value* value = text("reason", rule_.reason);
    if (base::is_blank(rule_.reason)) fail(value != nullptr ? *value : table_, "reason is missing: say why the rule is there");
  }

  void expiry() {
    const toml::Value* value = text("expires_at", rule_.expires_at);
    if (value == nullptr || failed_) return;
    const base::Result<std::int64_t> day = base::parse_expiry_date(*rule_.expires_at);
    if (!day) return fail(*value, "expires_at " + shown(*rule_.expires_at) + ": " + day.error().text());
    rule_.active_until_ms = base::last_instant_ms(*day);
  }

  void pattern(std::string_view key, Text& out) {
    const toml::Value* value = text(key, out);
    if (value == nullptr || failed_) return;
    if (out->empty()) fail(*value, std::string(key) + " is empty: leave it out to match everything");
    if (out->size() > kMaxPatternBytes)
      fail(*value, std::string(key) + " is longer than " + std::to_string(kMaxPatternBytes) + " bytes");
  }

  void scope() {
    pattern("endpoint", rule_.endpoint);
    pattern("service", rule_.service);
    pattern("template", rule_.template_text);
    const toml::Value* value = table_.find("attributes");
    if (value == nullptr) return;
    const toml::Table* entries = value->as<toml::Table>();
    if (entries == nullptr) return fail(*value, "attributes: " + mismatch("a table", *value));
    const std::vector<std::string>& captured = config_.detection.grouping_attributes;
    for (const auto& [name, entry] : *entries) {
      std::string& out = rule_.attributes[name];
      if (const std::string problem = read_value(entry, out); !problem.empty())
        fail(entry, "attributes." + key_text(name) + ": " + problem);
      if (std::ranges::find(captured, name) == captured.end())
        fail(entry, "attribute " + shown(name) + " is not captured: add it to [detection] grouping_attributes");
    }
  }

  void types() {
    const toml::Value* value = table_.find("types");
    if (value == nullptr) return;
    const toml::Array* items = value->as<toml::Array>();
    if (items == nullptr) return fail(*value, "types: " + mismatch("an array of strings", *value));
    if (items->empty()) fail(*value, "types is empty: leave it out to mean all");
    for (const toml::Value& item : *items) {
      std::string name;
      if (const std::string problem = read_value(item, name); !problem.empty()) return fail(item, "types: " + problem);
      const std::optional<model::FindingType> type = finding_type(name);
      if (!type) return fail(item, "types: " + shown(name) + " is no finding type");
      rule_.types.push_back(*type);
    }
  }

  void effect() {
    const toml::Value* value = table_.find("suppress");
    if (value != nullptr)
      if (const std::string problem = read_value(*value, rule_.suppress); !problem.empty())
        fail(*value, "suppress: " + problem);
    for (const KeyRow& row : key_table()) {
      const toml::Value* threshold = is_threshold(row) ? table_.find(row.key) : nullptr;
      if (threshold == nullptr) continue;
      std::uint64_t number = 0;
      if (const std::string problem = read_value(*threshold, number); !problem.empty())
        return fail(*threshold, std::string(row.key) + ": " + problem);
      const WholeBounds bounds = whole_bounds(row);
      if (number < bounds.min || number > bounds.max)
        return fail(*threshold, std::string(row.key) + " must be from " + std::to_string(bounds.min) + " to " +
                                    std::to_string(bounds.max) + ", got " + std::to_string(number));
      rule_.thresholds.push_back({&row, number});
    }
  }

  void check() {
    const bool scoped = rule_.endpoint || rule_.service || rule_.template_text || !rule_.attributes.empty();
    if (!scoped)
      fail(table_,
           "it has no scope: give endpoint, service, template or attributes; [detection] is for what counts everywhere");
    if (rule_.suppress && !rule_.thresholds.empty())
      fail(table_, "it suppresses findings and sets thresholds: one rule does one of them");
    if (!rule_.suppress && rule_.thresholds.empty())
      fail(table_, "it does nothing: write suppress = true, or a threshold of [detection]");
    if (!rule_.suppress && !rule_.types.empty()) fail(table_, "types belongs to a suppression; a threshold knows its detector");
  }

  const toml::Value& table_;
  std::string label_;
  const Config& config_;
  Problems& problems_;
  ScopedRule rule_;
  bool failed_ = false;
};

// "expires 2026-12-31" …, as the table of a rule would say it.
void append_line(std::string& out, std::string_view key, const std::string& value) {
  out += "  " + std::string(key) + " = " + value + "\n";
}

}  // namespace

void read_rules(const Documents& documents, std::uint64_t now_ms, Config& config, Problems& problems) {
  const KeyPath path = {"rules"};
  const toml::Value* list = documents.find(path);
  if (list == nullptr) return;
  const toml::Array* items = list->as<toml::Array>();
  if (items == nullptr)
    return problems.wrong_type(path, mismatch("a list of tables", *list) + ": write each rule as [[rules]]");
  if (items->size() > kMaxRules)
    return problems.wrong_type(path,
                               std::to_string(items->size()) + " rules, at most " + std::to_string(kMaxRules) + " are read");
  const std::string label = documents.labels()[list->document];
  for (std::size_t i = 0; i < items->size(); ++i) {
    std::optional<ScopedRule> rule = RuleReader((*items)[i], i + 1, label, config, problems).read();
    if (!rule) continue;
    rule->expired = rule->active_until_ms && *rule->active_until_ms < static_cast<std::int64_t>(now_ms);
    if (rule->expired)
      problems.advise("[[rules]] " + base::for_terminal(rule->name) + " (" + rule->origin + ") expired on " +
                      base::for_terminal(*rule->expires_at) + " and no longer applies: " + base::for_terminal(rule->reason));
    config.rules.push_back(std::move(*rule));
  }
}

std::string rules_text(const Config& config) {
  std::string out;
  for (const ScopedRule& rule : config.rules) {
    out += "[[rules]]  # " + base::for_terminal(rule.origin) + (rule.expired ? ", expired" : "") + "\n";
    append_line(out, "name", quoted(rule.name));
    append_line(out, "reason", quoted(rule.reason));
    if (rule.expires_at) append_line(out, "expires_at", quoted(*rule.expires_at));
    if (rule.endpoint) append_line(out, "endpoint", quoted(*rule.endpoint));
    if (rule.service) append_line(out, "service", quoted(*rule.service));
    if (rule.template_text) append_line(out, "template", quoted(*rule.template_text));
    if (!rule.attributes.empty()) append_line(out, "attributes", table_text(rule.attributes, quoted));
    if (!rule.types.empty()) {
      std::string types;
      for (const model::FindingType type : rule.types) types += (types.empty() ? "" : ", ") + quoted(model::slug(type));
      append_line(out, "types", "[" + types + "]");
    }
    if (rule.suppress) append_line(out, "suppress", "true");
    for (const ScopedThreshold& threshold : rule.thresholds)
      append_line(out, threshold.key->key, std::to_string(threshold.value));
  }
  return out;
}

std::string rules_markdown() {
  std::string out =
      "\n### `[[rules]]`\n\nThresholds and suppressions for a part of the findings (`docs/rules.md`); one table a rule. "
      "Unknown keys "
      "are errors here.\n\n| key | type | allowed | meaning |\n|---|---|---|---|\n";
  for (const RuleKey& key : kRuleKeys)
    out += "| `" + std::string(key.name) + "` | " + std::string(key.type) + " | " + std::string(key.allowed) + " | " +
           std::string(key.help) + " |\n";
  for (const KeyRow& row : key_table()) {
    if (!is_threshold(row)) continue;
    out += "| `" + std::string(row.key) + "` | " + std::string(type_words(row)) +
           " | as in `[detection]` | Counts in place of that of " + "`[detection]`. |\n";
  }
  return out;
}

}  // namespace sentinel::config
