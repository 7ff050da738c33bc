// The JSON reader: types, numbers and strings.
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

}  // namespace
}  // namespace sentinel::base
