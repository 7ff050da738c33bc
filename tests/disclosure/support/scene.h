// Archives in a directory of their own, and the recorded vectors of chapter 08.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "disclosure/period_report.h"
#include "support/json.h"

namespace sentinel::disclosure::test {

// The rows under one key of tests/data/08_disclosure_vectors.json.
[[nodiscard]] const nlohmann::json& vectors(const std::string& key);

// A directory that goes with the object.
class Directory {
 public:
  Directory();
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  // Writes a file and gives its path.
  std::string file(const std::string& name, std::string_view content) const;
  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string content(const std::string& name) const;

 private:
  std::string path_;
};

// The organisation of the vectors.
[[nodiscard]] OrgConfig acme();

// January 2026, internal.
[[nodiscard]] PeriodRequest january(std::vector<std::string> inputs);

// Lines joined by line ends.
[[nodiscard]] std::string lines(const std::vector<std::string>& texts);

// An archive line with a report of these members beside the required ones, without a chain.
[[nodiscard]] nlohmann::json report_with(const nlohmann::json& green = nlohmann::json::object(), std::uint64_t traces = 1);
[[nodiscard]] std::string window_line(std::string_view ts, const nlohmann::json& report);
// The same with prev, seq and the right hash; `prev` becomes the hash.
[[nodiscard]] std::string chained_line(std::string_view ts, const nlohmann::json& report, std::uint64_t seq, std::string& prev);

}  // namespace sentinel::disclosure::test
