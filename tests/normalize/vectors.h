// Reads the vector files of tests/data for the normaliser tests.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "normalize/oracle.h"
#include "support/files.h"
#include "support/json.h"

namespace sentinel::normalize::testing {

struct Vector {
  std::string name;
  std::string method;  // HTTP only
  std::string input;
  oracle::Answer expected;
};

inline nlohmann::json load(const std::string& file) {
  std::ifstream in(test_data(file));
  return parsed_json<nlohmann::json>(in);
}

inline std::vector<Vector> vectors(const std::string& file) {
  std::vector<Vector> out;
  for (const nlohmann::json& row : load(file)) {
    out.push_back({row.value("group", ""),
                   row.value("method", ""),
                   row.at("input"),
                   {row.at("template"), row.at("params").get<std::vector<std::string>>()}});
  }
  return out;
}

// A text written as [[piece, repeat], …].
inline std::string repeated(const nlohmann::json& pieces) {
  std::string out;
  for (const nlohmann::json& piece : pieces) {
    for (std::size_t i = 0; i < piece.at(1).get<std::size_t>(); ++i) out += piece.at(0).get<std::string>();
  }
  return out;
}

inline std::vector<Vector> long_vectors(const std::string& file) {
  std::vector<Vector> out;
  for (const nlohmann::json& row : load(file)) {
    Vector v{row.at("name"), "", repeated(row.at("input")), {repeated(row.at("template")), {}}};
    for (const nlohmann::json& param : row.at("params")) {
      v.expected.params.insert(v.expected.params.end(), param.at("count").get<std::size_t>(), repeated(param.at("value")));
    }
    out.push_back(std::move(v));
  }
  return out;
}

}  // namespace sentinel::normalize::testing
