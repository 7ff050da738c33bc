// Which endpoint and scopes a span takes from above (chapter 01 §8.9, §8.11), against the plain reading of the rules: chains in
// any order, siblings that differ, ids that occur twice.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ingest/support/events.h"

namespace sentinel::ingest::test {
namespace {

constexpr int kHops = 9;       // ancestors that an endpoint may come from
constexpr int kScopeHops = 8;  // and a scope

// A span of one trace and service; its id is its number.
struct Span {
  int id = 0;
  std::optional<int> parent = {};
  std::string route = {};  // not empty: an entry point
  std::string scope = "lib";
};

std::string hex(int id) {
  char text[17];
  std::snprintf(text, sizeof text, "%016x", static_cast<unsigned>(id + 1));
  return text;
}

std::string json_of(const Span& s) {
  std::string out = R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":")" + hex(s.id) + "\"";
  if (s.parent) out += R"(,"parentSpanId":")" + hex(*s.parent) + "\"";
  out +=
      R"(,"name":"n","kind":3,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000001000000","attributes":[)"
      R"({"key":"db.system","value":{"stringValue":"mysql"}},{"key":"db.statement","value":{"stringValue":"SELECT )" +
      std::to_string(s.id) + R"("}})";
  if (!s.route.empty()) out += R"(,{"key":"http.route","value":{"stringValue":")" + s.route + R"("}})";
  return out + "]}";
}

// Each span in a scope block of its own, so that scopes may differ.
std::string document(const std::vector<Span>& spans) {
  std::string out = R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}}]},)"
                    R"("scopeSpans":[)";
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (i > 0) out += ",";
    out += R"({"scope":{"name":")" + spans[i].scope + R"("},"spans":[)" + json_of(spans[i]) + "]}";
  }
  return out + "]}]}";
}

// What each span takes from above, hop by hop.
struct Expected {
  std::string endpoint = "unknown";
  std::vector<std::string> scopes;
};
Expected expected(const Span& span, const std::map<int, Span>& by_id) {
  Expected out;
  std::vector<const Span*> chain = {&span};
  while (chain.size() <= kHops && chain.back()->parent && by_id.contains(*chain.back()->parent))
    chain.push_back(&by_id.at(*chain.back()->parent));
  for (std::size_t hop = 1; hop < chain.size() && out.endpoint == "unknown"; ++hop) {
    if (!chain[hop]->route.empty()) out.endpoint = chain[hop]->route;
  }
  for (std::size_t hop = 0; hop < std::min<std::size_t>(chain.size(), kScopeHops + 1) && out.scopes.size() < 8; ++hop) {
    if (std::ranges::find(out.scopes, chain[hop]->scope) == out.scopes.end()) out.scopes.push_back(chain[hop]->scope);
  }
  return out;
}

void expect_as_the_rules_say(const std::vector<Span>& spans) {
  std::map<int, Span> by_id;
  for (const Span& s : spans) by_id[s.id] = s;
  for (const unsigned threads : {1U, 3U}) {
    IngestOptions options = default_options();
    options.threads = threads;
    const json outcome = outcome_of(document(spans), options);
    ASSERT_TRUE(outcome.contains("events")) << outcome;
    ASSERT_EQ(outcome["events"].size(), spans.size());
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const json& event = outcome["events"][i];
      const Expected want = expected(spans[i], by_id);
      EXPECT_EQ(event["endpoint"], want.endpoint) << "span " << spans[i].id << ", place " << i << ", threads " << threads;
      EXPECT_EQ(event["instrumentation_scopes"], json(want.scopes)) << "span " << spans[i].id << ", threads " << threads;
    }
  }
}

std::vector<Span> chain_of(int length) {
  std::vector<Span> spans;
  for (int i = 0; i < length; ++i) {
    spans.push_back({.id = i, .parent = i > 0 ? std::optional(i - 1) : std::nullopt, .scope = "lib" + std::to_string(i % 11)});
  }
  spans[0].route = "/first";
  return spans;
}

