// The JSON reader: grammar, depth, skipping, ends and shortcuts. What values become is in json_values_test.cpp.
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/support/json_outcome.h"

namespace sentinel::base {
namespace {

using namespace std::string_literals;
using namespace test;

// -- grammar

constexpr Case kValid[] = {
    {"null", "ok null"},
    {" \t\r\n true \t\r\n ", "ok true"},
    {"false", "ok false"},
    {"0", "ok 0"},
    {"-0", "ok -0"},
    {"-1.5e+10", "ok -1.5e+10"},
    {"1E-5", "ok 1E-5"},
    {"0.0", "ok 0.0"},
    {"0e1", "ok 0e1"},
    {"\"\"", "ok ''"},
    {"[]", "ok []"},
    {"[ ]", "ok []"},
    {"{}", "ok {}"},
    {"{ }", "ok {}"},
    {"[1,2 , 3]", "ok [1,2,3,]"},
    {"{\"a\":1,\"b\" : [ ] , \"\":{}}", "ok {a:1,b:[],:{},}"},
    {"{\"a\":1,\"a\":2}", "ok {a:1,a:2,}"},
};

constexpr Case kInvalid[] = {
    {"tru", "end 3"},          {"trux", "syntax 0"},
    {"nul", "end 3"},          {"nulL", "syntax 0"},
    {"True", "syntax 0"},      {"[1,]", "syntax 3"},
    {"[,1]", "syntax 1"},      {"[1,,2]", "syntax 3"},
    {"[1 2]", "syntax 3"},     {"[1}", "syntax 2"},
    {"{\"a\":1]", "syntax 6"}, {"{\"a\"}", "syntax 4"},
    {"{\"a\":}", "syntax 5"},  {"{\"a\":1,}", "syntax 7"},
    {"{,}", "syntax 1"},       {"{a:1}", "syntax 1"},
    {"{'a':1}", "syntax 1"},   {"{1:1}", "syntax 1"},
    {"{\"a\" 1}", "syntax 5"}, {"{\"a\":1 \"b\":2}", "syntax 7"},
    {"01", "syntax 1"},        {"-", "end 1"},
    {"-x", "syntax 1"},        {"-01", "syntax 2"},
    {"1.", "end 2"},           {"1.x", "syntax 2"},
    {"1e", "end 2"},           {"1e+", "end 3"},
    {"1e+x", "syntax 3"},      {"1 2", "syntax 2"},
    {"[]]", "syntax 2"},       {"\xEF\xBB\xBF[]", "syntax 0"},
};

TEST(JsonReader, TakesWhatTheGrammarAllows) {
  for (const Case& c : kValid) {
    EXPECT_EQ(read(c.text), c.result) << c.text;
    EXPECT_EQ(skipped(c.text), "ok ") << c.text;
  }
}

TEST(JsonReader, RefusesTheRestAndSaysWhere) {
  for (const Case& c : kInvalid) {
    EXPECT_EQ(read(c.text), c.result) << c.text;
    EXPECT_EQ(skipped(c.text), c.result) << c.text;
  }
  for (const char* text : {".5", "+1", "NaN", "Infinity", "'a'", "/* */ 1", "\v1", "\f1",
                           "\xC2\xA0"
                           "1"})
    EXPECT_EQ(skipped(text), "syntax 0") << text;
  EXPECT_EQ(skipped(""), "end 0");
  EXPECT_EQ(skipped("  "), "end 2");
}

TEST(JsonReader, RefusesControlBytesInStringsReadOrSkipped) {
  for (unsigned c = 0; c < 0x20; ++c) {
    const std::string text = "\"ab" + std::string(1, static_cast<char>(c)) + "\"";
    EXPECT_EQ(string_in(text), "syntax 3") << c;
    EXPECT_EQ(skipped(text), "syntax 3") << c;
  }
  EXPECT_EQ(string_in("\"\x7F \""), "ok \x7F ");
}

TEST(JsonReader, TheFirstErrorSticks) {
  Arena scratch;
  JsonReader reader("[1,x,{\"a\":2}]", scratch);
  ASSERT_TRUE(reader.enter_array());
  std::uint64_t n = 0;
  ASSERT_TRUE(reader.read_u64(&n));
  ASSERT_TRUE(reader.next_item());
  EXPECT_FALSE(reader.read_u64(&n));
  EXPECT_EQ(reader.error().offset, 3U);
  std::string_view text;
  bool flag = false;
  double real = 0;
  std::int64_t i = 0;
  EXPECT_FALSE(reader.next_item());
  EXPECT_FALSE(reader.enter_object());
  EXPECT_FALSE(reader.enter_array());
  EXPECT_FALSE(reader.next_member());
  EXPECT_FALSE(reader.read_string(&text));
  EXPECT_FALSE(reader.read_bool(&flag));
  EXPECT_FALSE(reader.read_null());
  EXPECT_FALSE(reader.read_i64(&i));
  EXPECT_FALSE(reader.read_double(&real));
  EXPECT_FALSE(reader.read_raw(&text));
  reader.skip();
  reader.fail_at(0, JsonFault::kTooDeep, "later");
  EXPECT_EQ(reader.error().fault, JsonFault::kType);
  EXPECT_EQ(reader.error().offset, 3U);
}

// -- depth

std::string nested(std::size_t depth, bool objects) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += objects && i % 2 == 1 ? "{\"k\":" : "[";
  text += "1";
  for (std::size_t i = depth; i-- > 0;) text += objects && i % 2 == 1 ? "}" : "]";
  return text;
}

TEST(JsonReader, DepthIsLimitedReadingAndSkipping) {
  for (const bool objects : {false, true}) {
    EXPECT_EQ(skipped(nested(31, objects)), "ok ");
    EXPECT_EQ(skipped(nested(32, objects)), "ok ");
    EXPECT_EQ(skipped(nested(33, objects)).substr(0, 4), "deep");
    EXPECT_EQ(read(nested(32, objects)).substr(0, 2), "ok");
    EXPECT_EQ(read(nested(33, objects)).substr(0, 4), "deep");
  }
  EXPECT_EQ(skipped("[[[[" + nested(28, false) + "]]]]"), "ok ") << "brackets that closed count no more";
  std::string row = "[";
  for (int i = 0; i < 100; ++i) row += "[{}],";
  EXPECT_EQ(skipped(row + "[]]"), "ok ");
}

TEST(JsonReader, BracketsOpenAroundTheTextCount) {
  Arena scratch;
  JsonReader fits("[{}]", scratch, 32, 30);
  fits.skip();
  EXPECT_FALSE(fits.failed());
  JsonReader deep("[{}]", scratch, 32, 31);
  deep.skip();
  EXPECT_EQ(deep.error().fault, JsonFault::kTooDeep);
  EXPECT_EQ(deep.error().offset, 1U);
  const std::string deepest = nested(128, true);
  JsonReader wide(deepest, scratch, 128);
  wide.skip();
  EXPECT_FALSE(wide.failed()) << "the bits of skip() suffice for 128 containers";
}

// -- skipping

TEST(JsonReader, SkipEndsBehindTheValueWhateverItsShape) {
  constexpr std::string_view kValues[] = {"{}",
                                          "[]",
                                          "{\"a\":{}}",
                                          "[[],{},[{}],{\"x\":[]}]",
                                          "{\"a\":[1,{\"b\":null,\"c\":[true,\"]}\"]},-0.5],\"d\":\"\\\"}\"}",
                                          "\"a\\\"b\"",
                                          "-1.5e3",
                                          "null",
                                          "[ 1 , { \"a\" : [ ] } ]"};
  for (const std::string_view value : kValues) {
    const std::string text = "[" + std::string(value) + " , 42]";
    Arena scratch;
    JsonReader reader(text, scratch);
    ASSERT_TRUE(reader.enter_array());
    reader.skip();
    ASSERT_TRUE(reader.next_item()) << text;
    std::uint64_t n = 0;
    EXPECT_TRUE(reader.read_u64(&n)) << text;
    EXPECT_EQ(n, 42U);
    EXPECT_FALSE(reader.next_item());
    EXPECT_TRUE(reader.at_end() && !reader.failed());
  }
}

TEST(JsonReader, RawGivesTheTextOfAValueWithoutTheSpaceAround) {
  Arena scratch;
  JsonReader reader(" [  {\"a\": [1, \"\\u0041\"]}  , 3 ]", scratch);
  std::string_view raw;
  ASSERT_TRUE(reader.enter_array());
  ASSERT_TRUE(reader.read_raw(&raw));
  EXPECT_EQ(raw, "{\"a\": [1, \"\\u0041\"]}");
  ASSERT_TRUE(reader.next_item());
  ASSERT_TRUE(reader.read_raw(&raw));
  EXPECT_EQ(raw, "3");
  EXPECT_FALSE(reader.next_item());
  JsonReader broken("[1,]", scratch);
  EXPECT_FALSE(broken.read_raw(&raw));
}

// -- the end of the text

constexpr std::string_view kRich =
    R"( { "plain" : "text" , "a longer key with more than thirty-two bytes" : [ 1, -2.5e-3, 0, true, false, null, "" ],)"
    R"("escapes":"\"\\\/\b\u0041\ud83d\ude00 and more","e\u0301\n":{"x":[[],{}, {"y":"longer than thirty-two bytes again"}]} } )";

