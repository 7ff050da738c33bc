#include "config/toml.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sentinel::config::toml {
namespace {

std::string show(const Value& value) {
  if (const std::string* text = value.as<std::string>()) return "'" + *text + "'";
  if (const std::int64_t* whole = value.as<std::int64_t>()) return std::to_string(*whole);
  if (const double* real = value.as<double>()) return std::isnan(*real) ? "nan" : "~" + std::to_string(*real);
  if (const bool* truth = value.as<bool>()) return *truth ? "yes" : "no";
  if (const DateTime* date = value.as<DateTime>()) return "@" + date->text;
  std::string text;
  if (const Array* items = value.as<Array>()) {
    for (const Value& item : *items) text += (text.empty() ? "" : " ") + show(item);
    return "[" + text + "]";
  }
  for (const auto& [key, item] : *value.as<Table>()) text += (text.empty() ? "" : " ") + key + "=" + show(item);
  return "{" + text + "}";
}

// The tree, or "line L, column C: what".
std::string read(std::string_view text) {
  const base::Result<Value> value = parse(text);
  return value ? show(*value) : value.error().text();
}

TEST(Toml, ReadsEveryKindOfValue) {
  EXPECT_EQ(read("a = 1\nb = -0x10"), "line 2, column 5: malformed number");
  EXPECT_EQ(read("a = +1_000\nb = 0x1F\nc = 0o17\nd = 0b101"), "{a=1000 b=31 c=15 d=5}");
  EXPECT_EQ(read("a = 1.5\nb = -2e3\nc = 6.0e-1\nd = nan\ne = -inf"),
            "{a=~1.500000 b=~-2000.000000 c=~0.600000 d=nan e=~-inf}");
  EXPECT_EQ(read("a = true\nb = false"), "{a=yes b=no}");
  EXPECT_EQ(read("a = 'C:\\x'\nb = \"q\\\"\\u00e9\""), "{a='C:\\x' b='q\"\u00e9'}");
  EXPECT_EQ(read("a = [1, [2, 'x'], ] # c"), "{a=[1 [2 'x']]}");
  EXPECT_EQ(read("a = 2026-01-01T00:00:00Z\nb = 2026-01-01 00:00:00.5+01:00\nc = 12:00:00"),
            "{a=@2026-01-01T00:00:00Z b=@2026-01-01 00:00:00.5+01:00 c=@12:00:00}");
}

TEST(Toml, ReadsMultiLineStrings) {
  EXPECT_EQ(read("a = \"\"\"\nx\r\ny\"\"\""), "{a='x\ny'}");
  EXPECT_EQ(read("a = \"\"\"x\\\n   y\"\"\""), "{a='xy'}");
  EXPECT_EQ(read("a = \"\"\"\"q\"\"\"\"\""), "{a='\"q\"\"'}");
  EXPECT_EQ(read("a = '''\nx\\'y'''"), "{a='x\\'y'}");
}

TEST(Toml, BuildsTables) {
  EXPECT_EQ(read("[a]\nx = 1\n[a.b]\ny = 2\n[[c]]\nz = 3\n[[c]]\n[c.d]\nw = 4"), "{a={b={y=2} x=1} c=[{z=3} {d={w=4}}]}");
  EXPECT_EQ(read("a.b.c = 1\na.\"x y\" = 2"), "{a={b={c=1} x y=2}}");
  EXPECT_EQ(read("a = { b.c = 1, d = {} }"), "{a={b={c=1} d={}}}");
}

TEST(Toml, TakesTheNamedPartsOfVersion11) {
  EXPECT_EQ(read("a = { b = 1, # c\n c = 2,\n}"), "{a={b=1 c=2}}");
  EXPECT_EQ(read("a = \"\\e\\x41\""),
            "{a='\x1B"
            "A'}");
  EXPECT_EQ(read("a = 07:32\nb = 2026-01-01T07:32Z"), "{a=@07:32 b=@2026-01-01T07:32Z}");
}

TEST(Toml, SkipsAByteOrderMarkAtTheStartOnly) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a = 1"),
            "{a=1}");
  EXPECT_EQ(read("a = 1\n\xEF\xBB\xBF"
                 "b = 1"),
            "line 2, column 1: expected a key");
}

