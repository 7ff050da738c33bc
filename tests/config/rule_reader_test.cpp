// [[rules]] of a configuration: what is read, what is refused and where, what has expired.
#include "config/rule_reader.h"

#include <gtest/gtest.h>

#include "config/explain.h"
#include "config/key_table.h"
#include "config/support.h"

namespace sentinel::config {
namespace {

constexpr std::uint64_t kNow = 1'767'225'600'000;  // 2026-01-01T00:00:00Z

// A rule of three good lines, and more.
std::string rule(std::string_view more, std::string_view start = "reason = \"r\"\nservice = \"s\"\nsuppress = true\n") {
  return "[[rules]]\n" + std::string(start) + std::string(more) + "\n";
}

Loaded load(std::string_view toml, std::uint64_t now_ms = kNow) {
  LoadOptions options = options_with({});
  options.now_ms = now_ms;
  const base::Result<Loaded> loaded = load_text(toml, "t.toml", options);
  EXPECT_TRUE(loaded.ok()) << loaded.error().text();
  return loaded ? *loaded : Loaded();
}

TEST(Rules, AConfigurationWithoutThemHasNone) {
  EXPECT_TRUE(load("").config.rules.empty());
  EXPECT_EQ(rules_text(Config()), "");
}

TEST(Rules, AreReadWhole) {
  const Loaded loaded = load(R"(
[[rules]]
name = "import"
reason = "by design"
expires_at = "2026-12-31"
endpoint = "POST /import*"
service = "etl-*"
template = "INSERT *"
attributes = { "k8s.namespace.name" = "batch*" }
types = ["n_plus_one_sql", "redundant_sql"]
suppress = true

[[rules]]
reason = "big carts"
service = "cart"
n_plus_one_min_occurrences = 20
slow_query_threshold_ms = 2000
)");
  ASSERT_EQ(loaded.config.rules.size(), 2U);
  const ScopedRule& first = loaded.config.rules[0];
  EXPECT_EQ(first.name, "import");
  EXPECT_EQ(first.reason, "by design");
  EXPECT_EQ(first.origin, "t.toml:2");
  EXPECT_EQ(first.endpoint, "POST /import*");
  EXPECT_EQ(first.service, "etl-*");
  EXPECT_EQ(first.template_text, "INSERT *");
  EXPECT_EQ(first.attributes.at("k8s.namespace.name"), "batch*");
  EXPECT_EQ(first.types, (std::vector{model::FindingType::kNPlusOneSql, model::FindingType::kRedundantSql}));
  EXPECT_TRUE(first.suppress);
  const ScopedRule& second = loaded.config.rules[1];
  EXPECT_EQ(second.name, "#2");
  EXPECT_FALSE(second.suppress);
  ASSERT_EQ(second.thresholds.size(), 2U);
  EXPECT_EQ(second.thresholds[0].key->key, "n_plus_one_min_occurrences");
  EXPECT_EQ(second.thresholds[0].value, 20U);
  EXPECT_EQ(second.thresholds[1].value, 2000U);
}

TEST(Rules, CountUntilTheLastSecondOfTheirLastDay) {
  const std::string text = rule("expires_at = \"2026-01-01\"");
  constexpr std::uint64_t kLastSecond = kNow + 86'399'000;
  for (const std::uint64_t now : {kNow - 1, kNow, kLastSecond}) EXPECT_FALSE(load(text, now).config.rules[0].expired) << now;
  EXPECT_TRUE(load(text, kLastSecond + 1).config.rules[0].expired);
  EXPECT_FALSE(load(rule("")).config.rules[0].expired) << "without a date for ever";
}

TEST(Rules, AnExpiredOneIsReportedWithItsPlaceAndReason) {
  const Loaded loaded = load(rule("expires_at = \"2025-12-31\""));
  ASSERT_EQ(loaded.advisories.size(), 1U);
  EXPECT_EQ(loaded.advisories[0].message, "[[rules]] #1 (t.toml:1) expired on 2025-12-31 and no longer applies: r");
  EXPECT_TRUE(load(rule("expires_at = \"2026-01-01\"")).advisories.empty());
}

TEST(Rules, WhatIsWrongIsNamedWithItsLine) {
  const auto error = [](std::string_view more) { return verdict(rule(more)); };
  EXPECT_EQ(error("servcie = \"x\""), "[[rules]] #1: unknown key servcie: did you mean service? (line 5)");
  EXPECT_EQ(error("name = \"n\"\nendpoint = 5"), "[[rules]] n: endpoint: expected a string, got an integer (line 6)");
  EXPECT_EQ(error("endpoint = \"\""), "[[rules]] #1: endpoint is empty: leave it out to match everything (line 5)");
  EXPECT_EQ(error("expires_at = \"tomorrow\""),
            "[[rules]] #1: expires_at \"tomorrow\": not a date of the form YYYY-MM-DD (write it like \"2026-12-31\") (line 5)");
  EXPECT_EQ(error("expires_at = 2026-12-31"), "[[rules]] #1: expires_at: expected a string, got a date (line 5)");
  EXPECT_EQ(error("types = [\"slow\"]"), "[[rules]] #1: types: \"slow\" is no finding type (line 5)");
  EXPECT_EQ(error("types = []"), "[[rules]] #1: types is empty: leave it out to mean all (line 5)");
  EXPECT_EQ(error("attributes = { tenant = \"x\" }"),
            "[[rules]] #1: attribute \"tenant\" is not captured: add it to [detection] grouping_attributes (line 5)");
  EXPECT_EQ(error("max_fanout = 5"),
            "[[rules]] #1: it suppresses findings and sets thresholds: one rule does one of them (line 1)");
}

TEST(Rules, NeedAReasonAScopeAndAnEffect) {
  EXPECT_EQ(verdict("[[rules]]\nservice = \"s\"\nsuppress = true"),
            "[[rules]] #1: reason is missing: say why the rule is there (line 1)");
  EXPECT_EQ(verdict("[[rules]]\nreason = \"  \"\nservice = \"s\"\nsuppress = true"),
            "[[rules]] #1: reason is missing: say why the rule is there (line 2)");
  EXPECT_EQ(verdict("[[rules]]\nreason = \"r\"\nsuppress = true"),
            "[[rules]] #1: it has no scope: give endpoint, service, template or attributes; [detection] is for what counts "
            "everywhere (line 1)");
  for (const char* nothing : {"", "suppress = false\n"}) {
    EXPECT_EQ(verdict(rule("", "reason = \"r\"\nservice = \"s\"\n" + std::string(nothing))),
              "[[rules]] #1: it does nothing: write suppress = true, or a threshold of [detection] (line 1)");
  }
  EXPECT_EQ(verdict(rule("types = [\"slow_sql\"]", "reason = \"r\"\nservice = \"s\"\nmax_fanout = 5\n")),
            "[[rules]] #1: types belongs to a suppression; a threshold knows its detector (line 1)");
}

TEST(Rules, TheListItselfMustBeOneOfTables) {
  EXPECT_EQ(verdict("rules = 5"), "rules: expected a list of tables, got an integer: write each rule as [[rules]] (line 1)");
  EXPECT_EQ(verdict("rules = [5]"), "[[rules]] #1: expected a table, got an integer (line 1)");
  EXPECT_EQ(verdict("[rules]\nreason = \"r\""),
            "rules: expected a list of tables, got a table: write each rule as [[rules]] (line 1)");
}

TEST(Rules, AtMost256) {
  std::string text;
  for (std::size_t i = 0; i < kMaxRules; ++i) text += rule("");
  EXPECT_EQ(verdict(text), "ok");
  EXPECT_EQ(verdict(text + rule("")), "rules: 257 rules, at most 256 are read (line 1)");
}

TEST(Rules, ThresholdsHaveTheBoundsOfDetection) {
  std::size_t rows = 0;
  for (const KeyRow& row : key_table()) {
    if (row.section != "detection" || !is_whole_number(row)) continue;
    ++rows;
    const auto with = [&](const std::string& value) {
      return verdict(rule(std::string(row.key) + " = " + value, "reason = \"r\"\nservice = \"s\"\n"));
    };
    const WholeBounds bounds = whole_bounds(row);
    EXPECT_EQ(with(std::to_string(bounds.min)), "ok") << row.key;
    EXPECT_EQ(with(std::to_string(bounds.max)), "ok") << row.key;
    EXPECT_NE(with(std::to_string(bounds.min - 1)), "ok") << row.key;
    EXPECT_NE(with(std::to_string(bounds.max + 1)), "ok") << row.key;
  }
  EXPECT_GE(rows, 8U);
}

TEST(Rules, OfAFragmentAreReplacedByThoseOfTheMainFile) {
  Folder folder;
  std::filesystem::create_directory(folder.at(".perf-sentinel.d"));
  folder.file(".perf-sentinel.d/10-base.toml", rule("name = \"base\""));
  folder.file("main.toml", "");
  LoadOptions options = options_with({});
  options.path = folder.at("main.toml");
  base::Result<Loaded> loaded = config::load(options);
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->config.rules.size(), 1U);
  EXPECT_EQ(loaded->config.rules[0].origin, "10-base.toml:1");
  folder.file("main.toml", rule("name = \"main\""));
  loaded = config::load(options);
  ASSERT_EQ(loaded->config.rules.size(), 1U);
  EXPECT_EQ(loaded->config.rules[0].name, "main");
}

TEST(Rules, ExplainShowsThemWithTheirPlace) {
  const Loaded loaded = load(rule("expires_at = \"2025-12-31\"\nattributes = { \"service.namespace\" = \"a\" }"));
  EXPECT_NE(explain_text(loaded).find(
                "[[rules]]  # t.toml:1, expired\n  name = \"#1\"\n  reason = \"r\"\n  expires_at = \"2025-12-31\"\n"
                "  service = \"s\"\n  attributes = { \"service.namespace\" = \"a\" }\n  suppress = true\n"),
            std::string::npos);
}

}  // namespace
}  // namespace sentinel::config
