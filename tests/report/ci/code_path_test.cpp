#include "report/ci/code_path.h"

#include <gtest/gtest.h>

#include "report/sample_report.h"

namespace sentinel::report {
namespace {

std::string place(std::string_view file, std::optional<std::uint32_t> line = {}) {
  model::Finding f = testing::finding();
  f.code_location = {{}, file, {}, line};
  const FileLine found = file_line(f, "fallback");
  return found.path + ":" + std::to_string(found.line);
}

std::string uri(std::string_view path) {
  std::string out;
  append_uri(out, path);
  return out;
}

TEST(CodePath, PassesOnWhatStaysInTheCheckout) {
  for (const char* path : {"a.py", "src/main/java/Cart.java", "./a.py", "...", "a..b/c.py", "a\\b.py", "%20a.py", "%2f/a.py",
                           "%E0%81/a.py", "a b.py", "\xC3\xA9.py",
                           "a\xC2\xA0"
                           "b.py",
                           "", " ", ".", "a/", "~/a.py", "a?b#c"}) {
    EXPECT_TRUE(is_acceptable_path(path)) << path;
  }
}

TEST(CodePath, KeepsBackWhatCouldLeadAwayOrHide) {
  for (const char* path : {"../a.py",
                           "a/../b.py",
                           "a/..",
                           "..",
                           "/abs/a.py",
                           "\\abs\\a.py",
                           "C:\\a.cs",
                           "C:/a.cs",
                           "file:a.py",
                           "http://x/a.py",
                           "a\\..\\b.py",
                           "%2e%2e/a",
                           "%2E%2e/a",
                           "%2e%2E/a",
                           ".%2e/a",
                           ".%2E/a",
                           "%2e./a",
                           "%2E./a",
                           "%25/a",
                           "a%252e.py",
                           "%c0%ae/a",
                           "%C0/a",
                           "%c1/a",
                           "%C1/a",
                           "%e0%80/a",
                           "%E0%80/a",
                           "a\tb.py",
                           "a\nb.py",
                           "a\x7f"
                           "b.py",
                           "a\xC2\x85"
                           "b.py",
                           "a\xE2\x80\x8B"
                           "b.py",
                           "a\xE2\x80\xAE"
                           "b.py",
                           "a\xEF\xBB\xBF"
                           "b.py",
                           "a\xC2\xAD"
                           "b.py"}) {
    EXPECT_FALSE(is_acceptable_path(path)) << path;
  }
}

TEST(CodePath, GivesAPlaceForEveryFinding) {
  EXPECT_EQ(place("a/b.c", 7), "a/b.c:7");
  EXPECT_EQ(place("a/b.c", 0), "a/b.c:1");
  EXPECT_EQ(place("a/b.c"), "a/b.c:1");
  EXPECT_EQ(place("././a\\b.c", 4'294'967'295), "a/b.c:4294967295");
  for (const char* path : {"", " ", ".", "./", "a/", "..", ".//etc/passwd"}) EXPECT_EQ(place(path, 7), "fallback:1") << path;
  EXPECT_EQ(place({}, 7), "fallback:1");
}

TEST(CodePath, WritesUriReferences) {
  EXPECT_EQ(uri("a-b._~/(c)@d,e;f=g+h*i!j$k&l'"), "a-b._~/(c)@d,e;f=g+h*i!j$k&l'");
  EXPECT_EQ(uri("a b\"<>%?#[]"), "a%20b%22%3C%3E%25%3F%23%5B%5D");
  EXPECT_EQ(uri("\xC3\xA9"), "%C3%A9");
}

}  // namespace
}  // namespace sentinel::report
