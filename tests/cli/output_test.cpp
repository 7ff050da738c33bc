#include "cli/output.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace sentinel::cli {
namespace {

std::string content(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(WriteFile, CreatesAndTruncates) {
  const std::string path = ::testing::TempDir() + "/write_file_test.txt";
  ASSERT_TRUE(write_file(path, "a longer text").ok());
  ASSERT_TRUE(write_file(path, "short").ok());
  EXPECT_EQ(content(path), "short");
}

TEST(WriteFile, RefusesASymbolicLinkAndLeavesItsTarget) {
  const std::string target = ::testing::TempDir() + "/write_file_target.txt";
  const std::string link = ::testing::TempDir() + "/write_file_link.txt";
  ASSERT_TRUE(write_file(target, "kept").ok());
  (void)::unlink(link.c_str());
  ASSERT_EQ(::symlink(target.c_str(), link.c_str()), 0);
  const base::Status status = write_file(link, "lost");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().text(), "cannot write " + link + ": it is a symbolic link (name the file that it leads to)");
  EXPECT_EQ(content(target), "kept");
}

TEST(WriteFile, NamesWhatItCouldNotWrite) {
  EXPECT_FALSE(write_file(::testing::TempDir() + "/no/such/directory/x", "").ok());
  const base::Status full = write_file("/dev/full", "x");
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().text().find("cannot write /dev/full: "), 0u);
}

}  // namespace
}  // namespace sentinel::cli
