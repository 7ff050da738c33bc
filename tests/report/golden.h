// Outputs that are compared whole: files of tests/data/report.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace sentinel::report::testing {

inline std::string golden(const std::string& name) {
  std::ifstream in(SENTINEL_TEST_DATA "/report/" + name, std::ios::binary);
  EXPECT_TRUE(in) << name << " is missing";
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace sentinel::report::testing
