#include "base/json_reader.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace sentinel::base {
namespace {

using namespace std::string_literals;

const char* name_of(JsonFault fault) {
  switch (fault) {
    case JsonFault::kNone:
      return "ok";
    case JsonFault::kSyntax:
      return "syntax";
    case JsonFault::kUnexpectedEnd:
      return "end";
    case JsonFault::kTooDeep:
      return "deep";
    case JsonFault::kType:
      return "type";
  }
  return "?";
}

// What reading one value gives: "ok …" or the fault with its offset.
template <class Read>
std::string outcome(std::string_view text, Read read) {
  Arena scratch;
  JsonReader reader(text, scratch);
  const std::string value = read(reader);
  if (!reader.failed() && !reader.at_end()) reader.fail(JsonFault::kSyntax, "trailing bytes");
  if (!reader.failed()) return "ok " + value;
  return std::string(name_of(reader.error().fault)) + " " + std::to_string(reader.error().offset);
}

std::string skipped(std::string_view text) {
  return outcome(text, [](JsonReader& r) {
    r.skip();
    return std::string();
  });
}
std::string string_in(std::string_view text) {
  return outcome(text, [](JsonReader& r) {
    std::string_view value;
    r.read_string(&value);
    return std::string(value);
  });
}
std::string double_in(std::string_view text) {
  return outcome(text, [](JsonReader& r) {
    double value = -1;
    r.read_double(&value);
    char out[64];
    std::snprintf(out, sizeof out, "%g", value);
    return std::string(out);
  });
}

// Reads any value with the typed calls and writes it down without white space.
std::string written(JsonReader& r) {
  std::string_view text;
  bool flag = false;
  switch (r.peek()) {
    case '{': {
      std::string out = "{";
      for (bool more = r.enter_object(); more; more = r.next_member()) {
        out += std::string(r.key()) + ":";
        out += written(r) + ",";
      }
      return out + "}";
    }
    case '[': {
      std::string out = "[";
      for (bool more = r.enter_array(); more; more = r.next_item()) out += written(r) + ",";
      return out + "]";
    }
    case '"':
      return r.read_string(&text) ? "'" + std::string(text) + "'" : "";
    case 't':
    case 'f':
      return r.read_bool(&flag) ? (flag ? "true" : "false") : "";
    case 'n':
      return r.read_null() ? "null" : "";
    default:
      if (r.peek() != '-' && !is_digit(r.peek())) return r.skip(), "";
      return r.read_number(&text, &flag) ? std::string(text) : "";
  }
}
std::string read(std::string_view text) { return outcome(text, written); }

struct Case {
  std::string_view text;
  std::string_view result;
};

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

// -- types

TEST(JsonReader, AnotherTypeThanAskedForIsATypeFault) {
  constexpr std::string_view kValues[] = {"{}", "[]", "\"s\"", "1", "true", "null"};
  const auto typed = [](std::size_t kind, JsonReader& r) {
    std::string_view text;
    bool flag = false;
    std::uint64_t n = 0;
    switch (kind) {
      case 0:
        return r.enter_object(), std::string();
      case 1:
        return r.enter_array(), std::string();
      case 2:
        return r.read_string(&text), std::string();
      case 3:
        return r.read_u64(&n), std::string();
      default:
        return r.read_bool(&flag), std::string();
    }
  };
  for (std::size_t asked = 0; asked < 5; ++asked) {
    for (std::size_t given = 0; given < std::size(kValues); ++given) {
      const std::string got = outcome(kValues[given], [&](JsonReader& r) { return typed(asked, r); });
      EXPECT_EQ(got, given == asked ? "ok " : "type 0") << "asked " << asked << ", given " << kValues[given];
    }
  }
}

TEST(JsonReader, ReadNullLeavesOtherValuesAlone) {
  Arena scratch;
  JsonReader reader(" 7", scratch);
  EXPECT_FALSE(reader.read_null());
  EXPECT_FALSE(reader.failed());
  std::uint64_t n = 0;
  EXPECT_TRUE(reader.read_u64(&n));
  EXPECT_EQ(n, 7U);
}

// -- numbers

std::string unsigned_in(std::string_view text) {
  return outcome(text, [](JsonReader& r) {
    std::uint64_t value = 0;
    r.read_u64(&value);
    return std::to_string(value);
  });
}
std::string signed_in(std::string_view text) {
  return outcome(text, [](JsonReader& r) {
    std::int64_t value = 0;
    r.read_i64(&value);
    return std::to_string(value);
  });
}

TEST(JsonReader, UnsignedIntegersKeepTheirRange) {
  constexpr Case kCases[] = {{"0", "ok 0"},
                             {"9", "ok 9"},
                             {"999999999999999999", "ok 999999999999999999"},
                             {"9999999999999999999", "ok 9999999999999999999"},
                             {"18446744073709551615", "ok 18446744073709551615"},
                             {"18446744073709551616", "type 0"},
                             {"99999999999999999999", "type 0"},
                             {"-0", "type 0"},
                             {"-1", "type 0"},
                             {"1.0", "type 0"},
                             {"1e2", "type 0"},
                             {"1E2", "type 0"},
                             {"1.", "end 2"},
                             {"1.x", "syntax 2"},
                             {"01", "syntax 1"},
                             {"\"1\"", "type 0"}};
  for (const Case& c : kCases) {
    EXPECT_EQ(unsigned_in(c.text), c.result) << c.text;
    // The fast path needs a byte behind the number.
    EXPECT_EQ(unsigned_in(std::string(c.text) + " "), c.text == "1." ? "syntax 2" : c.result) << c.text;
  }
}

TEST(JsonReader, SignedIntegersKeepTheirRange) {
  constexpr Case kCases[] = {{"0", "ok 0"},
                             {"-0", "type 0"},
                             {"-1", "ok -1"},
                             {"9223372036854775807", "ok 9223372036854775807"},
                             {"9223372036854775808", "type 0"},
                             {"-9223372036854775808", "ok -9223372036854775808"},
                             {"-9223372036854775809", "type 0"},
                             {" 5.0", "type 1"},
                             {"1e2", "type 0"}};
  for (const Case& c : kCases) EXPECT_EQ(signed_in(c.text), c.result) << c.text;
}

TEST(JsonReader, DoublesBecomeZeroWhenTooSmallAndFailWhenTooLarge) {
  const std::string zeros(400, '0');
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"1.5", "ok 1.5"},
      {"-2e-3", "ok -0.002"},
      {"-0", "ok -0"},
      {"0e999", "ok 0"},
      {"0.0e-999", "ok 0"},
      {"1.7976931348623157e308", "ok 1.79769e+308"},
      {"1.8e308", "type 0"},
      {"-1e309", "type 0"},
      {"1e-400", "ok 0"},
      {"-1e-400", "ok -0"},
      {"5e-324", "ok 4.94066e-324"},
      {"0." + zeros + "1", "ok 0"},
      {"1" + zeros, "type 0"},
      {"1" + zeros.substr(80), "type 0"},            // 10^320 in fewer than 400 digits
      {"1" + zeros.substr(50) + "e-5", "type 0"},    // 10^345
      {"1" + zeros + "e-400", "ok 1"},               // 10^0
      {"0." + zeros.substr(70) + "1e+331", "ok 1"},  // 330 zeros
      {"0." + zeros.substr(70) + "1E5", "ok 0"},
  };
  for (const auto& [text, result] : cases) EXPECT_EQ(double_in(text), result) << text;
}

