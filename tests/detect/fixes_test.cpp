// The table of suggested fixes against the facts it must state (chapter 03 §8.3, §8.4).
#include "detect/fixes/fixes.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "base/text.h"
#include "support/files.h"
#include "support/json.h"

namespace sentinel::detect {
namespace {

using nlohmann::json;

json facts() {
  std::ifstream in(test_data("suggested_fixes.json"));
  return parsed_json<json>(in);
}

// By "<type> <framework>".
std::map<std::string, const FixRow*> rows() {
  std::map<std::string, const FixRow*> out;
  for (const auto table : fix_tables()) {
    for (const FixRow& row : table) {
      EXPECT_TRUE(out.emplace(std::string(model::slug(row.type)) + " " + std::string(slug(row.framework)), &row).second)
          << "two rows for " << model::slug(row.type) << " " << slug(row.framework);
    }
  }
  return out;
}

TEST(FixTable, HasARowForEachFactAndNoOther) {
  std::set<std::string> wanted;
  for (const json& fact : facts())
    wanted.insert(fact.at("type").get<std::string>() + " " + fact.at("framework").get<std::string>());
  std::set<std::string> present;
  for (const auto& [key, row] : rows()) present.insert(key);
  EXPECT_EQ(present, wanted);
  EXPECT_EQ(present.size(), 144U);
}

TEST(FixTable, EachTextNamesItsKeyTerms) {
  const auto all = rows();
  for (const json& fact : facts()) {
    const auto row = all.find(fact.at("type").get<std::string>() + " " + fact.at("framework").get<std::string>());
    ASSERT_NE(row, all.end());
    for (const json& term : fact.at("key_terms")) {
      EXPECT_NE(row->second->recommendation.find(term.get<std::string>()), std::string_view::npos)
          << row->first << " lacks " << term;
    }
  }
}

TEST(FixTable, ReferencesAreThoseOfTheFacts) {
  const auto all = rows();
  for (const json& fact : facts()) {
    const auto row = all.find(fact.at("type").get<std::string>() + " " + fact.at("framework").get<std::string>());
    ASSERT_NE(row, all.end());
    const std::string_view url = row->second->reference_url;
    if (fact.at("reference") == "any") {
      EXPECT_TRUE(base::is_safe_url(url)) << row->first;
    } else {
      EXPECT_EQ(url, fact.at("reference").get<std::string>()) << row->first;
    }
  }
}

TEST(FixTable, TextsAreWholeSentencesWithoutControlCharacters) {
  for (const auto& [key, row] : rows()) {
    EXPECT_TRUE(row->recommendation.ends_with('.')) << key;
    EXPECT_FALSE(base::has_control(row->recommendation)) << key;
    EXPECT_EQ(std::ranges::count(row->recommendation, '`') % 2, 0) << key;
  }
}

model::Finding finding(model::FindingType type, std::string_view service = "svc") {
  model::Finding f;
  f.type = type;
  f.service = service;
  return f;
}

TEST(SuggestedFix, IsAbsentWithoutAFramework) {
  EXPECT_FALSE(suggested_fix(finding(model::FindingType::kNPlusOneSql)).has_value());
  EXPECT_FALSE(suggested_fix(finding(model::FindingType::kSlowMessaging)).has_value());
}

TEST(SuggestedFix, DoesNotFallBackToTheLanguage) {
  constexpr std::string_view kScopes[] = {"io.opentelemetry.hibernate-6.0"};
  model::Finding f = finding(model::FindingType::kNPlusOneHttp);
  f.scopes = kScopes;
  EXPECT_FALSE(suggested_fix(f).has_value());  // java_jpa has no row for HTTP, java_generic has
  f.type = model::FindingType::kSlowSql;
  ASSERT_TRUE(suggested_fix(f).has_value());
  EXPECT_EQ(suggested_fix(f)->framework, "java_jpa");
}

TEST(SuggestedFix, MessagingLooksAtTheBrokerOnly) {
  constexpr std::string_view kScopes[] = {"io.opentelemetry.hibernate-6.0"};
  model::Finding f = finding(model::FindingType::kNPlusOneMessaging);
  f.scopes = kScopes;
  f.pattern.template_text = "AWS.SQS orders";
  EXPECT_EQ(suggested_fix(f)->framework, "aws_sqs");
  EXPECT_EQ(suggested_fix(f)->pattern, "n_plus_one_messaging");
  f.pattern.template_text = "gcp_pubsub orders";
  EXPECT_FALSE(suggested_fix(f).has_value());
}

TEST(SuggestedFix, ServiceNamesAreTheLastResort) {
  EXPECT_EQ(suggested_fix(finding(model::FindingType::kNPlusOneSql, "shop-Helidon-MP"))->framework, "java_helidon_mp");
  EXPECT_EQ(suggested_fix(finding(model::FindingType::kNPlusOneSql, "helidon"))->framework, "java_helidon_se");
}

}  // namespace
}  // namespace sentinel::detect
