// Reads a file of recorded examples from tests/data. Fails the test program when it is missing.
#pragma once

#include <fstream>
#include <string>

#include "support/files.h"
#include "support/json.h"

inline nlohmann::json testing_vectors(const std::string& name) {
  std::ifstream file(sentinel::test_data(name));
  return sentinel::parsed_json<nlohmann::json>(file);
}