TEST(JsonReader, NumbersComeAsWritten) {
  for (const char* text : {"0", "-12", "123456789012345678901234567890"}) {
    Arena scratch;
    JsonReader reader(text, scratch);
    std::string_view number;
    bool integral = false;
    EXPECT_TRUE(reader.read_number(&number, &integral) && integral);
    EXPECT_EQ(number, text);
  }
  for (const char* text : {"1.0", "1e5", "1E5", "-0.5e-3"}) {
    Arena scratch;
    JsonReader reader(text, scratch);
    std::string_view number;
    bool integral = true;
    EXPECT_TRUE(reader.read_number(&number, &integral) && !integral);
    EXPECT_EQ(number, text);
  }
}

// -- strings

TEST(JsonReader, DecodesEscapes) {
  constexpr Case kCases[] = {{R"("\"\\\/\b\f\n\r\t")", "ok \"\\/\b\f\n\r\t"},
                             {R"("\u0041\u00e9\u20AC")", "ok Aé€"},
                             {R"("\ud83d\ude00!")", "ok 😀!"},
                             {R"("\uD800\uDC00\uDBFF\uDFFF")", "ok \xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
                             {R"("a\u007f\u0080\u07ff\u0800\uffff")", "ok a\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF"},
                             {R"("\a")", "syntax 1"},
                             {R"("\U0041")", "syntax 1"},
                             {R"("ab\u00g0")", "syntax 3"},
                             {R"("\u+123")", "syntax 1"},
                             {R"("\u 123")", "syntax 1"}};
  for (const Case& c : kCases) {
    EXPECT_EQ(string_in(c.text), c.result) << c.text;
    EXPECT_EQ(skipped(c.text), c.result.starts_with("ok") ? "ok " : c.result) << c.text;
  }
  EXPECT_EQ(string_in(R"("\u0000")"), "ok "s + '\0');
}

