// Outputs that are compared whole: files of tests/data/report.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "support/files.h"

namespace sentinel::report::testing {

inline std::string golden(const std::string& name) {
  std::ifstream in(test_data("report/" + name), std::ios::binary);
  EXPECT_TRUE(in) << name << " is missing";
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// SENTINEL_UPDATE_DOCS=1 writes the file instead: look at what changed before you keep it.
inline void expect_golden(const std::string& name, const std::string& actual) {
  if (std::getenv("SENTINEL_UPDATE_DOCS") != nullptr) {
    std::ofstream(test_data("report/" + name), std::ios::binary) << actual;
  }
  EXPECT_EQ(actual, golden(name));
}

}  // namespace sentinel::report::testing