TEST(Toml, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(read("a"), "line 1, column 2: expected '=' after the key");
  EXPECT_EQ(read("a ="), "line 1, column 4: expected a value (texts need quotes)");
  EXPECT_EQ(read("a = b"), "line 1, column 5: expected a value (texts need quotes)");
  EXPECT_EQ(read("a = 1 b = 2"), "line 1, column 7: expected the end of the line");
  EXPECT_EQ(read("[a\n"), "line 1, column 3: expected ']'");
  EXPECT_EQ(read("[[a]\n"), "line 1, column 4: expected ']]'");
  EXPECT_EQ(read("a = 1\na = 2"), "line 2, column 1: 'a' is set twice");
  EXPECT_EQ(read("[a]\n[a]"), "line 2, column 1: table 'a' is defined twice");
  EXPECT_EQ(read("a = 1\n[a.b]"), "line 2, column 2: 'a' is already set and cannot be a table");
  EXPECT_EQ(read("[a]\n[[a]]"), "line 2, column 1: 'a' is already set");
  EXPECT_EQ(read("a = {}\na.b = 1"), "line 2, column 1: 'a' is already set and cannot be extended");
  EXPECT_EQ(read("a = 07"), "line 1, column 5: a number may not start with 0");
  EXPECT_EQ(read("a = 1__0"), "line 1, column 5: malformed number");
  EXPECT_EQ(read("a = 9223372036854775808"), "line 1, column 5: whole number beyond 64 bits");
  EXPECT_EQ(read("a = 2026-02-29"), "line 1, column 5: malformed date or time");
  EXPECT_EQ(read("a = \"x"), "line 1, column 7: the string has no end");
  EXPECT_EQ(read("a = \"x\n\""), "line 1, column 7: a line end inside a one-line string");
  EXPECT_EQ(read("a = \"\\q\""), "line 1, column 7: unknown escape after the backslash (write \\\\, or use '…')");
  EXPECT_EQ(read("a = \"\\ud800\""), "line 1, column 12: the escape names no character");
  EXPECT_EQ(read("a = \"\\xZ0\""), "line 1, column 8: expected a hexadecimal digit in the escape");
  EXPECT_EQ(read("a = \"\x01\""), "line 1, column 6: control character in a string");
  EXPECT_EQ(read("a = 1 # \x01"), "line 1, column 9: control character in a comment");
  EXPECT_EQ(read("a = 1\rb = 2"), "line 1, column 6: expected the end of the line");
  EXPECT_EQ(read("a = [1 2]"), "line 1, column 8: expected ',' or ']' in the array");
  EXPECT_EQ(read("a = {b = 1 c = 2}"), "line 1, column 12: expected ',' or '}' in the inline table");
}

std::string repeated(std::string_view part, unsigned times) {
  std::string text;
  for (unsigned i = 0; i < times; ++i) text += part;
  return text;
}

TEST(Toml, NestsEightyLevelsAndNoMore) {
  const auto brackets = [](unsigned n) { return "a = " + repeated("[", n) + repeated("]", n); };
  const auto braces = [](unsigned n) { return "a = " + repeated("{a=", n) + "1" + repeated("}", n); };
  const auto dotted = [](unsigned n) { return repeated("a.", n - 1) + "a = 1"; };
  const auto header = [](unsigned n) { return "[" + repeated("a.", n - 1) + "a]"; };
  EXPECT_TRUE(parse(brackets(kMaxNesting)));
  EXPECT_TRUE(parse(braces(kMaxNesting)));
  EXPECT_TRUE(parse(dotted(kMaxNesting)));
  EXPECT_TRUE(parse(header(kMaxNesting)));
  EXPECT_EQ(read(brackets(kMaxNesting + 1)), "line 1, column 85: brackets nested deeper than 80 levels");
  EXPECT_EQ(read(braces(kMaxNesting + 1)), "line 1, column 245: brackets nested deeper than 80 levels");
  EXPECT_EQ(read(dotted(kMaxNesting + 1)), "line 1, column 162: keys nested deeper than 80 levels");
  EXPECT_EQ(read(header(kMaxNesting + 1)), "line 1, column 163: keys nested deeper than 80 levels");
}

TEST(Toml, KnowsWhereValuesBegin) {
  const Value root = parse("\n[a]\n  b = [1,\n 2]").value();
  EXPECT_EQ(root.find("a")->where().line, 2U);
  EXPECT_EQ(root.find("a")->find("b")->where().line, 3U);
  EXPECT_EQ(root.find("a")->find("b")->where().column, 3U);
  EXPECT_EQ((*root.find("a")->find("b")->as<Array>())[1].where().line, 4U);
}

TEST(Toml, EveryPrefixOfADocumentIsReadOrRefused) {
  constexpr std::string_view kDocument =
      "# c\r\n[a.\"b c\"]\nx = \"\\u00e9\\\\\" # y\ny = \"\"\"\nq\\\n z\"\"\"\n[[t]]\nk.l = {m = [1, 0x2, -3.5e-1], n = "
      "'o'}\nd = 2026-01-01 "
      "07:32:00.25-07:00\n";
  for (std::size_t length = 0; length <= kDocument.size(); ++length) {
    const std::string exact(kDocument.substr(0, length));  // its own allocation, so that a sanitizer sees reads past the end
    const base::Result<Value> value = parse(exact);
    if (!value) {
      EXPECT_NE(value.error().where, "") << length;
    }
  }
  EXPECT_TRUE(parse(kDocument));
}

}  // namespace
}  // namespace sentinel::config::toml