TEST(JsonReader, LoneSurrogatesFailWhereTheStringIsReadAndPassWhereItIsSkipped) {
  for (const char* text : {R"("\ud800")", R"("\udc00")", R"("\ud800\ud800")", R"("\ud800x")", R"("\ud800\n")",
                           R"("\udfff\ud800")", R"("\ud800\u0041")"}) {
    EXPECT_EQ(string_in(text).substr(0, 6), "syntax") << text;
    EXPECT_EQ(skipped(text), "ok ") << text;
    EXPECT_EQ(skipped("{"s + text + ":1}").substr(0, 6), "syntax") << "a key is read even when skipped: " << text;
    EXPECT_EQ(skipped("{\"k\":["s + text + "]}"), "ok ") << text;
  }
}

TEST(JsonReader, BadUtf8FailsWhereTheStringIsReadAndPassesWhereItIsSkipped) {
  for (const char* bytes : {"\x80", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x28\xA1", "\xC2"}) {
    for (const char* before : {"", "\\n", "a long beginning of the string that is not short"}) {
      const std::string text = "\""s + before + bytes + "\"";
      EXPECT_EQ(string_in(text), "syntax 1") << text;
      EXPECT_EQ(skipped(text), "ok ") << text;
      EXPECT_EQ(skipped("{" + text + ":1}"), "syntax 2") << text;
    }
  }
  EXPECT_EQ(string_in("\"é€😀\\té\""), "ok é€😀\té");
}

// What a string's content means, byte by byte: the decoded text, or "!" where the string is refused.
std::string plainly(const std::string& content) {
  std::string out;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const char c = content[i];
    if (c == '"') return out;
    if (static_cast<unsigned char>(c) < 0x20) return "!";
    if (c != '\\') {
      out += c;
    } else if (++i == content.size() || content[i] != 'n') {
      return "!";
    } else {
      out += '\n';
    }
  }
  return is_valid_utf8(out) ? out : "!";
}

// The fast path reads 32 bytes behind the quote where they are there, the slow path what is left: both for every length, every
// place of a special byte, every amount of text behind. Texts are allocated exactly, so that a sanitizer sees a byte too many.
TEST(JsonReader, ShortAndLongStringsAreReadAlikeWhateverStandsBehind) {
  const std::string specials[] = {"", "\"", "\\n", "\\", "\x1F", "\t", "é", "\xFF", "\x7F", " "};
  for (std::size_t size = 0; size <= 70; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      for (const std::string& special : specials) {
        if (special.size() + at > size) continue;
        std::string content(size, 'a');
        content.replace(at, special.size(), special);
        std::string wanted = plainly(content);
        const bool closes_early = special == "\"";
        const std::size_t end = closes_early ? at : size;
        for (const std::size_t behind : {std::size_t{0}, std::size_t{1}, std::size_t{31}, std::size_t{32}, std::size_t{80}}) {
          const std::string whole = "\"" + content + "\"" + std::string(behind, ' ');
          const auto exact = std::make_unique<char[]>(whole.size());
          std::copy(whole.begin(), whole.end(), exact.get());
          Arena scratch;
          JsonReader reader({exact.get(), whole.size()}, scratch);
          std::string_view value;
          const bool ok = reader.read_string(&value);
          // A backslash before the closing quote escapes it: the string does not end.
          if (special == "\\" && at + 1 == size) wanted = "!";
          ASSERT_EQ(ok, wanted != "!") << whole << " at " << at;
          if (!ok) continue;
          ASSERT_EQ(value, wanted);
          ASSERT_EQ(reader.offset(), end + 2);
        }
      }
    }
  }
}

TEST(JsonReader, AStringOpenedBeforehandIsReadTheSame) {
  for (const std::string content : {"", "abc", "a\\nb", "a text that is longer than thirty-two bytes are"}) {
    const std::string text = "\"" + content + "\",                                        1";
    Arena scratch;
    JsonReader reader(text, scratch);
    ASSERT_TRUE(reader.take("\""));
    std::string_view value;
    EXPECT_TRUE(reader.read_open_string(&value));
    EXPECT_EQ(value, plainly(content));
    EXPECT_EQ(reader.peek(), ',');
  }
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