TEST(JsonReader, EveryTruncationIsAnUnexpectedEnd) {
  const std::size_t whole = kRich.rfind('}') + 1;
  ASSERT_EQ(read(kRich).substr(0, 2), "ok");
  for (std::size_t size = 0; size < whole; ++size) {
    const auto exact = std::make_unique<char[]>(size);
    std::copy_n(kRich.begin(), size, exact.get());
    const std::string_view cut(exact.get(), size);
    if (cut.find_first_not_of(' ') != std::string_view::npos) {
      EXPECT_EQ(read(cut), "end " + std::to_string(size)) << cut;
    }
    EXPECT_EQ(skipped(cut), "end " + std::to_string(size)) << cut;
  }
  for (std::size_t size = whole; size <= kRich.size(); ++size) EXPECT_EQ(skipped(kRich.substr(0, size)), "ok ");
}

TEST(JsonReader, AnEndWithinACharacterIsAnEndToo) {
  for (const char* before : {"", "\\n", "a long beginning that is no short string"}) {
    const std::string text = "\""s + before + "\xE2\x82";
    EXPECT_EQ(string_in(text), "end " + std::to_string(text.size())) << text;
    EXPECT_EQ(skipped(text), "end " + std::to_string(text.size())) << text;
  }
}

// -- looking ahead

