// What is wrong (problems) and what is merely unwise (advice) in a configuration, in the order it was found. One thread.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/documents.h"
#include "config/load.h"

namespace sentinel::config {

struct Problem {
  std::string text;
  std::vector<KeyPath> keys;   // what to blame for it
  bool wrong_type = false;     // found while reading; the rules are then not checked
  std::optional<Place> place;  // where it is, when that is known better than by keys
};

class Problems {
 public:
  // The value at `path` is of the wrong type or shape. The text names the path.
  void wrong_type(const KeyPath& path, std::string_view text) {
    found_.push_back({path_text(path) + ": " + std::string(text), {path}, true, {}});
  }

  // The same for what stands inside a list.
  void wrong_at(Place place, std::string text) { found_.push_back({std::move(text), {}, true, std::move(place)}); }

  // A rule is broken; `keys` are dotted paths of keys that take part.
  void broken_rule(std::string text, std::initializer_list<std::string_view> keys) {
    Problem problem{std::move(text), {}, false, {}};
    for (const std::string_view key : keys) problem.keys.push_back(key_path(key));
    found_.push_back(std::move(problem));
  }
  void broken_rule(std::string text, KeyPath key) { found_.push_back({std::move(text), {std::move(key)}, false, {}}); }

  void advise(std::string message) { advice_.push_back({std::move(message), true}); }

  [[nodiscard]] const std::vector<Problem>& found() const { return found_; }
  [[nodiscard]] std::vector<Advisory>& advice() { return advice_; }

 private:
  std::vector<Problem> found_;
  std::vector<Advisory> advice_;
};

}  // namespace sentinel::config
