// The configuration files as one merged tree that still knows which document each value came from (chapter 06 §2.1).
//
// Fragments of ".perf-sentinel.d" in the order of their numbers, then the main file; tables are merged, anything else is
// replaced. Owns everything; one thread while it is built.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/toml.h"

namespace sentinel::config {

// Segments of a key, e.g. {"green", "service_regions", "cart"}.
using KeyPath = std::vector<std::string>;
[[nodiscard]] KeyPath key_path(std::string_view dotted);
[[nodiscard]] std::string path_text(const KeyPath& path);

// The file to blame for something: its label as messages name it, and a line (0: none in particular).
struct Place {
  std::string label = "merged configuration";
  unsigned line = 0;
};

class Documents {
 public:
  // Finds and reads main file and fragments. `path` unset: the implicit main file, which may be absent. All errors found.
  [[nodiscard]] std::vector<base::Error> read(const std::optional<std::string>& path);

  // Parses one document and merges it over what is there. The error is ready to be shown.
  [[nodiscard]] base::Status add(std::string_view text, std::string label);

  [[nodiscard]] const toml::Value& merged() const { return merged_; }
  [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }
  [[nodiscard]] const toml::Value* find(const KeyPath& path) const;

  // The document that set the value at `path`; for a table, the only one that set anything in it.
  [[nodiscard]] Place blame(const KeyPath& path) const;

  // Of a rule over several keys: the only document that set any of them; when none did, the only one that set anything in the
  // section of the first.
  [[nodiscard]] Place blame_any(const std::vector<KeyPath>& paths) const;

 private:
  std::vector<std::string> labels_;
  toml::Value merged_{toml::Table(), {}};
};

}  // namespace sentinel::config