TEST(Resolve, AnEndpointComesFromNineHopsAwayButNotFromTen) {
  expect_as_the_rules_say(chain_of(30));
  const json outcome = outcome_of(document(chain_of(12)), default_options());
  EXPECT_EQ(outcome["events"][9]["endpoint"], "/first");
  EXPECT_EQ(outcome["events"][10]["endpoint"], "unknown");
}

TEST(Resolve, AChainIsFollowedInAnyOrder) {
  std::vector<Span> spans = chain_of(30);
  std::ranges::reverse(spans);
  expect_as_the_rules_say(spans);
  // Up and down: the parent of a span is an ancestor of the span before it.
  std::vector<Span> zigzag = chain_of(25);
  for (int i = 0; i < 25; ++i) zigzag.push_back({.id = 100 + i, .parent = 24 - i, .scope = "leaf"});
  expect_as_the_rules_say(zigzag);
}

TEST(Resolve, ACycleEndsAtTheLastHop) {
  std::vector<Span> spans = chain_of(5);
  spans[0].parent = 4;
  expect_as_the_rules_say(spans);
  std::vector<Span> alone = {{.id = 1, .parent = 1, .route = "/self"}, {.id = 2, .parent = 1}};
  expect_as_the_rules_say(alone);
}

TEST(Resolve, SiblingsThatDifferInTheirScopeKeepTheirOwn) {
  std::vector<Span> spans = {{.id = 0, .route = "/root", .scope = "web"}};
  for (int i = 1; i < 12; ++i) spans.push_back({.id = i, .parent = 0, .scope = i % 3 == 0 ? "jdbc" : "jpa"});
  expect_as_the_rules_say(spans);
}

TEST(Resolve, RandomTreesInRandomOrder) {
  std::mt19937 random(20261121);
  for (int round = 0; round < 40; ++round) {
    std::vector<Span> spans;
    for (int i = 0; i < 40; ++i) {
      Span s{.id = i, .scope = "lib" + std::to_string(random() % 12)};
      const auto parent = static_cast<int>(random() % 45);  // sometimes missing, sometimes itself or below
      if (random() % 8 != 0) s.parent = round % 2 == 0 ? std::max(0, i - 1 - static_cast<int>(random() % 3)) : parent;
      if (random() % 7 == 0) s.route = "/r" + std::to_string(i);
      spans.push_back(s);
    }
    if (round % 4 >= 2) std::ranges::shuffle(spans, random);
    expect_as_the_rules_say(spans);
  }
}

// -- attributes guessed from those of the span before

std::string with_attributes(const std::string& attributes) {
  const auto span = [](const char* id, const std::string& list) {
    return R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":")" + std::string(id) +
           R"(","name":"n","kind":3,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000001000000","attributes":[)" +
           list + "]}";
  };
  const std::string usual =
      R"({"key":"db.system","value":{"stringValue":"mysql"}},{"key":"db.statement","value":{"stringValue":"SELECT 1"}},)"
      R"({"key":"code.lineno","value":{"intValue":"7"}},{"key":"code.function","value":{"stringValue":"f"}})";
  // Twice as usual, so that the next is guessed.
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[)" + span("b7ad6b7169203331", usual) + "," +
         span("b7ad6b7169203332", usual) + "," + span("b7ad6b7169203333", attributes) + "]}]}]}";
}

json third_span(const std::string& attributes) {
  const json outcome = outcome_of(with_attributes(attributes), default_options());
  return outcome.contains("error") ? outcome : outcome["events"].size() == 3 ? outcome["events"][2] : json("no third event");
}

