#include "config/explain.h"

#include <gtest/gtest.h>

#include <sstream>

#include "support.h"
#include "support/files.h"

namespace sentinel::config {
namespace {

bool has_line(const std::string& text, const std::string& wanted) {
  return ("\n" + text).find("\n" + wanted + "\n") != std::string::npos;
}

TEST(Explain, ShowsValuesWithTheirOrigins) {
  const Loaded loaded = load_text("[thresholds]\nio_waste_ratio_max = 1\n", "t.toml", options_with({})).value();
  const std::string text = explain_text(loaded);
  EXPECT_TRUE(has_line(text, "  io_waste_ratio_max = 1.0              # t.toml:2")) << text;
  EXPECT_TRUE(has_line(text, "  min_usable_span_ratio = unset         # default")) << text;
}

TEST(Explain, NeverShowsSecrets) {
  const Loaded loaded = load_text("[green.kepler]\nendpoint = \"http://h\"\nauth_header = \"A: hush-hush\"\n", "t.toml",
                                  options_with({{"PERF_SENTINEL_ACK_API_KEY", "hush-hush-hush-hush"}}))
                            .value();
  const std::string text = explain_text(loaded);
  EXPECT_EQ(text.find("hush"), std::string::npos);
  EXPECT_NE(text.find("  api_key = (set)"), std::string::npos);
  EXPECT_NE(text.find("# PERF_SENTINEL_ACK_API_KEY"), std::string::npos);
  EXPECT_NE(text.find("  auth_header = (set)"), std::string::npos);
}

TEST(Explain, NamesTheComponentsThatWouldStart) {
  const std::string plain = explain_text(load_text("", "t", options_with({})).value());
  EXPECT_TRUE(has_line(plain, "  OTLP gRPC receiver        127.0.0.1:4317 (clear text)")) << plain;
  EXPECT_EQ(plain.find("  kepler scraper"), std::string::npos);
  EXPECT_EQ(plain.find("  operators' listener"), std::string::npos);
  const std::string rich = explain_text(
      load_text("daemon.listen_address = \"::1\"\ntelemetry.enabled = true\n[green.kepler]\nendpoint = \"http://h\"\n", "t",
                options_with({}))
          .value());
  EXPECT_TRUE(has_line(rich, "  OTLP HTTP receiver        [::1]:4318 (clear text)")) << rich;
  EXPECT_TRUE(has_line(rich, "  operators' listener       localhost:8888 (clear text)")) << rich;
  EXPECT_TRUE(has_line(rich, "  kepler scraper            http://h")) << rich;
}

TEST(Explain, SaysInOneLineThatAllIsWell) {
  EXPECT_EQ(valid_text(load_text("zz = 1", "t", options_with({})).value()), "configuration is valid: 1 file, 1 warning\n");
  EXPECT_EQ(valid_text(Loaded{}), "configuration is valid: built-in defaults, 0 warnings\n");
}

TEST(Explain, ListsErrorsALineEach) {
  const base::Error errors[] = {{"a", "b", "c"}, {"d", "", ""}};
  EXPECT_EQ(errors_text(errors), "b: a (c)\nd\n");
  EXPECT_EQ(errors_text({}), "");
}

// docs/configuration.md holds markdown_table() between two marks. SENTINEL_UPDATE_DOCS=1 writes it there.
TEST(Explain, TheDocumentedTableIsUpToDate) {
  const std::string path = in_repository("docs/configuration.md");
  std::stringstream stream;
  stream << std::ifstream(path).rdbuf();
  std::string page = stream.str();
  const std::string begin = "<!-- keys: generated -->\n";
  const std::string end = "\n<!-- keys: end -->";
  const std::size_t from = page.find(begin);
  const std::size_t to = page.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos);
  if (std::getenv("SENTINEL_UPDATE_DOCS") != nullptr) {
    page.replace(from + begin.size(), to - from - begin.size(), markdown_table());
    std::ofstream(path) << page;
    return;
  }
  EXPECT_EQ(page.substr(from + begin.size(), to - from - begin.size()), markdown_table());
}

}  // namespace
}  // namespace sentinel::config