TEST(JsonReader, ShortcutsLeaveThePositionAloneWhenTheyFail) {
  Arena scratch;
  JsonReader reader("{\"a\":7,\"b\":12}", scratch);
  PaddedText<16> literal;
  literal.assign("{\"a\":");
  EXPECT_FALSE(reader.enter_with(literal)) << "fewer than 16 bytes are there";
  EXPECT_FALSE(reader.take("{\"b"));
  EXPECT_EQ(reader.offset(), 0U);
  ASSERT_TRUE(reader.enter_object());
  std::int32_t digit = 0;
  EXPECT_TRUE(reader.take_digit(&digit));
  EXPECT_EQ(digit, 7);
  const std::size_t before = reader.offset();
  ASSERT_TRUE(reader.next_member());
  EXPECT_FALSE(reader.take_digit(&digit)) << "two digits";
  EXPECT_EQ(reader.rest(), "12}");
  reader.go_back(before);
  ASSERT_TRUE(reader.next_member());
  EXPECT_EQ(reader.key(), "b");
  reader.skip();
  EXPECT_FALSE(reader.next_member());
  EXPECT_TRUE(reader.at_end() && !reader.failed());
}

TEST(JsonReader, EnteringByALiteralCountsAsABracket) {
  Arena scratch;
  PaddedText<16> literal;
  literal.assign("{\"a\":");
  JsonReader full("{\"a\":[]}                ", scratch, 1, 1);
  EXPECT_FALSE(full.enter_with(literal));
  JsonReader one("{\"a\":[]}                ", scratch, 1, 0);
  EXPECT_TRUE(one.enter_with(literal));
  EXPECT_FALSE(one.enter_array());
  EXPECT_EQ(one.error().fault, JsonFault::kTooDeep);
}

TEST(JsonReader, PositionsCountLinesAndBytes) {
  const auto at = [](std::size_t offset) {
    const TextPosition p = position_of("ab\nc\n\nd", offset);
    return std::to_string(p.line) + ":" + std::to_string(p.column);
  };
  EXPECT_EQ(at(0), "1:1");
  EXPECT_EQ(at(2), "1:3");
  EXPECT_EQ(at(3), "2:1");
  EXPECT_EQ(at(5), "3:1");
  EXPECT_EQ(at(6), "4:1");
  EXPECT_EQ(at(7), "4:2");
  EXPECT_EQ(at(100), "4:2");
}

}  // namespace
}  // namespace sentinel::base