TEST(GuessedAttributes, WhatIsReadDoesNotDependOnTheGuess) {
  const std::string system = R"({"key":"db.system","value":{"stringValue":"mysql"}})";
  const std::string statement = R"({"key":"db.statement","value":{"stringValue":"SELECT 1"}})";
  const std::string line = R"({"key":"code.lineno","value":{"intValue":"9"}})";
  const std::string function = R"({"key":"code.function","value":{"stringValue":"g"}})";
  const json usual = third_span(system + "," + statement + "," + line + "," + function);
  EXPECT_EQ(usual["code_lineno"], 9);
  EXPECT_EQ(usual["code_function"], "g");
  for (const std::string& other :
       {function + "," + line + "," + statement + "," + system, line + ",\n" + system + " , " + statement + "," + function,
        system + "," + statement + R"(,{"value":{"intValue":9},"key":"code.lineno"},)" + function,
        system + "," + statement + R"(,{"key":"code.lineno","value":{"intValue":"9"},"x":1},)" + function,
        system + "," + statement + R"(,{"key":"code.lineno","value":{"intValue":"9","other":{}}},)" + function}) {
    EXPECT_EQ(third_span(other), usual) << other;
  }
}

TEST(GuessedAttributes, BracketsAndCommasThatAreWrongAreErrors) {
  const std::string system = R"({"key":"db.system","value":{"stringValue":"mysql"}})";
  for (const char* rest : {R"({"key":"db.statement","value":{"stringValue":"SELECT 1"}})",    // no comma before it
                           R"(,,{"key":"db.statement","value":{"stringValue":"SELECT 1"}})",  // two
                           R"(,{"key":"db.statement","value":{"stringValue":"SELECT 1"})",    // a bracket missing
                           R"(,{"key":"db.statement","value":{"stringValue":"SELECT 1"}}})",  // one too many
                           R"(,{"key":"db.statement","value":{"stringValue":"SELECT 1"]})",   // another bracket
                           R"(,{"key":"db.statement","value":{"stringValue":"SELECT 1}})",    // no closing quote
                           R"(,{"key":"db.statement","value":{"stringValue":"SELECT 1"}},)"}) {
    EXPECT_TRUE(third_span(system + rest).contains("error")) << rest;
  }
}

TEST(GuessedAttributes, AnIntegerThatIsNoneIsNoLine) {
  const std::string before =
      R"({"key":"db.system","value":{"stringValue":"mysql"}},{"key":"db.statement","value":{"stringValue":"SELECT 1"}},)";
  for (const char* line : {R"("")", R"("7x")", R"("x")", R"("-")"}) {
    const json outcome = third_span(before + R"({"key":"code.lineno","value":{"intValue":)" + line + "}}");
    EXPECT_TRUE(outcome.contains("error") || !outcome.contains("code_lineno")) << line << ": " << outcome;
  }
}

// A repeated id names a statement's executor and a span of a store that is no SQL: only the first takes the statement over.
TEST(Stitching, AnAdoptedStatementMakesNoSqlOfAnotherStore) {
  const auto span = [](const char* id, const char* name, const char* start, const std::string& attributes) {
    return std::string(R"({"traceId":"0af7651916cd43dd8448eb211c80319c","parentSpanId":"00000000000000aa","spanId":")") + id +
           R"(","name":")" + name + R"(","kind":3,"startTimeUnixNano":")" + start + R"(","endTimeUnixNano":")" + start +
           R"(","attributes":[)" + attributes + "]}";
  };
  const json outcome = outcome_of(
      R"({"resourceSpans":[{"scopeSpans":[{"spans":[)" +
          span("0000000000000001", "prepare", "1000", R"({"key":"db.statement","value":{"stringValue":"SELECT 1"}})") + "," +
          span("0000000000000002", "execute", "2000", R"({"key":"db.system","value":{"stringValue":"mysql"}})") + "," +
          span("0000000000000002", "GET", "3000", R"({"key":"db.system","value":{"stringValue":"redis"}})") + "]}]}]}",
      default_options());
  ASSERT_EQ(outcome["events"].size(), 1U) << outcome;
  EXPECT_EQ(outcome["events"][0]["operation"], "mysql");
  EXPECT_EQ(outcome["events"][0]["template"], "SELECT ?");
  EXPECT_EQ(outcome["tally"]["non_sql_datastore"], 1) << outcome;
  EXPECT_EQ(outcome["tally"]["merged_db_span"], 1) << outcome;
}

}  // namespace
}  // namespace sentinel::ingest::test
