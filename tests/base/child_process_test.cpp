#include "base/child_process.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace sentinel::base {
namespace {

ChildResult shell(const std::string& script, const ChildOptions& options = {}) {
  auto result = run_child({"/bin/sh", "-c", script}, options);
  EXPECT_TRUE(result) << result.error().text();
  return *result;
}

TEST(ChildProcess, GivesBothStreamsAndTheExitStatus) {
  const ChildResult result = shell("echo out; echo err >&2; exit 7");
  EXPECT_EQ(result.exit, 7);
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
  EXPECT_FALSE(result.timed_out);
}

TEST(ChildProcess, PassesArgumentsAsTheyAre) {
  const auto result = run_child({"/bin/echo", "$(id)", "a  b", "; ls", "*"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, "$(id) a  b ; ls *\n");
}

TEST(ChildProcess, HasNoInput) { EXPECT_EQ(shell("cat; echo end").out, "end\n"); }

TEST(ChildProcess, DropsWhatIsPastTheBoundAndLetsTheProgramFinish) {
  const ChildResult result =
      shell("head -c 300000 /dev/zero | tr '\\0' x; exit 3", {.max_output = 1000, .timeout = std::chrono::minutes(1)});
  EXPECT_EQ(result.out, std::string(1000, 'x'));
  EXPECT_EQ(result.exit, 3);
}

TEST(ChildProcess, ASignalIsAnExitStatusToo) { EXPECT_EQ(shell("kill -9 $$").exit, 128 + 9); }

TEST(ChildProcess, IsKilledWhenTheTimeIsUp) {
  ChildOptions options;
  options.timeout = std::chrono::milliseconds(50);
  const auto result = run_child({"/bin/sleep", "60"}, options);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->timed_out);
  EXPECT_EQ(result->exit, 128 + 9);
}

TEST(ChildProcess, WhatCannotBeStartedIsAnError) {
  EXPECT_EQ(run_child({"/nonexistent/program"}).error().what, "No such file or directory");
}

TEST(FindInPath, TakesTheFirstFileOfThatNameExecutableOrNot) {
  std::string root = ::testing::TempDir() + "/path-XXXXXX";
  ASSERT_NE(::mkdtemp(root.data()), nullptr);
  for (const char* name : {"a", "b", "c"}) std::filesystem::create_directory(root + "/" + name);
  std::filesystem::create_directory(root + "/a/tool");
  std::ofstream(root + "/b/tool") << "x";
  std::ofstream(root + "/c/tool") << "x";
  const std::string path = root + "/none:" + root + "/a:" + root + "/b:" + root + "/c";
  EXPECT_EQ(find_in_path("tool", path.c_str()), root + "/b/tool");
  EXPECT_EQ(find_in_path("other", path.c_str()), std::nullopt);
  EXPECT_EQ(find_in_path("tool", ""), std::nullopt);
  EXPECT_EQ(find_in_path("tool", nullptr), std::nullopt);
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace sentinel::base
