#include "disclosure/json_tree.h"

#include <gtest/gtest.h>

namespace sentinel::disclosure {
namespace {

std::string canonical(std::string_view text) {
  base::Arena arena;
  const auto node = parse_json(text, arena);
  if (!node) return "error: " + node.error().text();
  std::string out;
  append_canonical(out, *node);
  return out;
}

TEST(JsonTree, CanonicalFormSortsKeysAtEveryLevelAndKeepsLists) {
  EXPECT_EQ(canonical(R"( { "b" : [ 3 , 1, {"z":1,"a":2} ] , "a" : null } )"), R"({"a":null,"b":[3,1,{"a":2,"z":1}]})");
  EXPECT_EQ(canonical(R"({"é":1,"z":2,"Z":3})"), R"({"Z":3,"z":2,"é":1})");
  EXPECT_EQ(canonical("[]"), "[]");
  EXPECT_EQ(canonical("{}"), "{}");
}

TEST(JsonTree, TheLastOfRepeatedKeysCounts) { EXPECT_EQ(canonical(R"({"a":1,"b":2,"a":3,"a":[4]})"), R"({"a":[4],"b":2})"); }

TEST(JsonTree, NumbersKeepTheirKind) {
  EXPECT_EQ(canonical("[0,1,-1,1.0,1e0,-0,18446744073709551615,-9223372036854775808]"),
            "[0,1,-1,1.0,1.0,-0.0,18446744073709551615,-9223372036854775808]");
  // One past either end of the integers is a float.
  EXPECT_EQ(canonical("[18446744073709551616,-9223372036854775809]"), "[1.8446744073709552e+19,-9.223372036854776e+18]");
  EXPECT_EQ(canonical("1e-400"), "0.0");
  EXPECT_TRUE(canonical("1e400").starts_with("error: ")) << canonical("1e400");
}

TEST(JsonTree, TextsAreEscapedOnlyWhereTheyMustBe) {
  EXPECT_EQ(canonical(R"("\u0022\\\/\b\f\n\r\t\u0001\u001F\u007f\u00e9\ud83d\ude00")"),
            "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST(JsonTree, NestingIsBounded) {
  const auto nested = [](unsigned depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(canonical(nested(kMaxJsonDepth - 1)), nested(kMaxJsonDepth - 1));
  EXPECT_EQ(canonical(nested(kMaxJsonDepth)), nested(kMaxJsonDepth));
  EXPECT_TRUE(canonical(nested(kMaxJsonDepth + 1)).starts_with("error: "));
}

TEST(JsonTree, WhatIsNoJsonIsAnError) {
  for (const char* text :
       {"", " ", "nul", "tru", "[1,]", "{\"a\"}", "01", "1 2", "\"\\ud800\"", "{\"\\udc00\":1}", "\"\xFF\"", "NaN"}) {
    EXPECT_TRUE(canonical(text).starts_with("error: byte ")) << text << " " << canonical(text);
  }
}

TEST(JsonTree, EveryPrefixOfAValueIsAnError) {
  const std::string text = R"({"a":[1,-2.5e3,"x\u0041",true,false,null],"b":{"c":{}}})";
  EXPECT_FALSE(canonical(text).starts_with("error"));
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_TRUE(canonical(text.substr(0, length)).starts_with("error: ")) << length;
  }
}

TEST(JsonTree, PrettyFormIndentsByTwoAndKeepsOrder) {
  base::Arena arena;
  const JsonMember members[] = {{"b", JsonNode::number(1)}, {"a", JsonNode::array({})}};
  const JsonNode node = with_member(arena, make_object(arena, members), "c", JsonNode::real(2));
  EXPECT_EQ(pretty_json(node), "{\n  \"b\": 1,\n  \"a\": [],\n  \"c\": 2.0\n}\n");
  std::string sorted;
  append_canonical(sorted, with_member(arena, node, "b", {}));
  EXPECT_EQ(sorted, R"({"a":[],"b":null,"c":2.0})");
}

}  // namespace
}  // namespace sentinel::disclosure
