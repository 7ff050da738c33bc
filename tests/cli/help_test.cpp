#include "cli/texts/help.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/command_line.h"
#include "cli/table/command_walk.h"

namespace sentinel::cli {
namespace {

std::string help(std::string_view line) {
  const Outcome asked(line);
  const bool is_long = asked.parsed.kind == Parsed::Kind::kLongHelp;
  return help_text(asked.parsed.arguments.path, is_long ? HelpLength::kLong : HelpLength::kShort);
}

TEST(Help, OfTheProgramListsWhatIsBuiltInTableOrder) {
  const std::string text = help("-h");
  std::size_t before = 0;
  for (const Command* command : kProgram.actions) {
    const std::size_t at = text.find("\n  " + std::string(command->name) + " ");
    if (!command->available) {
      EXPECT_EQ(at, std::string::npos) << command->name;
      continue;
    }
    ASSERT_NE(at, std::string::npos) << command->name;
    EXPECT_GT(at, before);
    before = at;
  }
  EXPECT_LT(before, text.find("\n  help "));
}

TEST(Help, SaysWhatTheSpecificationAsksFor) {
  const std::string program = help("--help");
  EXPECT_NE(program.find(".perf-sentinel.toml"), std::string::npos);
  EXPECT_NE(program.find(".perf-sentinel.d"), std::string::npos);
  const std::string analyze = help("analyze --help");
  EXPECT_NE(analyze.find("Correlations across traces"), std::string::npos);
  EXPECT_NE(analyze.find("daemon"), std::string::npos);
  const std::string watch = help("watch --help");
  EXPECT_NE(watch.find("ingest_queue_capacity"), std::string::npos);
  EXPECT_NE(watch.find("analysis_queue_capacity"), std::string::npos);
  const std::string inspect = help("inspect --help");
  EXPECT_NE(inspect.find("Report JSON"), std::string::npos);
  EXPECT_NE(inspect.find("/api/export/report"), std::string::npos);
}

TEST(Help, EndsWithExamplesWhereTheyBelong) {
  for (const char* name :
       {"analyze", "watch", "capture", "explain", "report", "diff", "tempo", "jaeger-query", "calibrate", "pg-stat",
        "mysql-stat", "query", "ack", "disclose", "verify-hash", "hash-bake", "completions", "man"}) {
    for (const char* flag : {" -h", " --help"}) {
      EXPECT_NE(help(std::string(name) + flag).find("\nExamples:\n  perf-sentinel "), std::string::npos) << name << flag;
    }
  }
  for (const char* line : {"demo -h", "bench -h", "inspect -h", "query status -h", "ack create -h"}) {
    EXPECT_EQ(help(line).find("Examples:"), std::string::npos) << line;
  }
}

TEST(Help, ShortFormIsAligned) {
  EXPECT_EQ(help("validate -h"),
            "Check the configuration.\n"
            "\n"
            "Usage: perf-sentinel validate [OPTIONS]\n"
            "\n"
            "Options:\n"
            "  -c, --config <PATH>  Configuration file [default: .perf-sentinel.toml, if there is one]\n"
            "      --explain        Print every key with its value and where it came from\n"
            "  -h, --help           Print help ('-h' the short form, '--help' the long one)\n"
            "\n"
            "Examples:\n"
            "  perf-sentinel validate --config deploy/perf-sentinel.toml\n"
            "  perf-sentinel validate --explain\n");
}

TEST(Help, LinesFitTheTerminal) {
  each_command({&kProgram}, [](const CommandPath& path) {
    for (const HelpLength length : {HelpLength::kShort, HelpLength::kLong}) {
      std::istringstream lines(help_text(path, length));
      for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), kHelpWidth + 20) << line;
    }
  });
}

TEST(UsageLine, NamesWhatIsRequired) {
  EXPECT_EQ(usage_line(Outcome("explain -h").parsed.arguments.path),
            "perf-sentinel explain [OPTIONS] --input <PATH> --trace-id <ID>");
  EXPECT_EQ(usage_line(Outcome("completions -h").parsed.arguments.path), "perf-sentinel completions <SHELL>");
  EXPECT_EQ(usage_line(Outcome("-h").parsed.arguments.path), "perf-sentinel <COMMAND>");
  EXPECT_EQ(usage_line(Outcome("capture -h").parsed.arguments.path),
            "perf-sentinel capture [OPTIONS] --output <PATH> [-- COMMAND...]");
}

TEST(Wrap, BreaksAtBlanksAndKeepsLongWords) {
  EXPECT_EQ(wrap("aa bb cc", 2, 7), "  aa bb\n  cc\n");
  EXPECT_EQ(wrap("aa bb cc", 2, 8), "  aa bb\n  cc\n");
  EXPECT_EQ(wrap("aa bb cc", 2, 10), "  aa bb cc\n");
  EXPECT_EQ(wrap("abcdefgh ij", 0, 4), "abcdefgh\nij\n");
  EXPECT_EQ(wrap("a\n\nb", 1, 80), " a\n\n b\n");
  EXPECT_EQ(wrap("", 4), "");
}

}  // namespace
}  // namespace sentinel::cli
