// Reads a file of recorded examples from tests/data. Fails the test program when it is missing.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

inline nlohmann::json testing_vectors(const std::string& name) {
  std::ifstream file(std::string(SENTINEL_TEST_DATA) + "/" + name);
  return nlohmann::json::parse(file);
}
