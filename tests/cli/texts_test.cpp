// Completion scripts, manual pages and docs/cli.md.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "cli/table/command_walk.h"
#include "cli/texts/completions.h"
#include "cli/texts/manual.h"
#include "support/files.h"

namespace sentinel::cli {
namespace {

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[4096];
  for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  return pclose(pipe) == 0 ? out : "failed: " + out;
}

bool has_program(const std::string& name) { return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0; }

std::string write_script(std::string_view shell) {
  const std::string path = ::testing::TempDir() + "/perf-sentinel-completion." + std::string(shell);
  std::ofstream(path) << completion_script(kProgram, shell);
  return path;
}

// What bash would offer after the words, the last of which is being typed.
std::string bash_offers(const std::string& words, int index) {
  return output_of("bash -c 'source " + write_script("bash") + "; COMP_WORDS=(" + words +
                   "); COMP_CWORD=" + std::to_string(index) + "; _perf_sentinel; echo \"${COMPREPLY[*]}\"' 2>&1");
}

TEST(Completions, CoverEveryBuiltSubcommandAndFlagInEveryShell) {
  for (const char* shell : {"bash", "zsh", "fish", "powershell", "elvish"}) {
    const std::string script = completion_script(kProgram, shell);
    each_command({&kProgram}, [&](const CommandPath& path) {
      EXPECT_NE(script.find(path.back()->name), std::string::npos) << shell << ' ' << path.back()->name;
      each_flag(*path.back(), [&](const Flag& flag) {
        EXPECT_NE(script.find(flag.name), std::string::npos) << shell << ' ' << path.back()->name << ' ' << flag.name;
        each_word(flag.choices, [&](std::string_view w) { EXPECT_NE(script.find(w), std::string::npos) << shell << ' ' << w; });
      });
    });
  }
  EXPECT_EQ(completion_script(kProgram, "csh"), "");
}

TEST(Completions, AnswerInBash) {
  if (!has_program("bash")) GTEST_SKIP() << "bash is not installed";
  EXPECT_EQ(bash_offers("perf-sentinel an", 1), "analyze\n");
  EXPECT_EQ(bash_offers("perf-sentinel analyze --inp", 2), "--input --input-format\n");
  EXPECT_EQ(bash_offers("perf-sentinel explain --format \"\"", 3), "text json\n");
  EXPECT_EQ(bash_offers("perf-sentinel analyze --format = j", 4), "json junit\n");
  EXPECT_EQ(bash_offers("perf-sentinel analyze --threads \"\"", 3), "\n");
  EXPECT_EQ(bash_offers("perf-sentinel completions f", 2), "fish\n");
}

TEST(Completions, AnswerInFish) {
  if (!has_program("fish")) GTEST_SKIP() << "fish is not installed";
  const std::string script = write_script("fish");
  const auto offers = [&](const std::string& line) {
    return output_of("fish -c 'source " + script + "; complete -C \"" + line +
                     "\" | string replace -r \"\\t.*\" \"\"; true' 2>&1");
  };
  EXPECT_EQ(offers("perf-sentinel an"), "analyze\n");
  EXPECT_EQ(offers("perf-sentinel analyze --inp"), "--input\n--input-format\n");
  EXPECT_EQ(offers("perf-sentinel explain --format "), "json\ntext\n");
  EXPECT_EQ(offers("perf-sentinel completions f"), "fish\n");
}

TEST(Completions, AreSyntacticallyValid) {
  for (const char* shell : {"zsh", "fish"}) {
    if (!has_program(shell)) continue;
    EXPECT_EQ(output_of(std::string(shell) + " -n " + write_script(shell) + " 2>&1"), "") << shell;
  }
}

TEST(Manual, HasOnePageForTheProgramAndOneASubcommand) {
  const std::string pages = manual_pages(kProgram, "1.2.3");
  std::size_t expected = 1, found = 0;
  for (const Command* command : kProgram.actions) expected += command->available ? 1 : 0;
  for (std::size_t at = 0; (at = pages.find(".TH ", at)) != std::string::npos; ++at) ++found;
  EXPECT_EQ(found, expected);
  EXPECT_NE(pages.find(".TH \"PERF-SENTINEL-ANALYZE\" \"1\" \"\" \"perf-sentinel 1.2.3\""), std::string::npos);
}

TEST(Manual, StartsNoRequestByAccident) {
  std::istringstream lines(manual_pages(kProgram, "1.2.3"));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] != '.') continue;
    const std::string request = line.substr(0, line.find(' '));
    EXPECT_TRUE(request == ".TH" || request == ".SH" || request == ".TP" || request == ".PP" || request == ".B" ||
                request == ".nf" || request == ".fi")
        << line;
  }
}

TEST(Manual, IsAcceptedByMan) {
  if (!has_program("groff")) GTEST_SKIP() << "groff is not installed";
  const std::string path = ::testing::TempDir() + "/perf-sentinel.1";
  std::ofstream(path) << manual_pages(kProgram, "1.2.3");
  EXPECT_EQ(output_of("groff -man -Tutf8 -ww -z " + path + " 2>&1"), "");
}

// SENTINEL_UPDATE_DOCS=1 writes the page instead.
TEST(Reference, PageInDocsIsUpToDate) {
  const std::string path = in_repository("docs/cli.md");
  const std::string page = markdown_reference(kProgram);
  if (std::getenv("SENTINEL_UPDATE_DOCS") != nullptr) std::ofstream(path) << page;
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), page) << "run SENTINEL_UPDATE_DOCS=1 test_cli";
}

}  // namespace
}  // namespace sentinel::cli
